"""A question and its answer as people say them: one sentence, and a name and a value for every group."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.contracts.questions import Counts, Group, Measure, Question
from cases.models import words
from core.languages import pick

register = template.Library()

Names = Mapping[str, Mapping[str, Mapping[str, str]]]


def source_words(codes: str) -> str:
    """The names of sources, as the filter joins them."""
    return pgettext("list", ", ").join(str(words.SOURCE_NAMES.get(code, code)) for code in codes.split(","))


def period(question: Question, today: date) -> str:
    """The days of a question, as short as they can be said."""
    since, until = question.since, question.until
    if (since.month, since.day) == (1, 1) and until == today:
        return _("%(year)s so far") % {"year": since.year} if since.year == until.year else _days(since, until)
    if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31) and since.year == until.year:
        return _("In %(year)s") % {"year": since.year}
    return _days(since, until)


def _days(since: date, until: date) -> str:
    if since == until:
        return _("On %(day)s") % {"day": since.isoformat()}
    return _("From %(since)s to %(until)s") % {"since": since.isoformat(), "until": until.isoformat()}


def group_name(by: Group, key: str, names: Names) -> str:
    """What people call a group of an answer."""
    if by is Group.SOURCE:
        return source_words(key)
    if by in (Group.MONTH, Group.WEEK, Group.DAY):
        return _moment(by, date.fromisoformat(key))
    if by is Group.WEEKDAY:
        return str(words.DAYS[int(key) - 1])
    if by is Group.HOUR:
        return f"{int(key):02d}:00–{int(key):02d}:59"
    if by is Group.CATEGORY:
        return f"{key} {pick(names['category'].get(key))}".strip() if key else pgettext("group", "without a class")
    if by is Group.ORG:
        return pick(names["org"].get(key)) or key if key else pgettext("group", "without an organisation")
    if not key:
        return pgettext("group", "without a place")
    return pick(names["region"].get(key)) or key


def axis_name(by: Group, key: str) -> str:
    """What stands for a group of time beneath its bar, where its name is too long for that; "" of any other."""
    if by is Group.HOUR:
        return f"{int(key):02d}:00"
    return date.fromisoformat(key).strftime("%m-%d") if by in (Group.WEEK, Group.DAY) else ""


def month_name(month: int) -> str:
    """What a month of the year is called."""
    return date_format(date(2001, month, 1), "F")


def _moment(by: Group, first: date) -> str:
    if by is Group.MONTH:
        return f"{first:%Y-%m}"
    if by is Group.WEEK:
        year, week, _day = first.isocalendar()
        return _("%(year)s week %(week)s, from %(day)s") % {"year": year, "week": week, "day": first.isoformat()}
    return f"{first.isoformat()} {date_format(first, 'D')}"


def sentence(question: Question, counts: Counts, today: date, names: Names) -> str:
    """The question and its answer in one sentence."""
    told = {"when": period(question, today), "which": _which(question, names), "reported": f"{counts.reported:,}"}
    if not counts.reported:
        return _("%(when)s: no case was reported%(which)s.") % told
    if counts.on_time == counts.reported:
        return _("%(when)s: %(reported)s cases were reported%(which)s, all closed in time.") % told
    if not counts.closed:
        return _("%(when)s: %(reported)s cases were reported%(which)s; none is closed yet.") % told
    told |= {"closed": f"{counts.closed:,}", "share": percent(counts.value(Measure.ON_TIME))}
    return (
        _("%(when)s: %(reported)s cases were reported%(which)s; %(closed)s are closed, %(share)s of them in time.")
        % told
    )


def _which(question: Question, names: Names) -> str:
    """The filters of a question as a part of its sentence."""
    given = question.filters
    said = []
    if "source" in given:
        said.append(pgettext("insights", " by %(source)s") % {"source": source_words(given["source"])})
    if "category" in given:
        said.append(pgettext("insights", " of class %(name)s") % {"name": _named(Group.CATEGORY, given, names)})
    for name in ("district", "area", "cell"):
        if name in given:
            said.append(pgettext("insights", " in %(place)s") % {"place": _place(given[name], names)})
    if "org" in given:
        said.append(pgettext("insights", " with %(name)s") % {"name": _named(Group.ORG, given, names)})
    if "weekday" in given:
        said.append(pgettext("insights", " on %(day)s") % {"day": group_name(Group.WEEKDAY, given["weekday"], names)})
    if "hour" in given:
        said.append(pgettext("insights", " at %(hour)s") % {"hour": group_name(Group.HOUR, given["hour"], names)})
    return "".join(said)


def _named(by: Group, given: Mapping[str, str], names: Names) -> str:
    key = given[str(by)]
    return group_name(by, "" if key == "none" else key, names)


def _place(code: str, names: Names) -> str:
    return group_name(Group.STREET, "" if code == "none" else code, names)


def percent(value: float | None) -> str:
    """A share as people read it: never 100 % where one is missing."""
    if value is None:
        return "—"
    text = f"{value * 100:.1f}"
    if value < 1 and text == "100.0":
        text = "99.9"
    return f"{text.removesuffix('.0')}%"


def minutes(value: float | None) -> str:
    """A time in minutes, hours or days."""
    if value is None:
        return "—"
    if value < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", round(value)) % {"n": round(value)}
    if value < 48 * 60:
        return _("%(n)s hours") % {"n": f"{value / 60:.1f}"}
    return _("%(n)s days") % {"n": f"{value / 1440:.1f}"}


@register.filter
def as_measure(counts: Counts, measure: Measure) -> str:
    """The value of a measure as people read it."""
    value = counts.value(measure)
    if measure is Measure.MINUTES:
        return minutes(value)
    return f"{counts.reported:,}" if measure is Measure.REPORTED else percent(value)


@register.filter
def as_percent(value: float | None) -> str:
    """A share as people read it."""
    return percent(value)


@register.filter
def as_minutes(value: float | None) -> str:
    """Minutes as people read them."""
    return minutes(value)


@register.filter
def day_name(weekday: int) -> str:
    """The name of a day of the week, 1 for Monday."""
    return str(words.DAYS[int(weekday) - 1])


@register.filter
def chance(value: float) -> str:
    """A small chance as people read it."""
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


@register.filter
def kind_name(kind: str) -> str:
    """What people call a kind of day."""
    if kind == "holiday":
        return pgettext("day", "holiday on a weekday")
    return pgettext("day", "make-up workday") if kind == "makeup" else str(words.DAYS[int(kind[1:]) - 1])
