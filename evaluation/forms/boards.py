"""What the address of a board asks (its lines, the period, the scheme, the table), and the file of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import override

from core import clock
from core.errors import Invalid
from core.scope import Actor
from evaluation import codecs, rules, selectors
from evaluation.rules import Period
from evaluation.rules.reports import Report
from evaluation.selectors import Question

SCORE = "score"
SHOWS = (SCORE, *rules.TABLES)
LANGUAGES = ("zh-hans", "en")
PUBLICATION = "publication"


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


def file_of(options: Mapping[str, str], suffix: str, actor: Actor) -> tuple[bytes, int]:
    """The workbook or the paper of what these options ask for, with what the actor sees now; and how many lines."""
    with override(language_of(options)):
        report = report_of(options, actor)
        make = codecs.workbook_of if suffix == "xlsx" else codecs.paper_of
        return make(report, by=actor.label, at=clock.now()), len(report.lines)


def report_of(options: Mapping[str, str], actor: Actor) -> Report:
    """A board, or a publication by its number, as the actor sees it now."""
    if PUBLICATION in options:
        return selectors.publication_report(actor, number_of(options[PUBLICATION]))
    found = asked(options)
    if found.show == SCORE:
        return selectors.scores_report(actor, found.question, found.scheme)
    return selectors.measures_report(actor, found.question, found.show)


def language_of(options: Mapping[str, str]) -> str:
    """The language of a file."""
    language = options.get("language") or LANGUAGES[0]
    if language not in LANGUAGES:
        raise Invalid("evaluation.asked")
    return language


def number_of(text: str) -> int:
    """A number as addresses have it."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid("evaluation.asked")
    return int(text)


@dataclass(frozen=True)
class Planned:
    """What a form asks to come by itself."""

    asked: Asked
    every: str
    day: int
    at: time
    formats: tuple[str, ...]
    language: str


def planned(given: QueryDict) -> Planned:
    """The form of a plan read; Invalid, with a sentence, where it makes no sense."""
    told = {name: given.get(name, "") for name in ("level", "within", "scheme", "show")}
    every, day, at = _word(given, "every"), _word(given, "day"), _word(given, "at")
    if not re.fullmatch(r"[0-9]{1,2}", day):
        raise Invalid("evaluation.report_day")
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", at):
        raise Invalid("evaluation.report_time")
    formats = tuple(given.getlist("formats"))[:9]
    return Planned(asked(told), every, int(day), time.fromisoformat(at), formats, _word(given, "language"))
