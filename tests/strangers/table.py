"""The table of doors: for every URL and every method, what each of four people is answered.

`nobody` has not signed in; `stranger` may see everything in the next district; `neighbour` may see everything of
another department of the same district; `right` is somebody whose business it is (by user name).
A list answers 200 to all three, and must then not contain what is hidden.
"""

from typing import Any

from cases.rules import VERBS
from grid.selectors import map_version
from tests.strangers.alarms_table import ALARMS
from tests.strangers.components_table import COMPONENTS
from tests.strangers.devices_table import DEVICES
from tests.strangers.door import LOGIN, Answer, Door, upload
from tests.strangers.enforcement_table import DOSSIERS
from tests.strangers.hotline_table import HOTLINE
from tests.strangers.open_table import OPEN311
from tests.strangers.people_table import PEOPLE
from tests.strangers.registers_table import REGISTERS, SYSTEMS
from tests.strangers.scores_table import SCORES
from tests.strangers.settings_table import BULK_JOBS, SETTINGS
from tests.strangers.world import World

DRAWN = (200, 204)
TILE = {"z": 12, "x": 3375, "y": 1775}


def case(world: World) -> dict[str, Any]:
    return {"number": world.case}


def a_case(name: str, method: str = "get", **given: Any) -> Door:
    """A door behind which the case of the district lies."""
    return Door(name, method, **{"kwargs": case, **given})


def the_map(world: World) -> dict[str, int]:
    """The map in force, which nobody changes any more."""
    return {"version": map_version()}


def picture_of(world: World) -> dict[str, Any]:
    return {"number": world.case, "evidence": world.evidence}


def drawing_of(world: World) -> dict[str, Any]:
    return {**picture_of(world), "pk": 999_999}


def drawn(world: World) -> dict[str, Any]:
    return {"marks": [{"kind": "arrow", "x1": 0.1, "y1": 0.1, "x2": 0.5, "y2": 0.5}]}


def version(world: World) -> dict[str, str]:
    return {"If-Match": f'"{world.version}"'}


def own(name: str, method: str = "get", **given: Any) -> Door:
    """A page about oneself: everybody who has signed in has one."""
    return Door(name, method, **{"nobody": LOGIN, "stranger": 200, "neighbour": 200, **given})


def public(name: str, method: str = "get", answer: Answer = 200, **given: Any) -> Door:
    """Open to the world, and says why."""
    return Door(name, method, **{"nobody": answer, "stranger": answer, "neighbour": answer, "right": answer, **given})


def assigning(world: World) -> dict[str, Any]:
    return {"number": world.case, "verb": "assign"}


def request(world: World) -> dict[str, Any]:
    return {"number": world.case, "pk": 999_999}


def asked(world: World) -> dict[str, Any]:
    return {"kind": "return", "reason": "不属于本部门"}


def moved(world: World) -> dict[str, Any]:
    return {"kind": "total", "due_at": "2099-01-01T00:00:00+08:00", "reason": "停电"}


def pressed(world: World) -> dict[str, Any]:
    return {"kind": "leader", "requirement": "今日内办结", "due_at": "2099-01-01T10:00:00+08:00"}


def decided(world: World) -> dict[str, Any]:
    return {"approve": True}


def why(world: World) -> dict[str, Any]:
    return {"note": "回访"}


def why_look(world: World) -> dict[str, Any]:
    return {"ground": "callback", "note": "回访"}


def example(world: World) -> dict[str, Any]:
    return {"flag": "typical", "reason": "样板案件"}


def spot(world: World) -> dict[str, Any]:
    return {"lon": 116.7005, "lat": 23.3605}


STEP_NAMES = tuple(verb for verb in VERBS if verb != "report")
NOT_NOW = (400, 403, 409, 200)

