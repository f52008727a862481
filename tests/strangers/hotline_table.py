"""The doors of the exchange of tickets and of machines: who takes tickets, administrators, partners, machines."""

from typing import Any

from tests.strangers.door import LOGIN, Door
from tests.strangers.open_table import all_the_same
from tests.strangers.world import World

SIGNED = "a partner signs; nobody is known at this door, and whoever does not sign is answered nothing"


def nothing(world: World) -> dict[str, Any]:
    return {"pk": 999_999}


def no_partner(world: World) -> dict[str, str]:
    return {"code": "nobody"}


def _for_boss(name: str, method: str = "get", **given: Any) -> Door:
    return Door(name, method, **{"stranger": 403, "neighbour": 403, "who": "boss", **given})


KEYED = "a machine brings its key; nobody is known at this door, and whoever brings none is answered nothing"


def no_event(world: World) -> dict[str, str]:
    return {"code": "nobody", "event": "e1"}


MACHINES = (
    *(_for_boss(name, nobody=LOGIN) for name in ("machines", "machine-new")),
    _for_boss("machine-new", "post", nobody=LOGIN, right=400),
    _for_boss("machine", nobody=LOGIN, kwargs=no_partner, right=404),
    _for_boss("machine", "post", nobody=LOGIN, kwargs=no_partner, right=404),
    _for_boss("machine-act", "post", nobody=LOGIN, kwargs=no_partner, right=404),
    _for_boss("api-machines"),
    _for_boss("api-machines", "post", right=400),
    _for_boss("api-machine", kwargs=no_partner, right=404),
    _for_boss("api-machine", "put", kwargs=no_partner, right=428),
    _for_boss("api-machine-key", "post", kwargs=no_partner, right=404),
    _for_boss("api-machine-calls", kwargs=no_partner, right=404),
    all_the_same("api-machine-schema", why="the contract is published"),
    all_the_same("api-machine-reports", "post", answer=401, kwargs=no_partner, why=KEYED),
    all_the_same("api-machine-report", answer=401, kwargs=no_event, why=KEYED),
)  # fmt: skip

HOTLINE = (
    *MACHINES,
    *(_for_boss(name, nobody=LOGIN) for name in
      ("hotline", "hotline-refusals", "hotline-partners", "hotline-partner-new")),
    _for_boss("hotline-partner-new", "post", nobody=LOGIN, right=400),
    _for_boss("hotline-ticket", nobody=LOGIN, kwargs=nothing, right=404),
    _for_boss("hotline-ticket", "post", nobody=LOGIN, kwargs=nothing, right=404),
    _for_boss("hotline-partner", nobody=LOGIN, kwargs=no_partner, right=404),
    _for_boss("hotline-partner", "post", nobody=LOGIN, kwargs=no_partner, right=404),
    _for_boss("api-partners"),
    _for_boss("api-partners", "post", right=400),
    _for_boss("api-partner", kwargs=no_partner, right=404),
    _for_boss("api-partner", "put", kwargs=no_partner, right=428),
    _for_boss("api-tickets"),
    _for_boss("api-ticket", kwargs=nothing, right=404),
    _for_boss("api-ticket-map", "post", kwargs=nothing, data=lambda w: {"category": "E0407"}, right=404),
    _for_boss("api-ticket-refuse", "post", kwargs=nothing, data=lambda w: {"reason": "-"}, right=404),
    all_the_same("api-hotline-schema", why="the contract is published"),
    all_the_same("api-hotline-messages", "post", answer=404, kwargs=no_partner, why=SIGNED),
)  # fmt: skip
