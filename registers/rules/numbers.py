"""Numbers of records: a pattern of a pack, such as `DOG{district}{year}{seq:5}`. Pure."""

import re

PLACES = re.compile(r"\{(district|year|seq:([3-9]))\}")


def number_fault(pattern: str) -> str:
    """What is wrong with a pattern, "" where nothing is."""
    if len(PLACES.findall(pattern)) != len(re.findall(r"[{}]", pattern)) / 2:
        return f"{pattern} may hold {{district}}, {{year}} and {{seq:3}} to {{seq:9}}, and no other braces."
    if len([one for one in PLACES.findall(pattern) if one[0].startswith("seq")]) != 1 or not pattern.endswith("}"):
        return f"{pattern} ends with its running number, for example {{seq:5}}."
    if "{seq" not in pattern[pattern.rindex("{") :]:
        return f"{pattern} ends with its running number, for example {{seq:5}}."
    if not re.fullmatch(r"[A-Za-z0-9-]*", PLACES.sub("", pattern)):
        return f"{pattern} holds letters, digits and dashes beside its places."
    return ""


def number_head(pattern: str, *, district: str, year: int) -> tuple[str, int]:
    """What stands before the running number, and how many digits that has."""
    seq = next(found for found in PLACES.finditer(pattern) if found[1].startswith("seq"))
    head = pattern[: seq.start()].replace("{district}", district or "0").replace("{year}", str(year))
    return head, int(seq[2])


def number_told(pattern: str, number: str) -> tuple[str, int] | None:
    """The head and the running number of a number that the pattern might have made; None of any other."""
    seq = next(found for found in PLACES.finditer(pattern) if found[1].startswith("seq"))
    digits = int(seq[2])
    head, last = number[:-digits], number[-digits:]
    shape = re.escape(pattern[: seq.start()]).replace(r"\{district\}", "[0-9A-Za-z]+").replace(r"\{year\}", "[0-9]{4}")
    if len(last) < digits or not re.fullmatch("[0-9]+", last) or not re.fullmatch(shape, head):
        return None
    return head, int(last)
