"""What may be done with a case: the facts a guard looks at, the steps open to an actor, and the people to name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from accounts import selectors as accounts
from accounts.contracts import Person
from cases import rules
from cases.contracts import ENDS, OpenStep, Phase, RequestState, Stage
from cases.models import Case, Category, Evidence, Move, Order, Request, StepsModel
from cases.selectors.catalogue import category, category_rows, steps_model
from cases.selectors.ties import callback_inherited, ties_of
from core import clock
from core.errors import Invalid, NotFound
from core.scope import Actor, Duty
from grid import selectors as grid

_INPUTS = frozenset({
    "collector", "verdict", "category", "reason", "condition", "district_centre", "department", "handler", "result",
    "closing", "callback", "photo", "into", "parts",
})  # fmt: skip
# Asked with every step, so it is a statement that Django need not compile.
_LIVE = """
    SELECT * FROM cases_request
     WHERE case_id = %(case)s AND state IN %(states)s AND used_at IS NULL ORDER BY id
"""


def category_for(case: Case) -> Category | None:
    """The class that judges the case: the version it was promised by, before that the one in force."""
    if case.category is None or case.registered_at is not None or case.category.in_force(clock.now()):
        return case.category
    return category(case.category.code) or case.category


def judging(cases: Collection[Case]) -> dict[str, Category | None]:
    """`category_for` each of the cases, by number, in at most one query for all of them."""
    now, found = clock.now(), {case.number: case.category for case in cases}
    outdated = {
        case.number: case.category.code
        for case in cases
        if case.category is not None and case.registered_at is None and not case.category.in_force(now)
    }
    if outdated:
        rows = category_rows().filter(code__in=set(outdated.values()), retired=False)
        newer = {row.code: row for row in rows}
        found |= {number: newer.get(code, found[number]) for number, code in outdated.items()}
    return found


def live_requests(case: Case) -> list[Request]:
    """The requests of a case that still count for something: those that wait, and those granted and not yet used."""
    return list(Request.objects.raw(_LIVE, {"case": case.pk, "states": (RequestState.OPEN, RequestState.APPROVED)}))


def open_orders(case: Case) -> list[Order]:
    """The supervision orders that wait for an answer; nobody is pressed before a case is registered, or at its end."""
    pressed = case.registered_at is not None and case.stage not in ENDS
    return list(Order.objects.filter(case=case, replied_at=None)) if pressed else []


def facts_of(
    case: Case,
    papers: Iterable[Request] | None = None,
    pictures: Iterable[Evidence] | None = None,
    orders: Iterable[Order] | None = None,
) -> rules.CaseFacts:
    """All that a guard may look at, read from the tables.

    `papers`, `pictures` and open `orders` where they have been read already, or no guard will ask for them.
    """
    chosen = category_for(case)
    rows = chosen.conditions if chosen else []
    if pictures is None:
        pictures = Evidence.objects.filter(case=case).only("phase", "version", "content_type") if case.has_photo else ()
    live = live_requests(case) if papers is None else papers
    waiting = open_orders(case) if orders is None else list(orders)
    granted = [row for row in live if row.state == RequestState.APPROVED and row.used_at is None]
    approved = [(row.kind, row.stage) for row in granted]
    return rules.CaseFacts(
        stage=Stage(case.stage),
        area=case.area,
        org=case.org,
        category=case.category_code,
        conditions=frozenset(str(row["code"]) for row in rows),
        **_phases(case, pictures),
        needs_film=rules.filmed(chosen.video) if chosen else frozenset(),
        needs_photo=frozenset(chosen.needs_photo) if chosen else frozenset(Phase),
        approved=frozenset(kind for kind, stage in approved if kind != "return" or stage == case.stage),
        handler=case.handler,
        collector=case.collector,
        callback_wanted=case.callback_wanted or callback_inherited(case),
        may_settle=chosen is not None and chosen.may_settle,
        registered=case.registered_at is not None,
        held=case.held_until is not None,
        returned_by=frozenset(case.returned_by),
        bound=case.bound_to,
        coordination=case.coordination,
        papers_open=any(row.state == RequestState.OPEN for row in live) or bool(waiting),
        **ties_of(case),
    )


def _phases(case: Case, pictures: Iterable[Evidence]) -> dict[str, Any]:
    """The phases that are pictured since the stage began, and those of them that a clip shows."""
    fresh = [one for one in pictures if one.version >= case.stage_version or one.phase == "report"]
    return {
        "photos": frozenset(one.phase for one in fresh),
        "films": frozenset(one.phase for one in fresh if one.is_clip),
    }


def level_of(actor: Actor) -> str:
    """The level an actor stands at: that of a person's organisation; machines stand at the city, if at no other."""
    return actor.level or "city" if actor.user_id is None else actor.level


