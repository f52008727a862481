"""Standard texts: the places that may stand in them. Pure."""

from core.placeholders import strange

PLACES = ("number", "class", "place", "department")
LONGEST_TEXT = 1000


def strange_places(text: str) -> list[str]:
    """What stands in braces and is no place that anything fills, and braces without a partner."""
    return strange(text, PLACES)
