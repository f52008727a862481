"""From a record of a gauge or a stack to what was measured; what has no number is left out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from telemetry.actions import Measured
from telemetry.adapters.streams import Record

SHOWN = ("Rtd", "Avg")
"""What counts of the values of a factor: what is measured now, or the mean of the minute, hour or day."""


def measured(records: Iterable[Record], io_maps: Mapping[int, Mapping[str, Any]]) -> list[Measured]:
    """Every number, by device and metric; of a stack only what its own flag calls normal.

    The map of a model gives a metric its name and unit: `{"water_depth": {"item": "river_level_m", "scale": 100}}`.
    """
    found: list[Measured] = []
    for record in records:
        with suppress(ValueError, KeyError, TypeError, AttributeError, OverflowError):
            for one in _of(record):
                found += _named(one, io_maps.get(record.device_id) or {})
    return found


def _of(record: Record) -> Iterator[Measured]:
    told: Mapping[str, Any] = json.loads(record.body)
    at, value = datetime.fromtimestamp(told["at"], UTC), told.get("value")
    if "values" in told:
        values = told["values"]
        texts = [values[name] for name in SHOWN if name in values] if values.get("Flag", "N") == "N" else []
        value = _number(texts[0]) if texts else None
    if value is not None:
        yield Measured(record.device_id, str(told["name"]), at, float(value))


def _named(one: Measured, io_map: Mapping[str, Any]) -> Iterator[Measured]:
    wishes = {metric: wish for metric, wish in io_map.items() if wish.get("item") == one.metric}
    for metric, wish in wishes.items():
        scaled = one.value * float(wish.get("scale", 1)) + float(wish.get("add", 0))
        yield one._replace(metric=metric, value=scaled)
    if not wishes:
        yield one


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
