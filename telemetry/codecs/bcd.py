"""Digits in pairs of nibbles, and the times written in them."""

from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def digits(raw: bytes) -> str | None:
    """The digits, or None where a nibble is not one."""
    text = raw.hex()
    return text if text.isdecimal() else None


def moment(raw: bytes) -> datetime | None:
    """YYMMDDhhmm[ss] of Beijing, as UTC; None where that is no time."""
    text = digits(raw)
    if text is None:
        return None
    year, month, day, hour, minute, second = (int(text[place : place + 2] or 0) for place in range(0, 12, 2))
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        return None


def written(at: datetime) -> bytes:
    """YYMMDDhhmmss of Beijing."""
    return bytes.fromhex(at.astimezone(BEIJING).strftime("%y%m%d%H%M%S"))
