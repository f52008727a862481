"""What a line of a hotline's file says: its times and its class. Pure."""

import re
from datetime import datetime, tzinfo

_MOMENT = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_NOISE = re.compile(r"[\s/_\-]+")


def moment_of(value: object, zone: tzinfo) -> datetime | None:
    """The moment that a cell tells, in the zone of the file unless it names one; None for what is no moment."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    text = str(value).strip()
    match = _MOMENT.fullmatch(text)
    try:
        if match:
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=zone)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def class_words(text: str) -> dict[str, str]:
    """The classes that a setting gives to words of the file: `Bulky Items=E0110; Graffiti=E0102`."""
    pairs = (part.partition("=") for part in re.split(r"[;；\n]", text))
    return {plain(word): code.strip().upper() for word, _sign, code in pairs if word.strip() and code.strip()}


def plain(word: str) -> str:
    """A word without what makes no difference."""
    return _NOISE.sub("", word).casefold()
