"""The doors of devices: each stands on the ground of its organisation and area, and is not there for anybody else."""

from typing import Any

from tests.strangers.door import LOGIN, Door
from tests.strangers.world import World


def the_truck(world: World) -> dict[str, Any]:
    return {"code": world.device}


def hello(world: World) -> dict[str, Any]:
    return {"text": "去石炮台", "key": "hello"}


DEVICES = (
    Door("devices", nobody=LOGIN, stranger=200, neighbour=200, hides=lambda w: w.device),
    Door("device-new", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("device-new", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door("device", kwargs=the_truck, nobody=LOGIN),
    Door("device-tell", "post", kwargs=the_truck, data=hello, nobody=LOGIN, who="boss", right=302),
    Door("device-switch", "post", kwargs=the_truck, nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=302),
    Door("api-devices", stranger=200, neighbour=200, hides=lambda w: w.device),
    Door("api-devices", "post", who="boss", stranger=400, neighbour=400, right=400, why="the body is read first"),
    Door("api-device", kwargs=the_truck),
    Door(
        "api-device", "patch", kwargs=the_truck, data=lambda w: {"enabled": True}, who="boss", right=200,
    ),
    Door("api-device-downlinks", kwargs=the_truck),
    Door("api-device-downlinks", "post", kwargs=the_truck, data=hello, who="boss", right=202),
)  # fmt: skip