PUBLIC = (
    public("healthz", why="load balancers ask it; it tells nothing"),
    public("readyz", answer=(200, 503), why="supervisors ask it; names of parts, no data"),
    public("metrics", answer=(200, 403), why="Prometheus asks it; numbers without names"),
    public("set_language", "post", answer=302, data=lambda w: {"language": "en"}, why="sign-in has two languages"),
    Door("account_login", nobody=200, stranger=302, neighbour=302, right=302, why="the way in"),
    public("account_signup", answer=(200, 302), why="says that nobody signs up"),
    public("account_inactive", why="says that an account is switched off"),
    public("account_reset_password", answer=(200, 302), why="who forgot a password has no session"),
    public("account_reset_password_done", why="the page after it"),
    public(
        "account_reset_password_from_key", kwargs=lambda w: {"uidb36": "1", "key": "nonsense"},
        why="the link in the mail; a wrong one says so",
    ),
    public("account_reset_password_from_key_done", why="the page after it"),
    public("account_email_verification_sent", answer=(200, 302), why="a page without data"),
    public("account_confirm_email", kwargs=lambda w: {"key": "nonsense"}, answer=(200, 302, 404), why="in a mail"),
    public("account_confirm_login_code", answer=302, why="only within a sign-in under way"),
    public("mfa_authenticate", answer=302, why="only within a sign-in under way"),
)  # fmt: skip

