"""The last days' cases under a rule of automatic dispatch: what it would have done, and what people did."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from cases import rules
from cases.contracts.dispatching import DISPATCHER, ReplayState
from cases.models import Case, DispatchReplayJob, DispatchRule, Move
from cases.selectors.deadlines import hours_of
from cases.selectors.dispatching import dispatch_rules_in_force, in_hours, reach, ruled
from cases.selectors.finding import visible_to
from cases.selectors.responsibility import book_of_all
from core.errors import NotFound
from core.scope import Actor
from core.worktime import Calendar
from grid import selectors as grid

LISTED = 200
AT_ONCE, TOLD_EVERY = 2_000, 500
Past = tuple[str, rules.Dispatchable, str]


class Judged(NamedTuple):
    """A case that the rule would have sent elsewhere than people did, or left to them and why."""

    number: str
    rule: str
    people: str
    code: str


@dataclass
class DispatchReplay:
    """Of `total` cases registered in the last days, how many the rule speaks of, and how that compares.

    `right` went where people had them in the end, `wrong` elsewhere, `open` nobody has dispatched yet (or only a rule
    did). `left` are those it speaks of and does not decide, by the code that says why.
    """

    days: int
    until: datetime
    total: int = 0
    right: int = 0
    wrong: int = 0
    open: int = 0
    left: Counter[str] = field(default_factory=Counter)
    listed: list[Judged] = field(default_factory=list)
    seal: str = ""

    @property
    def decided(self) -> int:
        """How many cases it would have dispatched."""
        return self.right + self.wrong + self.open

    @property
    def speaks_of(self) -> int:
        """How many cases it would have been asked about."""
        return self.decided + self.left.total()


def replay_size(row: DispatchRule, days: int, until: datetime) -> int:
    """How many cases its replay has to look at."""
    return _narrowed(_registered(days, until), row).count()


def _registered(days: int, until: datetime) -> Q:
    return Q(registered_at__gt=until - timedelta(days=days), registered_at__lte=until)


def replay_dispatch(
    row: DispatchRule, days: int, until: datetime, far: Callable[[int], None] | None = None
) -> DispatchReplay:
    """What the rule would have done with them beside those in force, one pass over the table, row after row.

    `far` is told now and then how many it has looked at.
    """
    asked = [*dispatch_rules_in_force(row.level), own := ruled(row)]
    found, registered = DispatchReplay(days, until), _registered(days, until)
    found.total = Case.objects.filter(registered).count()
    seal = hashlib.sha256(json.dumps([rule_facts(row), days, until.isoformat()], sort_keys=True).encode())
    history = _history(_narrowed(registered, row), row, any(one.hours for one in asked))
    for turn, (number, facts, people) in enumerate(history):
        if far is not None and turn % TOLD_EVERY == 0:
            far(turn)
        verdict = rules.decide(asked, facts)
        if verdict.rule is not own:
            continue
        seal.update(f"{number}>{verdict.organisation};".encode())
        _count(found, number, verdict, people)
    found.seal = f"{seal.hexdigest()[:24]}@{until.isoformat()}@{days}"
    return found


def what_decides(row: DispatchRule) -> str:
    """All that a verdict of the rule depends on but the cases, as a digest: the same as long as they are."""
    asked = [rule_facts(row), [[one.id, _plain(one)] for one in dispatch_rules_in_force(row.level)]]
    ground = [_plain(book_of_all()), _plain(grid.cell_grades()), list(grid.calendar_rows())]
    return hashlib.sha256(json.dumps([asked, ground], sort_keys=True, default=str).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value as JSON has it, in an order of its own."""
    if is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, Mapping):
        return sorted(([str(key), _plain(held)] for key, held in value.items()), key=str)
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def rule_facts(row: DispatchRule) -> list[Any]:
    """What the rule says, but for its time and its reason."""
    return [row.name, row.priority, row.level, row.aim, sorted(row.classes), row.area, sorted(row.sources),
            sorted(row.grades), row.hours]  # fmt: skip


def _count(found: DispatchReplay, number: str, verdict: rules.Verdict, people: str) -> None:
    if not verdict.organisation:
        found.left[verdict.code] += 1
    elif not people:
        found.open += 1
    elif people == verdict.organisation:
        found.right += 1
    else:
        found.wrong += 1
    if len(found.listed) < LISTED and (not verdict.organisation or people not in ("", verdict.organisation)):
        found.listed.append(Judged(number, verdict.organisation, people, verdict.code))


