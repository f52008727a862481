"""What somebody types to find a place, cleaned; and the pairs of letters that a name is found by."""

import re

from core.errors import Invalid

LONGEST = 60
SKIPPED = re.compile(r"[\s·,.，。、]+")


def cleaned(text: str) -> str:
    """Lower case, without spaces and marks; Invalid where nothing remains or it is longer than any name."""
    if len(text) > LONGEST or "\0" in text:
        raise Invalid("grid.bad_words", most=LONGEST)
    words = SKIPPED.sub("", text.lower())
    if not words:
        raise Invalid("grid.bad_words", most=LONGEST)
    return words


def pairs(words: str) -> list[str]:
    """Each pair of neighbours once, in order; of a single letter the letter itself."""
    if len(words) == 1:
        return [words]
    return list(dict.fromkeys(words[n : n + 2] for n in range(len(words) - 1)))


def grams(words: str) -> list[str]:
    """The pairs and the single letters, each once: what a name with a slip of the pen still shares."""
    return list(dict.fromkeys([*pairs(words), *words]))


def is_code(words: str, district: int) -> bool:
    """Digits only, at least as many as name a district."""
    return words.isascii() and words.isdigit() and len(words) >= district
