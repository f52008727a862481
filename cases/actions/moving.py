"""The engine under every verb: lock, look, judge, move, write. And what every verb does after: tell."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases import rules
from cases.actions.clocks import keep_clocks, turn_clocks
from cases.actions.papers import lapse_requests
from cases.actions.pictures import Sealed, add_pictures
from cases.actions.withholding import withheld_all
from cases.contracts import KIND_OF_PART, KIND_OF_VERB, CaseView, Stage
from cases.contracts.orders import BY_ITSELF
from cases.models import Case, Move, Request, StepsModel
from cases.models.words import Word
from cases.selectors import (
    case_of_number,
    facts_of,
    is_number,
    level_of,
    live_requests,
    news_of,
    sees,
    steps_model,
    verbs_of,
    view_of,
)
from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from core.scope import Actor, machine
from core.trace import current_trace, use_trace
from journal import actions as journal

BREACHES: Actor = machine(BY_ITSELF, label="超时督办 Timeout orders")
_STATUS: Mapping[rules.Ground, type[DomainError]] = {
    rules.Ground.DUTY: Forbidden,
    rules.Ground.STATE: Conflict,
    rules.Ground.INPUT: Invalid,
}


def error_of(no: rules.Refusal) -> DomainError:
    """The refusal as an error: 403 not yours, 409 not now, 400 not like this; known words are translated."""
    return _STATUS[no.ground](no.code, **told(no.params))


def told(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters whose known words (verbs, stages, levels) speak the reader's language in a sentence."""
    return {key: Word(value) if isinstance(value, str) else value for key, value in params.items()}


def lock(number: str, actor: Actor, version: int | None = None) -> Case:
    """The case, locked until the transaction ends, in the version the caller saw (None: any).

    NotFound where the actor neither sees it nor has a duty there; Stale where it has moved on. An order that the
    city's model gave by itself is no reason to look again: it asks for an answer, and leaves the case as it was.
    """
    case = case_of_number(number, lock=True)
    if case is None or not _knows(actor, case):
        raise NotFound("case.unknown", number=number)
    if version is not None and case.version != version and not _only_pressed(case, version):
        raise _stale(case, version)
    return case


def _only_pressed(case: Case, seen: int) -> bool:
    """Whether nothing has happened since that version but orders that the city's model gave by itself."""
    if not 0 < seen < case.version:
        return False
    since = list(Move.objects.filter(case=case, version__gt=seen).values_list("verb", "actor"))
    return len(since) == case.version - seen and set(since) == {("order", BREACHES.key)}


def _stale(case: Case, version: int) -> Stale:
    """How the case stands now, and who was faster: whoever lost can look again and decide."""
    last = Move.objects.filter(case=case).order_by("-version").first()
    by = (last.actor_label or last.actor) if last else ""
    return Stale("case.stale", given=version, current=case.version, stage=Word(case.stage), by=by)


def locked(numbers: Iterable[str]) -> dict[str, Case]:
    """Several cases, locked in the order of their keys, so that no two who want the same wait for one another."""
    known = [number for number in numbers if is_number(number)]
    rows = Case.objects.select_for_update(of=("self",)).filter(number__in=known).order_by("pk")
    return {row.number: row for row in rows}


def _knows(actor: Actor, case: Case) -> bool:
    return sees(actor, case) or bool(actor.duties(case.org, case.area))


def move(
    case: Case,
    verb: str,
    actor: Actor,
    *,
    given: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
    pictures: Iterable[Sealed] = (),
    changes: Mapping[str, Any] | None = None,
    model: StepsModel | None = None,
) -> Case:
    """The locked case has taken the step: judged, moved, its clocks set, the move written. The verb tells of it.

    `model` is the city's model of steps, where the verb has asked for it already.
    """
    pictures, model, papers = tuple(pictures), model or steps_model(), live_requests(case)
    given = {**(given or {}), **_shown(pictures)}
    step = judge(case, verb, actor, given, model, papers)
    add_pictures(case, actor, pictures)
    before, now = case.stage, clock.now()
    for name, value in (changes or {}).items():
        setattr(case, name, value)
    case.stage, case.stage_since, case.version = step.target, now, case.version + 1
    case.stage_version = case.version
    turn = turn_clocks(case, verb, now, model)
    case.save()
    keep_clocks(turn)
    write_move(case, verb, before, actor, kept or {})
    lapse_requests(case, papers)
    return case


def _shown(pictures: Iterable[Sealed]) -> dict[str, frozenset[str]]:
    """The phases that are pictured, and those that a clip shows."""
    kept = tuple(pictures)
    return {
        "photos": frozenset(one.phase for one in kept),
        "films": frozenset(one.phase for one in kept if one.seconds is not None),
    }


def beside(case: Case, verb: str, actor: Actor, kept: Mapping[str, Any] | None = None) -> None:
    """Something happened to the locked case beside its steps: its stage stays, its version and its history grow."""
    case.version += 1
    case.save()
    write_move(case, verb, case.stage, actor, kept or {}, at=clock.now())


def judge(
    case: Case,
    verb: str,
    actor: Actor,
    given: Mapping[str, Any],
    model: StepsModel,
    papers: Iterable[Request] | None = None,
) -> rules.Step:
    """The row of the table that may be taken; otherwise the refusal is raised as an error."""
    duties = actor.duties(case.org, case.area)
    step = rules.choose(verb, Stage(case.stage), duties, case.merged_from)
    if isinstance(step, rules.Refusal):
        raise error_of(step)
    facts = facts_of(case, papers, orders=None if "papers_settled" in step.needs else ())
    no = rules.refusal(step, facts, duties, {**given, "actor": actor.key})
    if no is None and verb in model.levels:
        no = rules.level_refusal(verb, level_of(actor), model.levels)
    if no is None and any(other == verb for _one, other in model.apart):
        no = rules.apart_refusal(verb, verbs_of(case, actor), model.apart)
    if no:
        raise error_of(no)
    return step


def write_move(
    case: Case, verb: str, before: str, actor: Actor, kept: Mapping[str, Any], *, at: datetime | None = None
) -> Move:
    """One row of history, with the words that were given and the organisation that now has the case."""
    return Move.objects.create(
        case=case,
        version=case.version,
        verb=verb,
        before=before,
        after=case.stage,
        actor=actor.key,
        actor_label=actor.label,
        org=case.org,
        given=withheld_all(case, f"move.{case.version}", kept),
        at=at or (case.stage_since if case.version > 1 else case.reported_at),
        trace=case.trace or current_trace(),
    )


def tell(case: Case, verb: str, actor: Actor, *, kind: str = "", left: str = "") -> CaseView:
    """The journal has an entry for the step; `left` is the organisation that loses the case with the step."""
    own = {**KIND_OF_VERB, **KIND_OF_PART} if case.parent_id else KIND_OF_VERB
    with use_trace(case.trace or current_trace()):
        journal.record(
            kind or own[verb],
            subject=case.number,
            actor=actor,
            org=case.org or left,
            area=case.area,
            data=news_of(case, verb),
        )
    return view_of(case)