def open_steps(
    case: Case, actor: Actor, facts: rules.CaseFacts | None = None, moves: Iterable[Move] | None = None
) -> list[OpenStep]:
    """The steps of the case's stage that the actor's duties may take, each with what stands in its way, if anything.

    `facts` and `moves` where they have been read already.
    """
    facts = facts or facts_of(case)
    duties = actor.duties(case.org, case.area)
    model = steps_model()
    levels: Mapping[str, Sequence[str]] = model.levels
    level = level_of(actor) if levels else ""
    following = rules.steps_from(facts.stage, facts.merged_from)
    steps = [step for step in following if step.duties & duties and levels.get(step.verb) != []]
    apart = any(step.verb == other for step in steps for _one, other in model.apart)
    taken = verbs_of(case, actor, moves) if apart else frozenset()
    return [_open_step(step, facts, duties, actor, _refused_by_model(step.verb, level, taken, model)) for step in steps]


def verbs_of(case: Case, actor: Actor, moves: Iterable[Move] | None = None) -> frozenset[str]:
    """The verbs that the actor has taken on the case since it was registered last."""
    taken = list(Move.objects.filter(case=case).only("version", "verb", "actor") if moves is None else moves)
    begun = max((one.version for one in taken if one.verb == "reopen"), default=1)
    return frozenset(one.verb for one in taken if one.actor == actor.key and one.version >= begun)


def _refused_by_model(verb: str, level: str, taken: frozenset[str], model: StepsModel) -> rules.Refusal | None:
    return rules.level_refusal(verb, level, model.levels) or rules.apart_refusal(verb, taken, model.apart)


def _open_step(
    step: rules.Step, facts: rules.CaseFacts, duties: frozenset[Duty], actor: Actor, no: rules.Refusal | None
) -> OpenStep:
    no = no or rules.obstacle(step, facts, duties, {"actor": actor.key})
    needs = tuple(need for need in step.needs if need.partition(":")[0] in _INPUTS and _is_needed(need, facts))
    needs += tuple(f"film:{need.partition(':')[2]}" for need in needs if _is_filmed(need, facts))
    return OpenStep(step.verb, step.target, no is None, no.code if no else "", no.params if no else {}, needs)


def _is_filmed(need: str, facts: rules.CaseFacts) -> bool:
    name, _, phase = need.partition(":")
    return name == "photo" and phase in facts.needs_film and phase not in facts.films


def _is_needed(need: str, facts: rules.CaseFacts) -> bool:
    name, _, phase = need.partition(":")
    if name == "photo":
        return _is_filmed(need, facts) or (phase in facts.needs_photo and phase not in facts.photos)
    return name != "callback" or facts.callback_wanted


def needs_of(verb: str) -> tuple[str, ...]:
    """Everything that some row of the verb may need from a person."""
    return tuple(dict.fromkeys(n for step in rules.rows(verb) for n in step.needs if n.partition(":")[0] in _INPUTS))


def may_attach(case: Case, actor: Actor, phase: Phase) -> rules.Refusal | None:
    """Why the actor may not add a picture of this phase now, or None."""
    if phase == Phase.REPORT and case.stage == Stage.REPORTED and case.reported_by == actor.key:
        return None
    return rules.picture_refusal(phase, facts_of(case), actor.duties(case.org, case.area), actor.key)


def candidates(case: Case, who: str) -> list[Person]:
    """The people who may be named for a case: `collector` for its area, `handler` of the organisation that has it."""
    if who == "collector":
        return list(accounts.people_with(Duty.COLLECT, org="", area=case.area))
    return list(accounts.people_with(Duty.HANDLE, org=case.org, area=case.area))


def candidates_for_any(cases: Iterable[Case], who: str) -> list[Person]:
    """The people who may be named for some of the cases, in one query for all of them."""
    if who == "collector":
        return accounts.people_with_any(Duty.COLLECT, {("", case.area) for case in cases})
    return accounts.people_with_any(Duty.HANDLE, {(case.org, case.area) for case in cases})


def walkers(case: Case) -> frozenset[str]:
    """The keys of those whose supervision area has the cell of the case: the first to be asked to go and look."""
    return frozenset(one.key for one in grid.collectors_of(case.cell))


def target_of(code: str) -> rules.Target:
    """The organisation to send a case to, as the rules look at it; Invalid("case.unknown_organisation") without one."""
    try:
        found = accounts.organisation(code)
    except NotFound as error:
        raise Invalid("case.unknown_organisation", given=code) from error
    return rules.Target(found.path, found.kind, found.level, found.area, found.active)