ACCOUNTS = (
    own("accounts_profile"),
    Door("api-me", stranger=200, neighbour=200),
    Door("api-keys", stranger=200, neighbour=200, why="one's own keys"),
    Door("api-keys", "post", data=lambda w: {"label": "QGIS"}, stranger=201, neighbour=201, right=201, why="one's own"),
    Door("api-key", "delete", kwargs=lambda w: {"pk": 999_999}, right=404, why="one's own keys"),
    Door("account_logout", nobody=302, stranger=200, neighbour=200),
    own("sessions"),
    own("keys"),
    own("keys", "post", data=lambda w: {"label": "QGIS", "days": 9}, stranger=201, neighbour=201, right=201),
    own("key-end", "post", kwargs=lambda w: {"pk": 999_999}, stranger=404, neighbour=404, right=404),
    own("session-end", "post", kwargs=lambda w: {"pk": 999_999}, stranger=404, neighbour=404, right=404),
    own("sessions-end-others", "post", stranger=302, neighbour=302, right=302),
    *(Door(name, nobody=LOGIN, stranger=403, neighbour=403, who="boss") for name in ("signed-in", "roles", "role-new")),
    Door("role", kwargs=lambda w: {"code": "near"}, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door(
        "role",
        "post",
        kwargs=lambda w: {"code": "near"},
        data=lambda w: {"act": "save", "permissions": "admin"},
        nobody=LOGIN,
        stranger=403,
        neighbour=403,
        who="boss",
        right=400,
    ),
    Door("role-new", "post", data=lambda w: {}, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    *(
        Door(
            name,
            "post",
            kwargs=lambda w: {"user_id": w.people["desk"].pk},
            nobody=LOGIN,
            stranger=403,
            neighbour=403,
            who="boss",
            right=302,
        )
        for name in ("person-sign-out", "person-unlock")
    ),
    own("account_reauthenticate"),
    own("account_email"),
    own("account_change_password"),
    own("account_set_password", stranger=302, neighbour=302, right=302),
    own("mfa_index"),
    own("mfa_reauthenticate", stranger=302, neighbour=302, right=302),
    own("mfa_activate_totp", stranger=(200, 302), neighbour=(200, 302), right=(200, 302)),
    own("mfa_deactivate_totp", stranger=(302, 404), neighbour=(302, 404), right=(302, 404)),
    own("mfa_view_recovery_codes", stranger=(302, 404), neighbour=(302, 404), right=(302, 404)),
    own("mfa_generate_recovery_codes", stranger=(302, 404), neighbour=(302, 404), right=(302, 404)),
    own("mfa_download_recovery_codes", stranger=(302, 404), neighbour=(302, 404), right=(302, 404)),
)

SHARED = (
    Door("schema", stranger=200, neighbour=200, why="the description of the API"),
    Door("api-docs", stranger=200, neighbour=200, why="the description of the API"),
    Door("map", stranger=200, neighbour=200, why="the map is for everybody who works here"),
    Door("place", query="?lon=116.7005&lat=23.3605", stranger=200, neighbour=200, why="the map"),
    Door("address", query="?lon=116.7005&lat=23.3605", stranger=200, neighbour=200, why="the map"),
    Door("search", query="?q=1", stranger=200, neighbour=200, why="the map; components by ground"),
    Door("regions", stranger=200, neighbour=200, why="the map"),
    *(Door(f"tiles-{layer}", kwargs=lambda w: TILE, stranger=DRAWN, neighbour=DRAWN, right=DRAWN, why="the map")
      for layer in ("regions", "cells", "base", "assets")),
    Door("assets", query="?lon=116.7&lat=23.36&metres=100", stranger=200, neighbour=200, why="the census"),
    Door("asset-counts", stranger=200, neighbour=200, why="the census"),
    Door("asset", kwargs=lambda w: {"code": "4499010101000001"}, right=404, why="the census, empty in this town"),
    *(Door(name, stranger=200, neighbour=200, why="the map, as programs read it")
      for name in ("ogc", "ogc-landing", "ogc-api", "ogc-conformance", "ogc-collections")),
    Door("ogc-collection", kwargs=lambda w: {"layer": "cells"}, stranger=200, neighbour=200, why="the map"),
    Door("ogc-items", kwargs=lambda w: {"layer": "components"}, stranger=200, neighbour=200, why="the census, empty"),
    Door("ogc-item", kwargs=lambda w: {"layer": "cells", "code": "1"}, right=404, why="the map; no such cell"),
    Door("api-categories", stranger=200, neighbour=200, why="the catalogue"),
    Door("api-category", kwargs=lambda w: {"code": "E0407"}, stranger=200, neighbour=200, why="the catalogue"),
)  # fmt: skip

HERE_ASKED = "?category=E0407&lon=116.7005&lat=23.3605"
RULE = {"category": "E0407", "area": "449900.449901", "organisation": "centre", "reason": "直管", "act": "look"}
RESPONSIBILITY = (
    Door("responsibility", nobody=LOGIN, stranger=200, neighbour=200, why="who answers for what is no secret here"),
    Door("responsibility-faults", nobody=LOGIN, stranger=200, neighbour=200, why="the same"),
    Door("responsibility-simulator", nobody=LOGIN, query=HERE_ASKED, stranger=200, neighbour=200, why="the same"),
    Door("api-responsible", query=HERE_ASKED, stranger=200, neighbour=200, why="the same"),
    *[
        Door(f"api-grid-version{part}", method, kwargs=the_map, stranger=403, neighbour=403, who="boss",
             data=lambda w: {"revision": 0, "op": "delete", "code": ""}, right=200 if method == "get" else 409)
        for part, method in (
            ("", "get"), ("", "delete"), ("-cells", "get"), ("-regions", "get"), ("-edits", "post"), ("-undo", "post"),
            ("-redo", "post"), ("-check", "post"), ("-problems", "get"), ("-publish", "post"), ("-moves", "get"),
        )
    ],
    Door("api-grid-versions", stranger=403, neighbour=403, who="boss"),
    Door("api-grid-versions", "post", data=lambda w: {"note": 7}, stranger=403, neighbour=403, who="boss", right=400),
    Door("api-grid-compare", query="?old=1&new=no", stranger=403, neighbour=403, who="boss", right=400),
    *(Door(name, stranger=200, neighbour=200, why="the same")
      for name in ("api-responsibility", "api-responsibility-faults")),
    *(Door(name, method, kwargs=kwargs, stranger=403, neighbour=403, who="boss", right=right)
      for name, method, kwargs, right in (
          ("api-responsibility-rules", "get", lambda w: {}, 200),
          ("api-responsibility-rules", "post", lambda w: {}, 400),
          ("api-responsibility-rule", "get", lambda w: {"pk": 1}, 404),
          ("api-responsibility-rule", "put", lambda w: {"pk": 1}, 404),
          ("api-responsibility-end", "post", lambda w: {"pk": 1}, 404),
      )),
    Door("responsibility-overrides", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("responsibility-overrides", "post", data=lambda w: RULE, nobody=LOGIN, stranger=403, neighbour=403,
         who="boss"),
    Door("responsibility-end", "post", kwargs=lambda w: {"pk": 1}, nobody=LOGIN, stranger=403, neighbour=403,
         who="boss", right=404),
)  # fmt: skip

CASES = (
    Door("cases", nobody=LOGIN, stranger=200, neighbour=200, who="desk", hides=lambda w: w.case),
    Door("case-new", nobody=LOGIN, stranger=200, neighbour=200, who="collector", why="a form without data"),
    a_case("case", nobody=LOGIN, who="desk"),
    a_case("case-locate", "post", nobody=LOGIN, who="acceptor", right=NOT_NOW),
    a_case("case-ask", "post", nobody=LOGIN, who="desk", right=(200, 302, 400, 409)),
    a_case("case-order", "post", nobody=LOGIN, who="leader", right=400),
    a_case("case-order-reply", "post", kwargs=request, nobody=LOGIN, who="desk", right=(400, 404)),
    a_case("case-flag", "post", nobody=LOGIN, who="leader", right=400),
    *(a_case(f"api-case-{verb}", "post", who="leader", headers=version, right=right, data=example)
      for verb, right in (("flag", 200), ("unflag", 409))),
    a_case("case-why", nobody=LOGIN, who="desk"),
    a_case("case-reschedule", "post", nobody=LOGIN, who="leader", right=400),
    a_case("case-coordinate", "post", nobody=LOGIN, who="city_dispatcher", right=(400, 409)),
    a_case("case-merge", "post", nobody=LOGIN, who="leader", right=(400, 409)),
    a_case("case-split", "post", nobody=LOGIN, who="city_dispatcher", right=(400, 409)),
    Door("cases-alike", query="?lon=116.7005&lat=23.3605", nobody=LOGIN, stranger=200, neighbour=200, who="acceptor",
         hides=lambda w: w.case),
    Door("cases-alike-pictured", "post", data=lambda w: {"lon": 116.7005, "lat": 23.3605}, nobody=LOGIN, stranger=200,
         neighbour=200, who="acceptor", why="nothing without a picture"),
    Door("cases-bulk", "post", nobody=LOGIN, stranger=400, neighbour=400, who="desk", right=400,
         why="of what one sees"),
    Door("api-cases-alike", query="?lon=116.7005&lat=23.3605", stranger=200, neighbour=200, who="acceptor",
         hides=lambda w: w.case),
    Door("api-cases-alike", "post", data=lambda w: {"lon": 116.7005, "lat": 23.3605}, stranger=200, neighbour=200,
         who="acceptor", hides=lambda w: w.case),
    Door("api-cases-bulk", "post", data=lambda w: {}, stranger=400, neighbour=400, who="desk", right=400,
         why="a line for each case; of one unseen it says that there is none"),
    *BULK_JOBS,
    a_case("api-case-alike", who="acceptor"),
    a_case("api-case-ties", who="acceptor"),
    a_case("api-case-whole", who="desk", right=404, why="it is no part"),
    a_case("api-orders", who="desk"),
    a_case("api-orders", "post", who="leader", headers=version, data=pressed, right=201),
    a_case("api-order-reply", "post", kwargs=request, who="desk", headers=version, right=404),
    a_case("api-coordination", "post", who="city_dispatcher", headers=version, right=409),
    a_case("case-withdraw", "post", kwargs=request, nobody=LOGIN, who="desk", right=(400, 404)),
    a_case("case-resume", "post", nobody=LOGIN, who="desk", right=(400, 409)),
    Door("requests", query="?queue=open", nobody=LOGIN, stranger=200, neighbour=200, who="desk",
         hides=lambda w: w.case),
    Door("api-request-queue", query="?queue=open", stranger=200, neighbour=200, who="desk", hides=lambda w: w.case),
    a_case("api-case-reschedule", "post", who="leader", headers=version, data=moved, right=409),
    a_case("api-case-resume", "post", who="desk", headers=version, right=NOT_NOW),
    Door("api-request-counts", stranger=200, neighbour=200, who="desk"),
    a_case("api-requests", who="desk"),
    a_case("api-withdrawal", "post", kwargs=request, who="desk", headers=version, right=404),
    a_case("case-decide", "post", kwargs=request, nobody=LOGIN, who="leader", right=(400, 404)),
    a_case("case-step", "post", kwargs=assigning, nobody=LOGIN, who="desk", right=(200, 302, 400, 409)),
    Door("insights", nobody=LOGIN, stranger=200, neighbour=200, who="desk"),
    *(
        door
        for page in ("hotspots", "trends", "changes", "causes", "seasons")
        for door in (
            Door(f"insights-{page}", nobody=LOGIN, stranger=200, neighbour=200, who="desk"),
            Door(f"api-insights-{page}", stranger=200, neighbour=200, who="desk"),
        )
    ),
    Door("insights-sources", nobody=LOGIN, stranger=200, neighbour=200, who="desk"),
    Door("api-insights", stranger=200, neighbour=200, who="desk"),
    Door("api-cases", stranger=200, neighbour=200, who="desk", hides=lambda w: w.case),
    Door("api-cases", "post", data=lambda w: {}, who="collector", stranger=(400, 403), neighbour=(400, 403), right=400),
    Door("api-case-counts", stranger=200, neighbour=200, who="desk"),
    Door("api-case-figures", stranger=200, neighbour=200, hides=lambda w: "449901", why="no figure of the district"),
    a_case("api-case", who="desk"),
    a_case("api-case-moves", who="desk"),
    a_case("api-case-clocks", who="desk"),
    a_case("api-case-steps", who="desk"),
    a_case("api-case-responsible", who="district_dispatcher"),
    Door("cases-shirking", nobody=LOGIN, stranger=200, neighbour=200, who="desk", why="of the cases that one sees"),
    Door("api-cases-shirking", stranger=200, neighbour=200, who="desk", why="the same"),
    a_case("api-case-suggestions", who="district_dispatcher"),
    Door("dispatching-acts", nobody=LOGIN, stranger=200, neighbour=200, who="desk", why="acts on what one sees"),
    Door("api-dispatching-acts", stranger=200, neighbour=200, who="desk", why="the same"),
    Door("api-dispatching-counts", stranger=200, neighbour=200, who="desk", why="counts of what the caller sees"),
    a_case("api-case-reporter", who="acceptor"),
    *(a_case(f"api-case-reporter-{act}", "post", data=why_look if act == "look" else why, right=403)
      for act in ("look", "hold", "release", "erase")),
    *(a_case(name, "post", data=why, nobody=LOGIN, right=403)
      for name in ("case-reporter", "case-reporter-hold", "case-reporter-release", "case-reporter-erase")),
    Door("personal-looks", nobody=LOGIN, stranger=403, neighbour=403, who="auditor"),
    Door("api-personal-looks", stranger=403, neighbour=403, who="auditor"),
    Door("personal-due", nobody=LOGIN, stranger=403, neighbour=403, who="auditor", right=403),
    Door("api-personal-due", stranger=403, neighbour=403, who="auditor", right=403),
    a_case("api-evidence", who="desk"),
    a_case("api-evidence", "post", who="desk", data=upload, right=(403, 409)),
    a_case("api-evidence-original", kwargs=lambda w: {"number": w.case, "evidence": w.evidence}, who="acceptor"),
    a_case("api-evidence-public", kwargs=picture_of, who="desk"),
    a_case("api-evidence-film", kwargs=picture_of, who="desk", right=404),
    a_case("api-evidence-marked", kwargs=picture_of, who="desk"),
    a_case("api-annotations", kwargs=picture_of, who="desk"),
    a_case("api-annotations", "post", kwargs=picture_of, who="desk", data=drawn, right=403),
    a_case("api-annotation", "delete", kwargs=drawing_of, who="desk", right=404),
    a_case("case-annotations", kwargs=picture_of, who="desk", nobody=LOGIN),
    a_case("case-annotation-withdraw", "post", kwargs=drawing_of, who="desk", nobody=LOGIN, right=404),
    a_case("api-requests", "post", who="desk", headers=version, data=asked, right=201),
    a_case("api-decision", "post", kwargs=request, who="leader", headers=version, data=decided, right=404),
    a_case("api-case-locate", "post", who="acceptor", headers=version, data=spot, right=NOT_NOW),
    *(a_case(f"api-case-{verb}", "post", who="desk", headers=version, right=NOT_NOW) for verb in STEP_NAMES),
)  # fmt: skip

GRID_EDITOR = (
    Door("grid-versions", nobody=LOGIN, stranger=302, neighbour=302, who="boss", why="collectors go to their areas"),
    Door("grid-compare", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("grid-draft", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=302),
    Door("grid-editor", kwargs=the_map, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("grid-regions", kwargs=the_map, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door(
        "grid-regions-undo",
        "post",
        kwargs=the_map,
        data=lambda w: {"revision": 0},
        nobody=LOGIN,
        stranger=403,
        neighbour=403,
        who="boss",
        right=409,
    ),
    *(
        Door(
            name,
            "post",
            kwargs=lambda w: {**the_map(w), "code": "1"},
            data=lambda w: {"zh": "x", "revision": 0},
            nobody=LOGIN,
            stranger=403,
            neighbour=403,
            who="boss",
            right=409,
        )
        for name in ("grid-region-rename", "grid-region-remove")
    ),
    Door("grid-publish", kwargs=the_map, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=409),
    Door("grid-discard", "post", kwargs=the_map, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=409),
)

VIDEO = (
    Door("video-cameras-page", nobody=LOGIN, stranger=200, neighbour=200, hides=lambda w: w.camera),
    Door("video-incidents-page", nobody=LOGIN, stranger=200, neighbour=200, hides=lambda w: w.incident),
    Door("video-incident-page", kwargs=lambda w: {"uid": w.incident}, nobody=LOGIN),
    Door("video-incident-judge", "post", kwargs=lambda w: {"uid": w.incident}, nobody=LOGIN, right=(200, 302, 400)),
    Door("class-cameras", kwargs=lambda w: {"code": "E0407"}, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("video-review", nobody=LOGIN, stranger=200, neighbour=200, hides=lambda w: w.incident),
    *(
        Door(name, "post", kwargs=lambda w: {"uid": w.incident}, nobody=LOGIN, right=302)
        for name in ("video-verdict", "video-unsaid")
    ),
    Door("video-precision", nobody=LOGIN, stranger=200, neighbour=200, hides=lambda w: w.camera),
    Door("video-health", nobody=LOGIN, stranger=200, neighbour=200, why="no camera is out of order in this test"),
    *(
        Door(name, method, kwargs=given, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=right)
        for name, method, given, right in (
            ("video-zones", "get", lambda w: {"code": w.camera}, 200),
            ("video-zones", "post", lambda w: {"code": w.camera}, 400),
            ("video-zone", "get", lambda w: {"code": w.camera, "zone_code": "kerb"}, 200),
            ("video-zone", "post", lambda w: {"code": w.camera, "zone_code": "kerb"}, 400),
            ("video-zone-remove", "post", lambda w: {"code": w.camera, "zone_code": "kerb"}, 412),
        )
    ),
    Door("video-cameras", stranger=200, neighbour=200, hides=lambda w: f'"{w.camera}"'),
    Door("video-cameras", "post", who="boss", stranger=(400, 403), neighbour=(400, 403), right=400),
    Door("video-camera", kwargs=lambda w: {"code": w.camera}),
    Door("video-camera", "patch", kwargs=lambda w: {"code": w.camera}, who="boss", right=(200, 400)),
    Door("video-camera-picture", kwargs=lambda w: {"code": w.camera}),
    Door("video-incidents", stranger=200, neighbour=200, hides=lambda w: w.incident),
    Door("video-incident", kwargs=lambda w: {"uid": w.incident}),
    Door(
        "video-still",
        kwargs=lambda w: {"pk": w.still, "variant": "public"},
        right=(200, 404),
        why="no file in this test",
    ),
)

OVERVIEWS = (
    Door("health", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("audit", nobody=LOGIN, stranger=403, neighbour=403, who="auditor", hides=lambda w: w.case),
    Door("audit-export", nobody=LOGIN, stranger=403, neighbour=403, who="auditor", hides=lambda w: w.case),
    Door("api-audit", stranger=403, neighbour=403, who="auditor", hides=lambda w: w.case),
    Door("map-page", nobody=LOGIN, stranger=200, neighbour=200, why="the map; what it counts is one's own"),
    Door("map-cells", stranger=200, neighbour=200, why="counts of what one sees"),
    Door("map-cases", query="?bbox=116,23,117,24", stranger=200, neighbour=200, hides=lambda w: w.case),
    own("todo"),
    public("field", why="the empty app: without a network nobody can be asked to sign in"),
    public("field-worker", why="the files of the empty app"),
    public("field-manifest", why="what a phone installs"),
    *(
        Door(f"api-field-{name}", stranger=200, neighbour=200, why="oneself, one's own tasks, ground and receipts")
        for name in ("person", "tasks", "classes", "ground", "sent")
    ),
    Door("api-todo", stranger=200, neighbour=200, why="what waits for oneself"),
    own("search-everything", query="?q=449901", hides=lambda w: w.case),
    Door("api-find", query="?q=449901", stranger=200, neighbour=200, hides=lambda w: w.case, why="what one may see"),
    own("help"),
    own("help-topic", kwargs=lambda w: {"topic": "cases"}),
    Door("setup", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("setup", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("setup-codes", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("setup-codes", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("setup-codes-drop", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=412),
    Door("system-preview", kwargs=lambda w: {"code": "dogs"}, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("setup-units", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("setup-units", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("setup-units-step", kwargs=lambda w: {"uid": w.joining, "kind": "people"}, nobody=LOGIN, stranger=403,
         neighbour=403, who="boss"),
    Door("setup-units-step", "post", kwargs=lambda w: {"uid": w.joining, "kind": "people"}, nobody=LOGIN, stranger=403,
         neighbour=403, who="boss", right=412),
    Door("setup-units-check", kwargs=lambda w: {"uid": w.joining}, nobody=LOGIN, stranger=403, neighbour=403,
         who="boss"),
    Door("setup-units-check", "post", kwargs=lambda w: {"uid": w.joining}, nobody=LOGIN, stranger=403, neighbour=403,
         who="boss", right=400),
    Door("setup-units-drop", "post", kwargs=lambda w: {"uid": w.joining}, nobody=LOGIN, stranger=403, neighbour=403,
         who="boss", right=302),
    Door("home", nobody=LOGIN, stranger=302, neighbour=302, right=302),
    Door("wall", nobody=LOGIN, stranger=200, neighbour=(200, 403), hides=lambda w: w.case),
    Door("wall-snapshot", stranger=200, neighbour=(200, 403), hides=lambda w: w.case),
    Door("wall-snapshot", query="?scope=d:449901", stranger=403, neighbour=403),
    Door("feed", query="?scope=d:449901", stranger=403, neighbour=403),
    Door("feed", query="?scope=city", stranger=403, neighbour=403, right=403, why="a district is not the city"),
    Door("feed", query="?scope=dept:d449901-appearance", stranger=403, neighbour=403, who="desk"),
)  # fmt: skip

NOWHERE = {"code": "none"}


def no_area(name: str, method: str = "get", **given: Any) -> Door:
    """A door to a supervision area that is not there: one that another district has looks the same."""
    return Door(name, method, **{"kwargs": lambda w: NOWHERE, "who": "boss", "right": 404, **given})


def closed_area(name: str, method: str = "post", **given: Any) -> Door:
    """A door that only administrators open."""
    return no_area(name, method, **{"stranger": 403, "neighbour": 403, **given})


SUPERVISION = (
    Door("supervision-areas", nobody=LOGIN, stranger=200, neighbour=200, why="those of one's own ground"),
    Door("supervision-area-new", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("supervision-area-new", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    no_area("supervision-area", nobody=LOGIN),
    no_area("supervision-area", "post", nobody=LOGIN),
    closed_area("supervision-assign", nobody=LOGIN),
    closed_area("supervision-relieve", kwargs=lambda w: {**NOWHERE, "pk": 1}, nobody=LOGIN),
    closed_area("supervision-dissolve", nobody=LOGIN),
    Door("api-supervision-areas", stranger=200, neighbour=200, why="those of one's own ground"),
    Door("api-supervision-areas", "post", stranger=403, neighbour=403, who="boss", right=400),
    no_area("api-supervision-area"),
    closed_area("api-supervision-area", "put"),
    closed_area("api-supervision-area", "delete"),
    closed_area("api-patrols", data=lambda w: {"user_id": 1}),
    closed_area("api-patrol", "delete", kwargs=lambda w: {**NOWHERE, "pk": 1}),
    Door("api-supervised-cells", stranger=200, neighbour=200, why="those of one's own ground"),
    Door("api-supervision", stranger=200, neighbour=200, why="those of one's own ground"),
    Door("api-collectors", query="?cell=449901001001001", stranger=200, neighbour=200, why="those of one's own ground"),
)

NO_JOB = "00000000-0000-0000-0000-000000000000"


def absent_import(world: World) -> dict[str, Any]:
    return {"uid": NO_JOB}


def template_file(world: World) -> dict[str, Any]:
    return {"kind": "divisions", "form": "csv"}


def regions_file(world: World) -> dict[str, Any]:
    return {"name": "regions", "suffix": "csv"}


def an_import(name: str, method: str = "get", **given: Any) -> Door:
    """A door to an import that is not there: it looks the same to everybody but an administrator."""
    return Door(name, method, **{"kwargs": absent_import, "who": "boss", "right": 404, **given})


def an_export(name: str, method: str = "get", **given: Any) -> Door:
    """A door to somebody's own export, which for everybody else is not there."""
    return Door(name, method, **{"kwargs": lambda world: {"uid": world.export}, **given})


def a_filter(name: str, method: str = "get", **given: Any) -> Door:
    """A door to somebody's own filter, which for everybody else is not there."""
    return Door(name, method, **{"kwargs": lambda world: {"pk": world.filter}, **given})


FILTERS = (
    Door("case-filters", nobody=LOGIN, stranger=200, neighbour=200, hides=lambda world: "one&#x27;s own"),
    Door("case-filter-new", nobody=LOGIN, stranger=200, neighbour=200, why="a form"),
    Door("case-filter-new", "post", nobody=LOGIN, stranger=400, neighbour=400, right=400, why="it needs a name"),
    a_filter("case-filter", nobody=LOGIN),
    a_filter("case-filter", "post", nobody=LOGIN, right=400),
    a_filter("case-filter-delete", "post", nobody=LOGIN, right=302),
    Door("api-case-filters", stranger=200, neighbour=200, hides=lambda world: "one's own"),
    Door("api-case-filters", "post", stranger=400, neighbour=400, right=400, why="it needs a name"),
    a_filter("api-case-filter"),
    a_filter("api-case-filter", "put", right=428),
    a_filter("api-case-filter", "delete", right=428),
)

EXPORTS = (
    own("exports", hides=lambda world: world.export),
    own("exports", "post", stranger=404, neighbour=404, right=404, why="nothing is called like nothing"),
    an_export("export", nobody=LOGIN),
    an_export("export-progress", nobody=LOGIN),
    an_export("export-cancel", "post", nobody=LOGIN, right=302),
    an_export("export-file", nobody=LOGIN, right=409),
    Door("api-export-jobs", stranger=200, neighbour=200, hides=lambda world: world.export),
    Door("api-export-jobs", "post", stranger=400, neighbour=400, right=400, why="a list must be named"),
    an_export("api-export-job"),
    an_export("api-export-job-cancel", "post"),
    an_export("api-export-job-file", right=409),
)

FILES = (
    Door("imports", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("imports", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("import-template", kwargs=template_file, nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    an_import("import", nobody=LOGIN, stranger=403, neighbour=403),
    an_import("import-progress", nobody=LOGIN, stranger=403, neighbour=403),
    an_import("import-faults", nobody=LOGIN, stranger=403, neighbour=403),
    an_import("import-confirm", "post", nobody=LOGIN, stranger=403, neighbour=403),
    an_import("import-cancel", "post", nobody=LOGIN, stranger=403, neighbour=403),
    Door("api-imports", stranger=403, neighbour=403, who="boss"),
    Door("api-imports", "post", stranger=403, neighbour=403, who="boss", right=400),
    an_import("api-import"),
    an_import("api-import-mapping", "put"),
    an_import("api-import-confirm", "post"),
    an_import("api-import-cancel", "post"),
    Door("api-export", kwargs=regions_file, stranger=403, neighbour=403, who="boss"),
)

DOORS: tuple[Door, ...] = (
    *FILTERS, *EXPORTS,
    *PUBLIC, *ACCOUNTS, *PEOPLE, *SETTINGS, *SHARED, *FILES, *SUPERVISION, *COMPONENTS, *REGISTERS, *SYSTEMS, *ALARMS,
    *DOSSIERS,
    *GRID_EDITOR, *RESPONSIBILITY, *CASES, *VIDEO, *OVERVIEWS, *OPEN311, *HOTLINE, *SCORES,
    *DEVICES,
)  # fmt: skip
