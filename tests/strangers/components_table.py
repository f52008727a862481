"""The doors of components, change requests and censuses."""

from typing import Any

from tests.strangers.door import LOGIN, Door, upload
from tests.strangers.world import World

NO_COMPONENT = {"code": "4499010101000001"}


def no_component(world: World) -> dict[str, Any]:
    return NO_COMPONENT


def no_number(world: World) -> dict[str, Any]:
    return {"pk": 999_999}


def no_street(world: World) -> dict[str, Any]:
    return {"pk": 999_999, "code": "449901001"}


def because(world: World) -> dict[str, Any]:
    return {"reason": "核对", "given": {}}


def saw_one(world: World) -> dict[str, str]:
    return {"If-Match": '"1"', "Idempotency-Key": "a-key-of-tests"}


def absent(name: str, method: str = "get", **given: Any) -> Door:
    """A door to a component, request or census that is not there: it looks the same to everybody."""
    return Door(name, method, **{"kwargs": no_component, "who": "boss", "right": 404, "data": because,
                                 "headers": saw_one, **given})  # fmt: skip


def decision(world: World) -> dict[str, Any]:
    return {"accept": False, "answer": "不符"}


def judgement(world: World) -> dict[str, Any]:
    return {"correct": True}


def surveyor(world: World) -> dict[str, Any]:
    return {"surveyor": 1}


def census_plan(world: World) -> dict[str, Any]:
    return {"title": "普查", "area": "449900.449901", "types": ["street_light"]}


def new_component(world: World) -> dict[str, Any]:
    return {"type": "street_light", "given": {"lon": 116.7005, "lat": 23.3605}, "reason": "新装"}


def proposal(world: World) -> dict[str, Any]:
    return {"kind": "vanished", "code": "4499010101000001", "reason": "不见了"}


def code_plan(world: World) -> dict[str, Any]:
    regions = {"standard": "x", "edition": "1", "district": 6, "street": 9, "community": 12, "cell": 15}
    return {"regions": regions, "components": {"standard": "x", "edition": "1", "digits": 16}}


def saw_other(world: World) -> dict[str, str]:
    return {"If-Match": f'"{"0" * 32}"'}


COMPONENT_PAGES = (
    Door("components", nobody=LOGIN, stranger=200, neighbour=200, who="boss", why="by ground; empty in this town"),
    Door("component-new", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    absent("component", nobody=LOGIN),
    absent("component-edit", nobody=LOGIN),
    absent("component-stand", "post", nobody=LOGIN),
    absent("component-photos", "post", nobody=LOGIN),
    Door("component-requests", nobody=LOGIN, stranger=200, neighbour=200, who="boss", why="one's own; none here"),
    Door("component-propose", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    absent("component-decide", "post", kwargs=no_number, nobody=LOGIN),
    Door("censuses", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    absent("census", kwargs=no_number, nobody=LOGIN, stranger=403, neighbour=403),
    absent("census-act", "post", kwargs=no_number, nobody=LOGIN),
    absent("census-survey", kwargs=no_street, nobody=LOGIN),
)
COMPONENTS = (
    *COMPONENT_PAGES,
    Door("api-code-plan", stranger=403, neighbour=403, who="boss"),
    Door("api-code-plan", "put", data=code_plan, headers=saw_other, stranger=403, neighbour=403, who="boss", right=412),
    Door("api-code-plan", "delete", headers=saw_other, stranger=403, neighbour=403, who="boss", right=412),
    Door("api-components", stranger=200, neighbour=200, who="boss", why="by ground; empty in this town"),
    Door("api-components", "post", data=new_component, stranger=400, neighbour=400, who="boss", right=400,
         why="no types in this town; rights are tested with components"),
    absent("api-component"),
    absent("api-component", "patch"),
    *(absent(f"api-component-{verb}", "post") for verb in ("retire", "restore")),
    absent("api-component-history"),
    absent("api-component-photos"),
    absent("api-component-photos", "post", data=upload),
    absent("api-component-photo", kwargs=no_number),
    Door("api-component-requests", stranger=200, neighbour=200, who="boss", why="one's own; none in this town"),
    absent("api-component-requests", "post", kwargs=lambda w: {}, data=proposal),
    absent("api-component-request", kwargs=no_number),
    absent("api-component-request-decision", "post", kwargs=no_number, data=decision),
    absent("api-component-request-withdraw", "post", kwargs=no_number),
    Door("api-censuses", stranger=200, neighbour=200, who="boss", why="one's own; none in this town"),
    Door("api-censuses", "post", data=census_plan, stranger=403, neighbour=403, who="boss", right=400),
    Door("api-census-spots", stranger=200, neighbour=200, who="boss", why="by ground; none in this town"),
    absent("api-census-judgement", "post", kwargs=no_number, data=judgement),
    absent("api-census", kwargs=no_number),
    absent("api-census-start", "post", kwargs=no_number),
    absent("api-census-accept", "post", kwargs=no_number),
    absent("api-census-findings", kwargs=no_number),
    absent("api-census-findings", "post", kwargs=no_number, data=lambda w: {"kind": "confirmed", "ground": "pavement"}),
    absent("api-census-surveyor", "put", kwargs=no_street, data=surveyor),
    *(absent(f"api-census-{verb}", "post", kwargs=no_street) for verb in ("hand-in", "sample", "send-back")),
)  # fmt: skip
