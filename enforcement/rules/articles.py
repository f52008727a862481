"""The articles that the guards of a file stand on, so that each refusal names its own.

The texts are those of the papers' section on enforcement; what it does not quote is marked "to be checked".
"""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import Names


class Law(StrEnum):
    """The laws, by the short names of the papers."""

    PENALTY = "APL"
    COERCION = "AEL"
    REVIEW = "ARL"
    SUIT = "ALL"
    PERSON = "PIPL"


NAMES: Mapping[Law, tuple[str, str]] = {
    Law.PENALTY: ("行政处罚法", "Administrative Penalty Law"),
    Law.COERCION: ("行政强制法", "Administrative Enforcement Law"),
    Law.REVIEW: ("行政复议法", "Administrative Reconsideration Law"),
    Law.SUIT: ("行政诉讼法", "Administrative Litigation Law"),
    Law.PERSON: ("个人信息保护法", "Personal Information Protection Law"),
}
_TENS = ("", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十")
_ONES = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below a hundred as articles are numbered: 58 is 五十八."""
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (_ONES[ones] if ones else "") if tens else _ONES[ones]


def article(law: Law, number: int) -> Names:
    """The article in both languages: 《行政处罚法》第五十八条, Administrative Penalty Law art. 58."""
    zh, en = NAMES[law]
    return Names(zh=f"《{zh}》第{numeral(number)}条", en=f"{en} art. {number}")


def penalty(number: int) -> Names:
    """An article of the Administrative Penalty Law of 2021."""
    return article(Law.PENALTY, number)


def coercion(number: int) -> Names:
    """An article of the Administrative Enforcement Law of 2011."""
    return article(Law.COERCION, number)
