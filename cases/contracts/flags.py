"""Flags of a case 标记: what people, or the way that it was closed, say of it beside its stage."""

from enum import StrEnum


class Flag(StrEnum):
    """It is like others 类似, an example for others 典型, or was closed past the check 强制结案."""

    SIMILAR = "similar"
    TYPICAL = "typical"
    FORCED = "forced"
