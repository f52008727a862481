"""Flags of quality for a series of readings, as QARTOD defines them. Pure, and the same answers as `ioos_qc`."""

from collections.abc import Sequence
from statistics import median

from telemetry.contracts.observations import Flag

Value = float | None
Span = tuple[float, float]


def gross_range(values: Sequence[Value], fail: Span, suspect: Span | None = None) -> list[Flag]:
    """Outside of what the sensor can tell a reading fails, outside of what is likely it is suspect."""
    inner = suspect or fail

    def one(value: Value) -> Flag:
        if value is None:
            return Flag.MISSING
        if not fail[0] <= value <= fail[1]:
            return Flag.FAIL
        return Flag.PASS if inner[0] <= value <= inner[1] else Flag.SUSPECT

    return [one(value) for value in values]


def spike(values: Sequence[Value], suspect: float, fail: float) -> list[Flag]:
    """A reading far from the middle between its neighbours; undefined at both ends and beside a missing one."""
    flags = []
    for place, value in enumerate(values):
        if value is None:
            flags.append(Flag.MISSING)
            continue
        sides = values[place - 1 : place + 2 : 2] if 0 < place < len(values) - 1 else ()
        known = [side for side in sides if side is not None]
        if len(known) < 2:
            flags.append(Flag.UNKNOWN)
            continue
        apart = abs(value - (known[0] + known[1]) / 2)
        flags.append(Flag.FAIL if apart > fail else Flag.SUSPECT if apart > suspect else Flag.PASS)
    return flags


def rate_of_change(values: Sequence[Value], seconds: Sequence[float], most: float) -> list[Flag]:
    """A reading that differs from the one before by more than `most` a second is suspect."""
    flags = [Flag.MISSING if value is None else Flag.PASS for value in values]
    for place in range(1, len(values)):
        before, value = values[place - 1], values[place]
        if before is None or value is None:
            continue
        if abs(value - before) / (seconds[place] - seconds[place - 1]) > most:
            flags[place] = Flag.SUSPECT
    return flags


def flat_line(
    values: Sequence[Value], seconds: Sequence[float], suspect_s: float, fail_s: float, tolerance: float
) -> list[Flag]:
    """Readings that have not moved by `tolerance` for so long; how many those are, the usual interval says."""
    flags = [Flag.MISSING if value is None else Flag.PASS for value in values]
    if len(values) < 3:
        return flags
    interval = median(b - a for a, b in zip(seconds, seconds[1:], strict=False))
    for span, flag in ((suspect_s, Flag.SUSPECT), (fail_s, Flag.FAIL)):
        count = int(span / interval)
        for place in range(count, len(values)):
            known = [value for value in values[place - count : place + 1] if value is not None]
            if values[place] is not None and known and max(known) - min(known) < tolerance:
                flags[place] = flag
    return flags


def worst(*tests: Sequence[Flag]) -> list[Flag]:
    """Of several tests of one series the gravest answer for each reading; what is missing stays missing."""
    order = (Flag.UNKNOWN, Flag.PASS, Flag.SUSPECT, Flag.FAIL, Flag.MISSING)
    return [max(flags, key=order.index) for flags in zip(*tests, strict=True)]
