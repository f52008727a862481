"""How Chinese names are found by the first letters of their Pinyin. Pure."""

_INITIALS = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_LAST_ORDERED = 0xD7F9


def initials(text: str) -> str:
    """The first letters of the Pinyin of a text: 上水井盖 is ssjg.

    The 3,755 common characters of GB 2312 are sorted by Pinyin, so their place says the letter; rarer ones are skipped.
    """
    return "".join(map(_initial, text.casefold()))


def _initial(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isalnum() else ""
    raw = letter.encode("gb2312", "ignore")
    place = int.from_bytes(raw, "big") if len(raw) == 2 else 0
    if not _INITIALS[0][0] <= place <= _LAST_ORDERED:
        return ""
    return next(name for first, name in reversed(_INITIALS) if place >= first)


def named_so(words: str, *names: str) -> bool:
    """Whether every word stands in one of the names, or in the initials of one."""
    told = " ".join(names).casefold()
    short = " ".join(initials(name) for name in names if not name.isascii())
    return all(word in told or (len(word) > 1 and word in short) for word in words.casefold().split())
