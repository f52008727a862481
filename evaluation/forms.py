"""What the address of a board asks: its lines, the period, the scheme, the table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from core import clock
from core.errors import Invalid
from evaluation import rules, selectors
from evaluation.rules import Period
from evaluation.selectors import Question

SCORE = "score"
SHOWS = (SCORE, *rules.TABLES)


@dataclass(frozen=True)
class Asked:
    """The question of an address; `query` says it again, so that every link can change a part of it."""

    question: Question
    scheme: str
    show: str
    query: Mapping[str, str] = field(default_factory=dict)


def asked(given: Mapping[str, Any]) -> Asked:
    """The address read; Invalid, with a sentence, where it makes no sense. Lines by district and month by default."""
    level = _word(given, "level") or "district"
    if level not in selectors.BREAKDOWNS:
        raise Invalid("evaluation.level")
    within, scheme = _word(given, "within"), _word(given, "scheme")
    selectors.area_of(within)
    show = _word(given, "show") or (SCORE if level in rules.JUDGED else "handling")
    if show not in SHOWS or (show == SCORE and level not in rules.JUDGED):
        raise Invalid("evaluation.table")
    period, told = period_asked(given)
    query = {"level": level, "within": within, "scheme": scheme, "show": show, **told}
    return Asked(Question(level, period, within), scheme, show, {key: text for key, text in query.items() if text})


def period_asked(given: Mapping[str, Any]) -> tuple[Period, dict[str, str]]:
    """The period of an address, and the words that say it: `days`, `from` and `to`, or `period` with a day `on`."""
    today = localdate(clock.now())
    days, first, last = _word(given, "days"), _word(given, "from"), _word(given, "to")
    if days:
        if not re.fullmatch(r"[0-9]{1,3}", days):
            raise Invalid("evaluation.period")
        return rules.last_days(today, int(days)), {"days": days}
    if first or last:
        return rules.between(_day(first), _day(last)), {"from": first, "to": last}
    kind, on = _word(given, "period") or "month", _word(given, "on")
    period = rules.period_of(kind, _day(on) if on else today)
    return period, {"period": kind, "on": period.since.isoformat()}


def words_of(period: Period) -> dict[str, str]:
    """The words that ask for a period."""
    if period.kind in rules.CALENDAR:
        return {"period": period.kind, "on": period.since.isoformat()}
    return {"from": period.since.isoformat(), "to": period.last.isoformat()}


def _word(given: Mapping[str, Any], name: str) -> str:
    text = str(given.get(name, ""))
    if len(text) > 60 or "\x00" in text:
        raise Invalid("evaluation.asked")
    return text


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Invalid("evaluation.period")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("evaluation.period") from error
