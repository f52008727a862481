"""The census: grounds that are counted, samples, error rates."""

import math
from collections.abc import Mapping, Sequence
from typing import Any


def ground_fault(grounds: Sequence[Mapping[str, Any]], ground: str, width_m: float | None) -> str:
    """Why something on this ground is not counted by the census, as a code; "" when it is."""
    rule = next((one for one in grounds if one["code"] == ground), None)
    if rule is None:
        return "assets.census_ground"
    least = rule.get("min_width_m")
    if least is None:
        return ""
    if width_m is None or not math.isfinite(width_m):
        return "assets.census_width_needed"
    return "assets.census_too_narrow" if width_m < least else ""


def sample_size(found: int, share: float, least: int) -> int:
    """How many of the findings are looked at again: the share of them, but never fewer than `least` while there are."""
    return min(found, max(least, math.ceil(found * share)))


def error_rate(wrong: int, sampled: int) -> float:
    """The share of the sample that was wrong; nothing sampled, nothing wrong."""
    return wrong / sampled if sampled else 0.0


def passes(wrong: int, sampled: int, threshold: float) -> bool:
    """Whether a street with these errors in its sample is as it should be."""
    return error_rate(wrong, sampled) <= threshold


def rules_problems(given: Mapping[str, Any]) -> list[str]:
    """Why the rules of a census as a pack writes them cannot be used, as sentences for its author."""
    codes = [ground["code"] for ground in given.get("grounds") or ()]
    return ["a ground is written twice"] if len(codes) != len(set(codes)) else []