def _narrowed(registered: Q, row: DispatchRule) -> QuerySet[Case]:
    """Those of the cases that the rule can speak of, as far as the table itself can tell."""
    rows = Case.objects.filter(registered, parent=None).exclude(area="")
    if row.area:
        rows = rows.filter(Q(area=row.area) | Q(area__startswith=row.area + "."))
    if row.classes:
        rows = rows.filter(category__code__in=row.classes)
    return rows.filter(source__in=row.sources) if row.sources else rows


def _history(
    rows: QuerySet[Case], row: DispatchRule, with_hours: bool
) -> Iterator[tuple[str, rules.Dispatchable, str]]:
    """Each case as the rule would have looked at it, and who had it in the end by what people did."""
    eye = _Eye(row.level, with_hours)
    told = rows.order_by("pk").annotate(
        to=_last("dispatch", "department"),
        to_centre=_last("dispatch_district", "district_centre"),
        centre=_last("dispatch_district", "district_centre", by_people=False),
        grade=KT("promise__says__grade"),
    )
    asked = told.filter(centre__isnull=False) if row.level == "district" else told
    columns = ("number", "category__code", "area", "source", "cell", "registered_at", "grade", "centre", "to",
              "to_centre")  # fmt: skip
    for number, *seen, to, to_centre in asked.values_list(*columns).iterator(chunk_size=AT_ONCE):
        yield number, eye.look(*seen), (to_centre or to or "") if row.aim == "district" else to or ""


class _Eye:
    """How a rule looks at cases of the past: the matrix, the grades and the calendars are read once for all."""

    def __init__(self, level: str, with_hours: bool) -> None:
        self.level, self.with_hours = level, with_hours
        self.book, self.grades = book_of_all(), grid.cell_grades()
        self.paths = {one.code: one.path for one in self.book.offices}
        self._hours: dict[str, Calendar] = {}
        self._reach: dict[tuple[str, str, str], dict[str, Any]] = {}

    def look(
        self, code: str, area: str, source: str, cell: str, at: datetime, grade: str | None, centre: str | None
    ) -> rules.Dispatchable:
        """The case as the rule would have looked at it."""
        key = (code, area, self.paths.get(centre or "", ""))
        if key not in self._reach:
            self._reach[key] = reach(self.book, code, area, self.level, key[2])
        graded = int(grade) if grade else self.grades.get(cell, 0)
        return rules.Dispatchable(code, area, source, graded, self._works(area, at), **self._reach[key])

    def _works(self, area: str, at: datetime) -> bool:
        if not self.with_hours:
            return False
        if area not in self._hours:
            self._hours[area] = hours_of("office_hours", area)
        return in_hours(area, at, self._hours[area])


def _last(verb: str, what: str, *, by_people: bool = True) -> Subquery:
    """Whom the last step of that kind named, by people alone or by whomever."""
    moves = Move.objects.filter(case=OuterRef("pk"), verb=verb)
    moves = moves.exclude(actor=DISPATCHER) if by_people else moves
    return Subquery(moves.order_by("-version").annotate(who=KT(f"given__{what}")).values("who")[:1])


def replay_job(uid: UUID, actor: Actor) -> DispatchReplayJob:
    """One's own replay; NotFound where it is somebody else's or was kept long enough."""
    found = DispatchReplayJob.objects.filter(uid=uid, user=actor.user_id).first()
    if found is None:
        raise NotFound("dispatching.no_replay")
    return found


def replay_of(job: DispatchReplayJob) -> DispatchReplay:
    """What came out of a replay that is done."""
    told = dict(job.result)
    told["left"], told["listed"] = Counter(told["left"]), [Judged(*one) for one in told["listed"]]
    return DispatchReplay(days=job.days, until=job.until, seal=job.seal, **told)


def sealed_replay(row: DispatchRule, seal: str) -> DispatchReplay | None:
    """The replay of this very rule under the seal, as long as nothing has changed of what decides; else None."""
    job = DispatchReplayJob.objects.filter(state=ReplayState.DONE, seal=seal).first()
    return replay_of(job) if job is not None and job.decided_by == what_decides(row) else None


def listed_for(replay: DispatchReplay, actor: Actor) -> list[Judged]:
    """Those of the listed cases that the actor may see."""
    numbers = [one.number for one in replay.listed]
    seen = set(visible_to(actor).filter(number__in=numbers).values_list("number", flat=True)) if numbers else set()
    return [one for one in replay.listed if one.number in seen]
