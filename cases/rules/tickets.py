"""What a line of a hotline's file says of its class. Pure."""

import re

_NOISE = re.compile(r"[\s/_\-]+")


def class_words(text: str) -> dict[str, str]:
    """The classes that a setting gives to words of the file: `Bulky Items=E0110; Graffiti=E0102`."""
    pairs = (part.partition("=") for part in re.split(r"[;；\n]", text))
    return {plain(word): code.strip().upper() for word, _sign, code in pairs if word.strip() and code.strip()}


def plain(word: str) -> str:
    """A word without what makes no difference."""
    return _NOISE.sub("", word).casefold()
