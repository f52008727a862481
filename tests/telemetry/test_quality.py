"""Flags of quality on the water levels of NOAA, equal to those of ioos_qc 3.0.0 and of a second implementation here."""

import csv
from collections import Counter
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from telemetry.contracts.observations import Flag
from telemetry.rules import quality

SERIES = Path("/work/shared/data/tracks/noaa_water_level_example.csv")
SPANS, SPIKES, RATE, FLAT = ((-10.0, 10.0), (-2.0, 3.0)), (0.8, 3.0), 0.001, (10800, 21600, 0.001)
IOOS = {
    "gross_range": "a037d3af8b0a8f4c", "spike": "d09f1aefd188feec", "rate_of_change": "55ee9ba97880ab2d",
    "flat_line": "521e2e5014bcdb85",
}  # fmt: skip
"""What ioos_qc 3.0.0 says of the series: the digest of its flags, made once apart from this suite."""


def told() -> tuple[list[float | None], list[float]]:
    """The values of the series, None where one is missing, and their moments in seconds."""
    with SERIES.open() as file:
        rows = list(csv.DictReader(file))
    name = "sea_surface_height_above_sea_level"
    values = [float(row[name]) if row[name] not in ("", "NaN", "nan") else None for row in rows]
    return values, [datetime.fromisoformat(row["time"]).timestamp() for row in rows]


def flags() -> dict[str, list[Flag]]:
    """What our tests say of it."""
    values, seconds = told()
    return {
        "gross_range": quality.gross_range(values, *SPANS),
        "spike": quality.spike(values, *SPIKES),
        "rate_of_change": quality.rate_of_change(values, seconds, RATE),
        "flat_line": quality.flat_line(values, seconds, *FLAT),
    }


def second_opinion() -> dict[str, np.ndarray]:
    """The same definitions over whole arrays: nothing of it is shared with the rules."""
    values, seconds = told()
    x, t = np.array([np.nan if one is None else one for one in values]), np.array(seconds)
    missing = np.isnan(x)

    def flagged(suspect: np.ndarray, fail: np.ndarray | None = None, unknown: np.ndarray | None = None) -> np.ndarray:
        out = np.where(suspect, 3, 1)
        out = out if fail is None else np.where(fail, 4, out)
        out = out if unknown is None else np.where(unknown, 2, out)
        return np.where(missing, 9, out)

    with np.errstate(invalid="ignore"):
        gross = flagged((x < SPANS[1][0]) | (x > SPANS[1][1]), (x < SPANS[0][0]) | (x > SPANS[0][1]))
        apart = np.full(len(x), np.nan)
        apart[1:-1] = np.abs(x[1:-1] - (x[:-2] + x[2:]) / 2)
        spikes = flagged(apart > SPIKES[0], apart > SPIKES[1], np.isnan(apart))
        steps = np.concatenate([[0.0], np.abs(np.diff(x) / np.diff(t))])
        rates = flagged(steps > RATE)
    ranges = {}
    for span in FLAT[:2]:
        count = int(span / np.median(np.diff(t)))
        windows = np.lib.stride_tricks.sliding_window_view(x, count + 1)
        known = ~np.isnan(windows).all(axis=1)
        wide = np.full(len(windows), np.inf)
        wide[known] = np.nanmax(windows[known], axis=1) - np.nanmin(windows[known], axis=1)
        ranges[span] = np.concatenate([np.full(count, np.inf), wide]) < FLAT[2]
    return {
        "gross_range": gross, "spike": spikes, "rate_of_change": rates,
        "flat_line": flagged(ranges[FLAT[0]], ranges[FLAT[1]]),
    }  # fmt: skip


@pytest.mark.skipif(not SERIES.is_file(), reason="the series of NOAA is not on this machine")
def test_the_flags_of_the_noaa_series_are_those_of_ioos_qc_and_of_a_second_implementation():
    ours, theirs = flags(), second_opinion()
    for name, found in ours.items():
        assert [int(one) for one in found] == theirs[name].tolist(), name
        assert sha256(bytes(int(one) for one in found)).hexdigest()[:16] == IOOS[name], name
    assert Counter(ours["gross_range"]).keys() > {Flag.PASS}, "the series has more than good readings"


def test_flags_of_a_short_series_are_what_one_works_out_by_hand():
    values = [1.0, None, 2.0, 2.0, 9.0, 2.0, 2.0]
    seconds = [60.0 * place for place in range(7)]
    assert quality.gross_range(values, (0, 8), (0, 1.5)) == [1, 9, 3, 3, 4, 3, 3]
    assert quality.spike(values, 2, 8) == [2, 9, 2, 3, 3, 3, 2]
    assert quality.rate_of_change(values, seconds, 0.1) == [1, 9, 1, 1, 3, 3, 1]
    assert quality.flat_line([2.0] * 5, seconds[:5], 120, 240, 0.1) == [1, 1, 3, 3, 4]
    assert quality.worst([1, 2], [3, 1]) == [3, 1]
    assert quality.spike([], 1, 2) == []
