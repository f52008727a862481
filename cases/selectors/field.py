"""What people on the streets ask of cases: their tasks, what became of what they sent, whether a step was taken."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from cases import rules
from cases.contracts import ClockKind, Phase, RequestKind, RequestState, Stage
from cases.contracts.orders import BY_ITSELF
from cases.models import Case, Clock, Evidence, Move, Request, words
from cases.selectors.catalogue import categories
from cases.selectors.finding import is_number, visible_to
from cases.selectors.matrix import major_of
from cases.selectors.requests import request_rule, request_rule_rows
from cases.selectors.steps import judging
from core import clock
from core.languages import both
from core.querying import scope_q
from core.scope import Actor, Duty

MOST_TASKS, MOST_SENT, SENT_DAYS = 100, 200, 14
ACTS: Mapping[str, tuple[str, Phase | None]] = {
    Stage.VERIFYING: ("verify", Phase.VERIFY),
    Stage.CHECKING: ("check", Phase.CHECK),
    Stage.HANDLING: ("handle", Phase.HANDLE),
    Stage.DISPATCHED: ("take", None),
}
"""What is to be done in a stage by whoever it waits for, and what the picture of it shows."""


class FieldTask(NamedTuple):
    """A case with what is to be done; `extension` are the minutes that may be asked for, 0 where none may be."""

    case: Case
    act: str
    needs_photo: bool
    pictures: Sequence[int]
    extension: int


class Sent(NamedTuple):
    """What became of a report: the key that the phone gave it, the case, and how far that is, in both languages."""

    key: str
    number: str
    stage: str
    stage_names: Mapping[str, str]
    names: Mapping[str, str]
    reported_at: datetime


def field_classes() -> dict[str, Any]:
    """The classes that a report may be of, by code, each in its group; what the groups are called; both languages."""
    rows = categories()
    majors = {major_of(row) for row in rows}
    return {
        "groups": {major: both(words.MAJOR_NAMES.get(major, major)) for major in sorted(majors)},
        "classes": [
            {
                "code": row.code, "names": dict(row.names), "group": major_of(row),
                "photo": Phase.REPORT in row.needs_photo, "film": Phase.REPORT in rules.filmed(row.video),
            }
            for row in rows
        ],
    }  # fmt: skip


def field_tasks(actor: Actor) -> list[FieldTask]:
    """The cases that this person is to verify, check, handle or may take, those soonest due first; five queries."""
    mine = Q(stage__in=[Stage.VERIFYING, Stage.CHECKING], collector=actor.key)
    mine |= Q(stage=Stage.HANDLING, handler=actor.key, held_until=None)
    desk, hand = actor.scope(Duty.DESK), actor.scope(Duty.HANDLE)
    if desk and hand:
        mine |= Q(stage=Stage.DISPATCHED, held_until=None) & scope_q(desk) & scope_q(hand)
    rows = list(visible_to(actor).filter(mine).order_by("due_at", "pk")[:MOST_TASKS])
    if not rows:
        return []
    classes, longest, pictured = judging(rows), _extensions(rows), _pictured(rows)
    found = []
    for row in rows:
        act, phase = ACTS[row.stage]
        chosen = classes[row.number]
        needed = phase is not None and (chosen is None or phase in chosen.needs_photo)
        found.append(FieldTask(row, act, needed, pictured.get(row.pk, ()), longest.get(row.pk, 0)))
    return found


def extension_grounds() -> list[dict[str, Any]]:
    """The grounds on which whoever handles a case may ask for more time; none where the city does not let them ask."""
    row = request_rule_rows().get(RequestKind.EXTENSION)
    if row is None or Duty.HANDLE not in row.askers:
        return []
    return [{"code": one["code"], "names": one["names"]} for one in row.grounds]


def _extensions(rows: Sequence[Case]) -> dict[int, int]:
    """The minutes that may be asked for, of cases at work whose handling clock runs and is not over."""
    rule = request_rule(request_rule_rows().get(RequestKind.EXTENSION))
    at_work = [row.pk for row in rows if row.stage == Stage.HANDLING]
    if rule is None or Duty.HANDLE not in rule.askers or not at_work:
        return {}
    open_ones = Request.objects.filter(case__in=at_work, kind=RequestKind.EXTENSION, state=RequestState.OPEN)
    waiting = set(open_ones.values_list("case", flat=True))
    running = Clock.objects.filter(case__in=at_work, kind=ClockKind.HANDLING, stopped_at=None, due_at__gt=clock.now())
    clocks = running.values_list("case", "minutes")
    return {case: rules.longest(rule, minutes) for case, minutes in clocks if case not in waiting}


def _pictured(rows: Sequence[Case]) -> dict[int, list[int]]:
    """The pictures of each case, oldest first."""
    found: dict[int, list[int]] = {}
    for case, picture in Evidence.objects.filter(case__in=rows).order_by("pk").values_list("case", "pk"):
        found.setdefault(case, []).append(picture)
    return found


def sent_by(actor: Actor) -> list[Sent]:
    """What this person reported in the last days, newest first, also where they may not see the case any more."""
    since = clock.now() - timedelta(days=SENT_DAYS)
    rows = Case.objects.filter(reported_by=actor.key, reported_at__gte=since)
    held = rows.filter(source_ref__startswith=f"{actor.key}/").select_related("category").order_by("-pk")[:MOST_SENT]
    stages = {stage: both(name) for stage, name in words.STAGE_NAMES.items()}
    return [
        Sent(
            row.source_ref.partition("/")[2], row.number, row.stage, stages.get(row.stage, {}),
            row.category.names if row.category else {}, row.reported_at,
        )
        for row in held
    ]  # fmt: skip


def taken_before(
    number: str, verb: str, *, actor: Actor, version: int, said: Mapping[str, object] | None = None
) -> Case | None:
    """The case, where this very actor took this step from that version: whoever heard no answer may ask again.

    An order that the city's model gave by itself may lie between, as it may for the step. Whoever `said` otherwise then
    took another step.
    """
    if not is_number(number):
        return None
    since = Move.objects.filter(case__number=number, version__gt=version).exclude(verb="order", actor=BY_ITSELF)
    move = since.select_related("case__category").order_by("version").first()
    if move is None or (move.verb, move.actor) != (verb, actor.key):
        return None
    return move.case if all(move.given.get(name) == value for name, value in (said or {}).items()) else None
