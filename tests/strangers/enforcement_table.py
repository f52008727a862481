"""The doors of case files: the file of one district, and codes of papers that are none."""

from typing import Any

from tests.strangers.door import LOGIN, Door
from tests.strangers.world import World


def a_file(world: World) -> dict[str, Any]:
    return {"number": world.dossier}


def a_step(world: World) -> dict[str, Any]:
    return {**a_file(world), "verb": "dismiss"}


def a_paper(world: World) -> dict[str, Any]:
    return {**a_file(world), "place": 1}


def saw_another(world: World) -> dict[str, str]:
    return {"If-Match": '"7"'}


def new_file(world: World) -> dict[str, Any]:
    return {"cause": "street-vending", "act_on": "2020-01-01", "procedure": "simple", "party_kind": "citizen",
            "party": {"name": "林某"}, "lon": 0.0, "lat": 0.0}  # fmt: skip


def why(world: World) -> dict[str, Any]:
    return {"ground": "service", "note": "送达"}


def hides_number(world: World) -> str:
    return world.dossier


def hides_cause(world: World) -> str:
    return "擅自占道经营"


def hides_party(world: World) -> str:
    return "13812345678"


def page(name: str, method: str = "get", **given: Any) -> Door:
    """A page behind which the file of the district lies."""
    return Door(name, method, **{"kwargs": a_file, "nobody": LOGIN, "who": "enforcer", **given})


def whole(name: str, method: str = "get", **given: Any) -> Door:
    """A page of one's own ground: there for everybody who has the right anywhere."""
    return page(name, method, **{"kwargs": lambda w: {}, "stranger": 200, "neighbour": 200, **given})


def api(name: str, method: str = "get", **given: Any) -> Door:
    """A door of the API behind which the file lies."""
    return page(name, method, **{"nobody": 401, **given})


DOSSIERS = (
    whole("dossiers", hides=hides_number, why="the files one sees"),
    whole("dossier-new", why="a form; where one may open a file is asked later"),
    whole("dossier-board", why="of one's own ground"),
    whole("power-list", why="the power list is public by law"),
    page("paper-template", kwargs=lambda w: {"kind": "decision"}, stranger=403, neighbour=403, who="boss"),
    page("dossier", hides=hides_cause),
    page("dossier-look"),
    page("dossier-look", "post", data=why, hides=hides_party),
    page("dossier-paper", kwargs=a_paper, right=404, why="it has none yet"),
    page("dossier-step", "post", kwargs=a_step, right=412, data=lambda w: {"version": "7"}),
    Door("paper-verify", kwargs=lambda w: {"token": "nobodyknows"}, nobody=404, right=404, why="open to anybody"),
    api("api-dossiers", kwargs=lambda w: {}, stranger=200, neighbour=200, hides=hides_number, why="those one sees"),
    api("api-dossiers", "post", kwargs=lambda w: {}, data=new_file, stranger=400, neighbour=400, right=400,
        why="outside the map"),
    api("api-dossier", hides=hides_cause),
    api("api-dossier-history"),
    api("api-dossier-papers"),
    api("api-dossier-party"),
    api("api-dossier-party", "post", data=why, hides=hides_party),
    api("api-dossier-step", "post", kwargs=a_step, headers=saw_another, right=412),
)  # fmt: skip
