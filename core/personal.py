"""How personal data is shown to whoever has not asked to see it whole: 王*, 138****5678, z***@example.com. Pure.

This is the one place that decides: what keeps words of people asks here what may stand in them.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

_GAP = r"[\s\-–—.]{0,2}"
_MAIL = r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
_IDENTITY = r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
_MOBILE = rf"(?<!\d)(?:\+?86{_GAP})?1[3-9](?:{_GAP}\d){{9}}(?!\d)"
_LINE = r"(?<!\d)\(?0[1-9]\d{1,2}\)?[ \-]?[2-9]\d{6,7}(?!\d)"
_SHAPES = f"(?P<mail>{_MAIL})|(?P<identity>{_IDENTITY})|(?P<phone>{_MOBILE}|{_LINE})"
_FOUND = re.compile(_SHAPES)
_MAY_HOLD = re.compile(r"@|＠|\d(?:\D{0,3}\d){8}")
SHORTEST_NAME, SHORTEST_PHONE = 2, 4
NO_NAMES = frozenset({
    "匿名", "无名", "不详", "未知", "保密", "市民", "群众", "居民", "村民", "业主", "住户", "路人",
    "游客", "先生", "女士", "小姐", "同志", "来电人", "投诉人", "举报人", "反映人", "热心市民",
    "anonymous", "citizen", "resident", "unknown", "nobody",
})  # fmt: skip
"""What people write where a name is asked for and which names nobody: it stays readable in every text."""


class Person(NamedTuple):
    """What is known of whoever reported."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def shown(self) -> "Person":
        """The same, masked."""
        return Person(masked_name(self.name), masked_phone(self.phone), masked_mail(self.email))


NOBODY = Person()


def masked_name(name: str) -> str:
    """The first letter and a star for each other one; of a single letter nothing."""
    plain = name.strip()
    if plain.casefold() in NO_NAMES:
        return plain
    return plain[:1] + "*" * (len(plain) - 1) if len(plain) > 1 else "*" * len(plain)


def masked_phone(phone: str) -> str:
    """138****5678 of a number with its area or its network; of a shorter one its last two; of words nothing."""
    if not phone.strip():
        return ""
    digits = "".join(letter for letter in plain_text(phone) if letter.isdigit())
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    head, tail = (3, 4) if len(digits) >= 11 else (0, 2) if len(digits) >= 7 else (0, 0)
    hidden = len(digits) - head - tail
    return digits[:head] + "*" * hidden + digits[len(digits) - tail :] if digits else "***"


def masked_identity(number: str) -> str:
    """440***********1234."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def masked_mail(mail: str) -> str:
    """The first letter of a name of three or more, and where it is kept; never longer than the address."""
    name, at, host = mail.strip().rpartition("@")
    head = name[:1] if len(name) > 2 else ""
    return f"{head}{'*' * min(3, len(name) - len(head))}@{host}" if at else masked_name(mail)


_MASKS: Mapping[str, Callable[[str], str]] = {
    "mail": masked_mail, "identity": masked_identity, "phone": masked_phone, "known_mail": masked_mail,
    "known_phone": masked_phone, "known_name": masked_name,
}  # fmt: skip


def masked_words(text: str, known: Person = NOBODY) -> str:
    """The words without telephone and identity numbers, mail addresses, and what is known of the person.

    Numbers of cases, cells and components stay, and so do number plates: whoever handles the case needs them.
    """
    if not text or (known == NOBODY and not _MAY_HOLD.search(text)):
        return text
    shown, end = [], 0
    for found in _finder(known).finditer(plain_text(text)):
        shown += [text[end : found.start()], _MASKS[str(found.lastgroup)](found.group())]
        end = found.end()
    return "".join((*shown, text[end:]))


def _finder(known: Person) -> re.Pattern[str]:
    words = _known_shapes(known)
    return re.compile("|".join((*words, _SHAPES)), re.IGNORECASE) if words else _FOUND


def _known_shapes(known: Person) -> list[str]:
    name, mail = (plain_text(part.strip()) for part in (known.name, known.email))
    digits = [letter for letter in plain_text(known.phone) if letter.isdigit()]
    found = []
    if mail:
        found.append(f"(?P<known_mail>{re.escape(mail)})")
    if len(digits) >= SHORTEST_PHONE:
        found.append(rf"(?P<known_phone>(?<!\d){_GAP.join(digits)}(?!\d))")
    if len(name) >= SHORTEST_NAME and name.casefold() not in NO_NAMES:
        found.append(rf"(?P<known_name>(?<![A-Za-z]){re.escape(name)}(?![A-Za-z]))")
    return found


def plain_text(text: str) -> str:
    """The text in ordinary width, of the same length: what is found in it stands at the same place in the text."""
    return "".join(map(_plain, text))


@lru_cache(maxsize=8192)
def _plain(letter: str) -> str:
    """The letter in ordinary width; as it is where it would become more than one, so that places stay the same."""
    plain = normalize("NFKC", letter)
    return plain if len(plain) == 1 else letter
