"""The measures counted over the facts: by area, organisation, post, person, class or source, and which cases they are.

A number and the list of its cases come from the same condition (`_rule`), so that they cannot differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware

from cases import selectors as cases
from core import clock
from core.errors import Invalid
from core.querying import EVERYTHING, NOTHING, scope_q
from core.scope import Actor, Duty
from evaluation import rules
from evaluation.models import Fact, News
from evaluation.rules import Period, Tally
from grid import selectors as grid
from journal import selectors as journal

RIGHT = "score.see"
FOLLOWS = "evaluation.note_news"
"""By which name the facts follow the news of cases."""
SEE = (RIGHT, str(Duty.DESK), str(Duty.EVALUATE))
"""Who has anything to do with appeals: whoever sees scores, the desks of departments, and who decides on them."""
AREAS = ("district", "street", "community")
BREAKDOWNS = ("city", *AREAS, "organisation", "post", "person", "category", "source")
"""What a board may have its lines by."""
Line = Mapping[str, Tally]


@dataclass(frozen=True)
class Question:
    """What is counted: lines `by`, within a region ("" everywhere), owed or done in a period."""

    by: str
    period: Period
    within: str = ""

    def before(self) -> "Question":
        """The same of the period before."""
        return replace(self, period=rules.previous(self.period))


def moment(day: date) -> datetime:
    """When a day begins in the city."""
    return make_aware(datetime.combine(day, time.min))


def is_over(period: Period) -> bool:
    """Whether the last of its days has ended."""
    return moment(period.until) <= clock.now()


def parked() -> dict[str, str]:
    """The cases that cannot be counted, each with the error; for who runs the system."""
    return dict(News.objects.exclude(error="").order_by("case").values_list("case", "error"))


def uncounted(period: Period, area: str = "") -> list[str]:
    """The cases that a period could have in this area, and that could not be counted: their news waits for a person."""
    waiting = {*parked(), *journal.parked_subjects(FOLLOWS)}
    return cases.reported_before(waiting, moment(period.until), area)


def still_comes(period: Period) -> bool:
    """Whether news from before the end of a period is still on its way to the facts."""
    return journal.waits_before(FOLLOWS, moment(period.until))


def tallies(actor: Actor, asked: Question, refs: Iterable[str]) -> dict[str, Line]:
    """By line, what each count came to; a line without a count has nothing of it.

    Persons are shown to who evaluates there, and to themselves; in one query for each column that lines stand by.
    """
    _known(asked.by)
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in dict.fromkeys(one for given in refs for one in rules.counts_of(given)):
        groups[_columns(asked.by, rules.COUNTS[rules.parted(ref)[0]])].append(ref)
    lines: dict[str, dict[str, Tally]] = defaultdict(dict)
    for (column, org), wanted in groups.items():
        if column or asked.by != "person":
            _count(lines, actor, asked, column, org, wanted)
    return dict(lines)


def counted(actor: Actor, asked: Question, ref: str, key: str = "", *, raw: bool = False) -> QuerySet[Fact]:
    """Exactly the facts behind one count of one line, newest first; with `raw` those too that were exempted."""
    _known(asked.by)
    count = _count_of(ref)
    column, org = _columns(asked.by, count)
    rule = _rule(ref, asked.period, raw=raw) & _of_line(asked, count, column, key)
    rows = Fact.objects.filter(_seen(actor, asked, column, org) & _standing(org, asked.period) & rule)
    return rows.distinct() if org == rules.EACH_SHIRKER else rows


def _of_line(asked: Question, count: rules.Count, column: str, key: str) -> Q:
    """What belongs to one line of the board."""
    if asked.by == "post":
        return EVERYTHING if key == count.post else NOTHING
    if asked.by == "organisation":
        name = _path(column)
        return Q(**{name: key}) | Q(**{f"{name}__endswith": f".{key}"}) if key else NOTHING
    return Q(**{column: key}) if column else (NOTHING if key else EVERYTHING)


def _path(column: str) -> str:
    """The column of an organisation; of a table beside the facts that of its rows."""
    return f"{column}__org" if column in rules.BESIDE else column


def _count_of(ref: str) -> rules.Count:
    try:
        return rules.COUNTS[rules.parted(ref)[0]]
    except KeyError as error:
        raise Invalid("evaluation.measure", given=ref[:40]) from error


def _known(by: str) -> None:
    if by not in BREAKDOWNS:
        raise Invalid("evaluation.level")


def _columns(by: str, count: rules.Count) -> tuple[str, str]:
    """The column that the lines stand by ("" for one line of all), and that of the organisation it is counted as."""
    if by == "organisation":
        return count.org, count.org
    org = count.org if count.org in rules.BESIDE else "org"
    if by == "person":
        return rules.PERSON_OF.get(count.post, ""), org
    return ("" if by in ("city", "post") else by), org


def _seen(actor: Actor, asked: Question, column: str, org: str) -> Q:
    """What the actor may count: as a line of persons what lies where they evaluate, and their own work everywhere.

    What is asked of a table beside the facts must be one condition, so that it is of the same row.
    """
    right = Duty.EVALUATE if asked.by == "person" else RIGHT
    mine = scope_q(actor.scope(right), _path(org), "area")
    if asked.by == "person" and column:
        mine |= Q(**{column: actor.key})
    return mine & _within_region(asked)


def _within_region(asked: Question) -> Q:
    if not asked.within:
        return EVERYTHING
    return Q(district=asked.within) | Q(street=asked.within) | Q(community=asked.within)


def _count(
    lines: dict[str, dict[str, Tally]], actor: Actor, asked: Question, column: str, org: str, refs: list[str]
) -> None:
    """One query: each count, raw and net, of the rows that any of them could count."""
    within, once = NOTHING, org == rules.EACH_SHIRKER
    asks: dict[str, CountOf] = {}
    for place, ref in enumerate(refs):
        count = rules.COUNTS[rules.parted(ref)[0]]
        within |= _within(count.at, asked.period)
        asks[f"n{place}"] = CountOf("pk", filter=_rule(ref, asked.period), distinct=once)
        if rules.EXEMPT in count.conditions:
            asks[f"r{place}"] = CountOf("pk", filter=_rule(ref, asked.period, raw=True), distinct=once)
    seen = _seen(actor, asked, column, org) & _standing(org, asked.period)
    rows, column = Fact.objects.filter(seen & within).order_by(), _path(column)
    found: Iterable[dict[str, Any]] = rows.values(column).annotate(**asks) if column else [rows.aggregate(**asks)]
    for row in found:
        for place, ref in enumerate(refs):
            net = row[f"n{place}"]
            for key in _keys(asked.by, row.get(column, ""), ref):
                _add(lines[key], ref, Tally(row.get(f"r{place}", net), net))


def _add(line: dict[str, Tally], ref: str, tally: Tally) -> None:
    had = line.get(ref, Tally())
    line[ref] = Tally(had.raw + tally.raw, had.net + tally.net)


def _keys(by: str, value: str, ref: str) -> tuple[str, ...]:
    """The line that a group belongs to; none for what belongs nowhere (no place, no organisation, nobody)."""
    if by == "city":
        return ("",)
    if by == "post":
        post = rules.COUNTS[rules.parted(ref)[0]].post
        return (post,) if post else ()
    key = value.rpartition(".")[2] if by == "organisation" else value
    return (key,) if key else ()


def _as_of(period: Period) -> datetime:
    """As of when a period is read: its end, of a running one now."""
    return min(clock.now(), moment(period.until))


def _standing(org: str, period: Period) -> Q:
    """The one fact of each case as it stood then, if it has been opened again since.

    What is counted beside the facts has its own moments, and hangs on the fact as it stands now.
    """
    if org in rules.BESIDE:
        return Q(round=0)
    as_of = _as_of(period)
    begun = Q(stood_from=None) | Q(stood_from__lt=as_of)
    return begun & (Q(stood_until=None) | Q(stood_until__gte=as_of))


def _within(at: str, period: Period) -> Q:
    return Q(**{f"{at}__gte": moment(period.since), f"{at}__lt": moment(period.until)})


def _rule(ref: str, period: Period, *, raw: bool = False) -> Q:
    """The condition of a count as a filter."""
    code, part = rules.parted(ref)
    count = rules.COUNTS[code]
    as_of = _as_of(period)
    rule = _within(count.at, period)
    for condition in count.raw if raw else count.conditions:
        rule &= _condition(condition, as_of)
    return rule & Q(**{part: True}) if part else rule


def _condition(text: str, as_of: datetime) -> Q:
    kind, colon, column = text.partition(":")
    if colon:
        still = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gte": as_of})
        return still if kind == "open" else Q(**{f"{column}__lt": as_of})
    number = rules.NUMBER.fullmatch(text)
    if number:
        name, sign, bound = number.groups()
        return Q(**{f"{name}__gte" if sign == ">=" else name: int(bound)})
    return Q(**{text.removeprefix("!"): not text.startswith("!")})


def area_of(within: str) -> str:
    """The path of a district, street or community; "" for the whole city; Invalid for what is none of them."""
    found = (row.path for level in AREAS for row in grid.regions(level) if row.code == within)
    path = next(found, "") if within else ""
    if within and not path:
        raise Invalid("evaluation.no_such_region", given=within[:20].replace("\x00", ""))
    return path
