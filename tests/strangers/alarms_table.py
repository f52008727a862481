"""The doors of alarms, their rules, gauges and rain; the town of the strangers has a gauge that nobody of them sees."""

from typing import Any

from tests.strangers.door import LOGIN, Door
from tests.strangers.open_table import all_the_same
from tests.strangers.world import World

SENT = "a machine brings its key; nobody is known at this door, and whoever brings none is answered nothing"


def no_alarm(world: World) -> dict[str, Any]:
    return {"pk": 999_999}


def no_act(world: World) -> dict[str, Any]:
    return {"pk": 999_999, "act": "acknowledge"}


def no_verb(world: World) -> dict[str, Any]:
    return {"pk": 999_999, "verb": "acknowledge"}


def no_station(world: World) -> dict[str, Any]:
    return {"code": "nowhere"}


def no_stream(world: World) -> dict[str, Any]:
    return {"code": "nowhere", "stream": "none"}


def rule(world: World) -> dict[str, Any]:
    return {"document": {"names": {"zh": "水", "en": "W"}, "kind": "level", "metric": "m", "bands": [1]}, "reason": "x"}


def rain(world: World) -> dict[str, Any]:
    return {"area": "449900", "until": "2020-01-01T00:00:00+08:00", "reason": "x"}


def _seen(name: str, method: str = "get", **given: Any) -> Door:
    """Whoever holds no right over alarms sees none of this; the administrator of this town sees alarms."""
    return Door(name, method, **{"stranger": 403, "neighbour": 403, "who": "alarmed", **given})


def _absent(name: str, method: str = "get", **given: Any) -> Door:
    return Door(name, method, **{"who": "alarmed", "right": 404, **given})


ALARMS = (
    *(_seen(name, nobody=LOGIN) for name in ("alarms", "alarm-rules", "flooding")),
    _seen("flooding", "post", nobody=LOGIN, right=400),
    _absent("alarm", kwargs=no_alarm, nobody=LOGIN),
    _absent("alarm-act", "post", kwargs=no_verb, nobody=LOGIN),
    _seen("alarm-rule", kwargs=no_station, nobody=LOGIN, right=404),
    _seen("alarm-rule", "post", kwargs=no_station, nobody=LOGIN, right=404),
    _absent("gauge-station", kwargs=no_station, nobody=LOGIN),
    _absent("rain-end", "post", kwargs=no_alarm, nobody=LOGIN),
    all_the_same("api-observations", "post", answer=401, why=SENT),
    *(_seen(name) for name in ("api-stations", "api-alarms", "api-alarm-rules", "api-rain-warnings")),
    _seen("api-rain-warnings", "post", data=rain, right=400),
    _absent("api-rain-warning", "delete", kwargs=no_alarm),
    _absent("api-station", kwargs=no_station),
    _absent("api-series", kwargs=no_stream),
    _absent("api-alarm", kwargs=no_alarm),
    _absent("api-alarm-act", "post", kwargs=no_act),
    _seen("api-alarm-rule", kwargs=no_station, right=404),
    _seen("api-alarm-rule", "put", kwargs=no_station, data=rule, right=403),
    _seen("api-alarm-rule", "delete", kwargs=no_station, right=403),
    _seen("api-alarm-rule-try", "post", kwargs=no_station, data=rule),
)
