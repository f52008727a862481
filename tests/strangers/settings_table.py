"""The doors of what a city sets for itself: roles, calendars, standard texts, classes; and of sessions."""

from typing import Any
from uuid import UUID

from tests.strangers.door import LOGIN, Answer, Door
from tests.strangers.world import World

CALENDARS = (
    Door("calendar-new", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("calendar-new", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("calendars", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("calendar", kwargs=lambda w: {"code": "office_hours"}, nobody=LOGIN, stranger=403, neighbour=403, who="boss",
         right=(200, 404)),
    Door("calendar", "post", kwargs=lambda w: {"code": "office_hours"}, nobody=LOGIN, stranger=403, neighbour=403,
         who="boss", right=(400, 404)),
)  # fmt: skip

LADDERS = (
    *(Door(name, nobody=LOGIN, stranger=403, neighbour=403, who="boss") for name in ("ladders", "ladder-new")),
    Door("ladder-new", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("ladder", kwargs=lambda w: {"pk": 999_999}, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=404),
    Door("ladder", "post", kwargs=lambda w: {"pk": 999_999}, nobody=LOGIN, stranger=403, neighbour=403, who="boss",
         right=404),
    Door("ladder-end", "post", kwargs=lambda w: {"pk": 999_999}, nobody=LOGIN, stranger=403, neighbour=403, who="boss",
         right=(400, 404)),
)  # fmt: skip

TEXTS = (
    Door("steps-models", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("steps-model-choose", "post", kwargs=lambda w: {"code": "none"}, nobody=LOGIN, stranger=403, neighbour=403,
         who="boss", right=400),
    *(Door(name, nobody=LOGIN, stranger=403, neighbour=403, who="boss") for name in ("texts", "text-new")),
    Door("text-new", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("text", kwargs=lambda w: {"pk": 1}, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=404),
    Door("text", "post", kwargs=lambda w: {"pk": 1}, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=404),
    Door("text-retire", "post", kwargs=lambda w: {"pk": 1}, nobody=LOGIN, stranger=403, neighbour=403, who="boss",
         right=404),
)  # fmt: skip

NO_MODEL = {"code": "none"}
STEPS_MODELS = (
    Door("api-steps-models", stranger=403, neighbour=403, who="boss"),
    Door("api-steps-model", kwargs=lambda w: NO_MODEL, stranger=403, neighbour=403, who="boss", right=404),
    Door("api-steps-choose", "post", kwargs=lambda w: NO_MODEL, stranger=403, neighbour=403, who="boss", right=400),
)

A_CLASS = {"code": "E0407"}
CLASSES = (
    Door("classes", nobody=LOGIN, stranger=200, neighbour=200, why="what the city collects is no secret here"),
    Door("class", kwargs=lambda w: A_CLASS, nobody=LOGIN, stranger=200, neighbour=200, why="the same"),
    Door("class-version", kwargs=lambda w: {**A_CLASS, "version": 1}, nobody=LOGIN, stranger=200, neighbour=200,
         why="the same"),
    Door("class-grades", nobody=LOGIN, stranger=200, neighbour=200, why="the same"),
    Door("class-grades", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("classes-switch", "post", data=lambda w: {**A_CLASS, "enabled": "1"}, nobody=LOGIN, stranger=403,
         neighbour=403, who="boss", right=302),
    Door("class-new", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("class-new", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("class-edit", kwargs=lambda w: A_CLASS, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("class-edit", "post", kwargs=lambda w: A_CLASS, nobody=LOGIN, stranger=403, neighbour=403, who="boss",
         right=400),
    Door("class-retire", kwargs=lambda w: A_CLASS, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("class-retire", "post", kwargs=lambda w: A_CLASS, nobody=LOGIN, stranger=403, neighbour=403, who="boss",
         right=400),
    Door("class-withdraw", "post", kwargs=lambda w: {**A_CLASS, "version": 1}, nobody=LOGIN, stranger=403,
         neighbour=403, who="boss", right=302),
)  # fmt: skip


def api(name: str, method: str = "get", **given: Any) -> Door:
    """A door for administrators' programs."""
    return Door(name, method, **{"stranger": 403, "neighbour": 403, "who": "boss", **given})


def own(name: str, method: str = "get", **given: Any) -> Door:
    """A door to one's own sessions."""
    return Door(name, method, **{"stranger": 200, "neighbour": 200, "why": "one's own", **given})


ASKING = (
    *(Door(f"asking-{name}", method, kwargs=lambda w, given=given: given, nobody=LOGIN, stranger=403, neighbour=403,
           who="boss", right=right)
      for name, method, given, right in (
          ("rules", "get", {}, 200), ("rule", "get", {"kind": "hold"}, 200), ("rule", "post", {"kind": "hold"}, 400),
          ("end", "post", {"pk": 999_999}, (400, 404)),
      )),
    api("api-request-rules"),
    *(api(f"api-request-rule{name}", method, kwargs=lambda w, given=given: given, right=right)
      for name, method, given, right in (
          ("", "get", {"kind": "hold"}, 200), ("", "put", {"kind": "hold"}, 428),
          ("-end", "post", {"pk": 999_999}, 428),
      )),
)  # fmt: skip


def near(world: World) -> dict[str, Any]:
    return {"code": "near"}


def hours(world: World) -> dict[str, Any]:
    return {"code": "office_hours"}


def a_class(world: World) -> dict[str, Any]:
    return A_CLASS


def first(world: World) -> dict[str, Any]:
    return {**A_CLASS, "version": 1}


def desk(world: World) -> dict[str, Any]:
    return {"pk": world.people["desk"].pk}


def nothing(world: World) -> dict[str, Any]:
    return {"pk": 999_999}


def assigned(world: World) -> dict[str, Any]:
    return {"code": "case.assigned"}


def page(name: str, method: str = "get", **given: Any) -> Door:
    """A page of one's own inbox."""
    return own(name, method, **{"nobody": LOGIN, **given})


def an_upload(world: World) -> dict[str, Any]:
    return {"uid": world.upload}


def tus(name: str, method: str = "get", **given: Any) -> Door:
    """A door of uploads in pieces, where what one has not begun oneself is not there."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Offset": "0"}
    return Door(name, method, **{"headers": lambda world: headers, **given})


UPLOADS = (
    tus("api-uploads", stranger=200, neighbour=200, hides=lambda w: w.upload),
    tus("api-uploads", "post", stranger=415, neighbour=415, right=415),
    tus("api-upload", kwargs=an_upload),
    tus("api-upload", "patch", kwargs=an_upload, stranger=415, neighbour=415, right=415),
    tus("api-upload", "post", kwargs=an_upload, stranger=405, neighbour=405, right=405),
    tus("api-upload", "delete", kwargs=an_upload, right=204),
    tus("api-upload-preview", kwargs=an_upload, right=409),
)

QUIET = {"muted": [], "quiet_from": "22:00", "quiet_until": "07:00"}
MESSAGES = (
    Door("case-messages", kwargs=lambda w: {"number": w.case}, nobody=LOGIN),
    Door("api-case-messages", kwargs=lambda w: {"number": w.case}),
    page("inbox"),
    page("inbox-preferences"),
    page("inbox-preferences", "post", stranger=302, neighbour=302, right=302),
    page("inbox-read-all", "post", stranger=302, neighbour=302, right=302),
    *(page(name, "post", kwargs=nothing, stranger=404, neighbour=404, right=404)
      for name in ("message-open", "message-read")),
    own("api-inbox"),
    own("api-inbox-unread"),
    own("api-inbox-read-all", "post"),
    own("api-inbox-preferences"),
    own("api-inbox-preferences", "put", data=lambda w: QUIET),
    own("api-message-read", "post", kwargs=nothing, stranger=404, neighbour=404, right=404),
    Door("message-templates", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("message-template", kwargs=assigned, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("message-template", "post", kwargs=assigned, data=lambda w: {"act": "save"}, nobody=LOGIN, stranger=403,
         neighbour=403, who="boss", right=400),
    api("api-message-templates"),
    api("api-message-template", kwargs=assigned),
    api("api-message-template", "put", kwargs=assigned, right=428),
    api("api-message-template-reset", "post", kwargs=assigned, right=428),
    api("api-message-template-versions", kwargs=assigned),
)  # fmt: skip

NO_UID = {"uid": "00000000-0000-4000-8000-000000000000"}


def shut(name: str, method: str = "get", right: Answer = 200, **given: Any) -> Door:
    """A page for administrators of the whole city."""
    return Door(
        name, method, **{"nobody": LOGIN, "stranger": 403, "neighbour": 403, "who": "boss", "right": right, **given}
    )


SENDINGS = (
    page("inbox-address", "post", kwargs=lambda w: {"channel": "mail"}, stranger=302, neighbour=302, right=302),
    shut("endpoints"),
    shut("endpoint-new", kwargs=lambda w: {"channel": "webhook"}),
    shut("endpoint-new", "post", 400, kwargs=lambda w: {"channel": "webhook"}),
    shut("endpoint", kwargs=lambda w: NO_UID, right=404),
    shut("endpoint", "post", 404, kwargs=lambda w: NO_UID),
    shut("endpoint-act", "post", 404, kwargs=lambda w: NO_UID),
    shut("sendings"),
    shut("sending", kwargs=lambda w: NO_UID, right=404),
    shut("sending-act", "post", 404, kwargs=lambda w: NO_UID),
    api("api-endpoints"),
    api("api-endpoints", "post", right=400),
    api("api-endpoint", kwargs=lambda w: NO_UID, right=404),
    api("api-endpoint", "put", kwargs=lambda w: NO_UID, right=404),
    *(api(f"api-endpoint-{name}", "post", kwargs=lambda w: NO_UID, right=404)
      for name in ("switch", "secret", "ping", "replay")),
    api("api-sendings"),
    api("api-sending", kwargs=lambda w: NO_UID, right=404),
    *(api(f"api-sending-{name}", "post", kwargs=lambda w: NO_UID, right=404) for name in ("retry", "replay", "cancel")),
)  # fmt: skip

DUTY = {"duty": "appearance"}
GENERAL_RULES = (
    Door("responsibility-general", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    *(Door(f"responsibility-general-{name}", method, kwargs=lambda w, given=given: given, nobody=LOGIN, stranger=403,
           neighbour=403, who="boss", right=right)
      for name, method, given, right in (
          ("new", "get", {}, 200), ("new", "post", {}, 400), ("of", "get", DUTY, 200), ("of", "post", DUTY, 400),
          ("end", "get", {"pk": 1}, 404), ("end", "post", {"pk": 1}, 404),
      )),
    *(api(f"api-responsibility-general{name}", method, kwargs=lambda w, given=given: given, right=right)
      for name, method, given, right in (
          ("", "get", {}, 200), ("", "post", {}, 400), ("-of", "get", DUTY, 200), ("-of", "put", DUTY, 428),
          ("-end", "post", {"pk": 1}, 404),
      )),
)  # fmt: skip

DISPATCHING = (
    *(Door(f"dispatching{name}", method, kwargs=lambda w, given=given: given, nobody=LOGIN, stranger=403,
           neighbour=403, who="boss", right=right)
      for name, method, given, right in (
          ("", "get", {}, 200), ("", "post", {}, 400), ("-end", "get", {"pk": 1}, 404),
          ("-end", "post", {"pk": 1}, 404), ("-switch", "post", {}, 400),
          ("-waiting", "get", {}, 200), ("-waiting", "post", {}, 400),
          ("-replay", "get", {"uid": UUID(int=1)}, 404), ("-replay-progress", "get", {"uid": UUID(int=1)}, 404),
      )),
    *(api(f"api-dispatching-{name}", method, kwargs=lambda w, given=given: given, right=right)
      for name, method, given, right in (
          ("rules", "get", {}, 200), ("rules", "post", {}, 400), ("end", "post", {"pk": 1}, 400),
          ("switch", "get", {}, 200), ("switch", "post", {}, 400),
      )),
)  # fmt: skip

BULK_JOBS = (
    Door("cases-bulk-all", "post", nobody=LOGIN, stranger=400, neighbour=400, who="desk", why="of what one sees"),
    Door("cases-bulk-jobs", nobody=LOGIN, stranger=200, neighbour=200, who="desk", why="one's own"),
    *(Door(f"cases-bulk-job{name}", method, kwargs=lambda w: {"uid": UUID(int=1)}, nobody=LOGIN, who="desk", right=404)
      for name, method in (("", "get"), ("-progress", "get"), ("-confirm", "post"), ("-cancel", "post"))),
    Door("api-cases-bulk-jobs", stranger=200, neighbour=200, who="desk", why="one's own"),
    Door("api-cases-bulk-jobs", "post", stranger=400, neighbour=400, who="desk", right=400, why="of what one sees"),
    *(Door(f"api-cases-bulk-job{name}", method, kwargs=lambda w: {"uid": UUID(int=1)}, who="desk", right=404)
      for name, method in (("", "get"), ("-results", "get"), ("-confirm", "post"), ("-cancel", "post"))),
)  # fmt: skip

ENDS = (
    own("api-sessions"),
    own("api-session", "delete", kwargs=nothing, stranger=404, neighbour=404, right=404),
    own("api-sessions-end-others", "post"),
    api("api-signed-in"),
    api("api-person-sessions", "delete", kwargs=desk),
    api("api-person-lock", "delete", kwargs=desk, right=204),
    api("api-roles"),
    api("api-roles", "post", right=400),
    api("api-role", kwargs=near),
    api("api-role", "put", kwargs=near, right=428),
    api("api-role-reset", "post", kwargs=near, right=428),
    api("api-role-second-factor", "put", kwargs=near, right=400),
    api("api-calendars"),
    api("api-calendars", "post", right=400),
    api("api-calendar", kwargs=hours, right=(200, 404)),
    api("api-calendar", "put", kwargs=hours, right=(428, 404)),
    api("api-calendar-reset", "post", kwargs=hours, right=(428, 404)),
    api("api-texts"),
    api("api-texts", "post", right=400),
    api("api-text", kwargs=nothing, right=404),
    api("api-text", "put", kwargs=nothing, right=404),
    api("api-text", "delete", kwargs=nothing, right=404),
    *(Door(name, kwargs=given, stranger=200, neighbour=200, why="what the city collects is no secret here")
      for name, given in (("api-classes", lambda w: {}), ("api-class-presets", lambda w: {}), ("api-class", a_class),
                          ("api-class-grades", lambda w: {}), ("api-class-versions", a_class))),
    api("api-classes", "post", right=400),
    api("api-classes-switch", "post", right=400),
    api("api-class-grades", "put", right=428),
    api("api-class", "put", kwargs=a_class, right=428),
    api("api-class-retire", "post", kwargs=a_class, right=428),
    api("api-class-withdraw", "post", kwargs=first, data=lambda w: {"reason": "不再需要"}, right=409),
)  # fmt: skip


def a_control(world: World) -> dict[str, int]:
    return {"pk": world.control}


def of_controls(world: World) -> str:
    return "沉香路管控"


CONTROLS = (
    Door("control-areas", nobody=LOGIN, stranger=200, neighbour=200, hides=of_controls, why="a list of what one sees"),
    Door("control-area-new", nobody=LOGIN, stranger=403, neighbour=200, who="desk", why="whoever is on duty may ask"),
    Door("control-area-new", "post", nobody=LOGIN, stranger=403, neighbour=400, who="desk", right=400,
         why="on their own ground, which the form is asked for"),
    Door("control-area", kwargs=a_control, nobody=LOGIN),
    Door("control-area-act", "post", kwargs=lambda w: {**a_control(w), "verb": "approve"}, nobody=LOGIN, who="leader",
         right=400),
    Door("api-control-areas", stranger=200, neighbour=200, hides=of_controls, why="a list of what one sees"),
    Door("api-control-areas", "post", who="desk", stranger=400, neighbour=400, right=400, why="nothing was said"),
    Door("api-control-area", kwargs=a_control),
    Door("api-control-decision", "post", kwargs=a_control, data=lambda w: {"grant": True, "answer": " "}, who="leader",
         right=400),
    Door("api-control-withdrawal", "post", kwargs=a_control, who="leader", right=403),
    Door("api-control-end", "post", kwargs=a_control, data=lambda w: {"reason": "x"}, who="leader", right=409),
)  # fmt: skip
A_LADDER = tuple(
    api(f"api-ladder{name}", method, kwargs=given, right=right)
    for name, method, given, right in (
        ("s", "get", lambda w: {}, 200), ("s", "post", lambda w: {}, 400), ("", "get", nothing, 404),
        ("", "put", nothing, 404), ("-end", "post", nothing, 428),
    )
)  # fmt: skip
SETTINGS = (
    ASKING + CONTROLS
    + A_LADDER + CALENDARS + LADDERS + TEXTS + STEPS_MODELS + CLASSES + GENERAL_RULES + DISPATCHING + ENDS + MESSAGES
    + SENDINGS + UPLOADS
)  # fmt: skip
