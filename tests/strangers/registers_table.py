"""The doors of registers and their records; the town of the strangers has no register, which looks the same to all."""

from typing import Any

from tests.strangers.door import LOGIN, Door
from tests.strangers.world import World


def no_register(world: World) -> dict[str, Any]:
    return {"register": "dog"}


def no_record(world: World) -> dict[str, Any]:
    return {"register": "dog", "number": "DOG449901202600001"}


def no_step(world: World) -> dict[str, Any]:
    return {**no_record(world), "code": "register"}


def saw_one(world: World) -> dict[str, str]:
    return {"If-Match": '"1"'}


def dog(world: World) -> dict[str, Any]:
    return {"attributes": {"chip": "156000000000001"}}


def violation(world: World) -> dict[str, Any]:
    return {"link": "violations", "to": world.case}


def absent(name: str, method: str = "get", **given: Any) -> Door:
    """A door to a register or record that is not there."""
    return Door(name, method, **{"kwargs": no_record, "who": "boss", "right": 404, "headers": saw_one, **given})


REGISTERS = (
    Door("registers", nobody=LOGIN, stranger=200, neighbour=200, who="boss", why="those one sees; none in this town"),
    absent("records", kwargs=no_register, nobody=LOGIN),
    absent("record-new", kwargs=no_register, nobody=LOGIN),
    absent("record", nobody=LOGIN),
    absent("record-edit", nobody=LOGIN),
    absent("record-tie", "post", nobody=LOGIN),
    absent("record-step", "post", kwargs=no_step, nobody=LOGIN),
    Door("api-registers", stranger=200, neighbour=200, who="boss", why="those one sees; none in this town"),
    absent("api-records", kwargs=no_register),
    absent("api-records", "post", kwargs=no_register, data=dog),
    absent("api-record"),
    absent("api-record", "patch", data=dog),
    absent("api-record-history"),
    absent("api-record-tie", "post", data=violation),
    absent("api-record-step", "post", kwargs=no_step, data=dog),
)

SYSTEMS = (
    Door("systems", nobody=LOGIN, stranger=200, neighbour=200, who="boss", why="those one may use; none in this town"),
    Door("system", kwargs=lambda w: {"code": "dogs"}, nobody=LOGIN, who="boss", right=404),
)
