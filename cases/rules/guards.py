"""Whether a step may be taken now: duty, then stage and state, then what was given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.contracts import Phase, RequestKind, Satisfaction, Stage
from cases.rules.table import Step, row, rows
from core.scope import Duty, under
from core.steps import Ground, Refusal

Given = Mapping[str, Any]


@dataclass(frozen=True)
class CaseFacts:
    """All that a guard may look at. Paths are dotted; `photos` are phases pictured since the stage began.

    `films` are those of them that a clip shows.
    """

    stage: Stage
    area: str = ""
    org: str = ""
    category: str = ""
    conditions: frozenset[str] = frozenset()
    photos: frozenset[str] = frozenset()
    needs_photo: frozenset[str] = frozenset(Phase)
    films: frozenset[str] = frozenset()
    needs_film: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    handler: str = ""
    collector: str = ""
    callback_wanted: bool = False
    may_settle: bool = False
    registered: bool = False
    held: bool = False
    returned_by: frozenset[str] = frozenset()
    bound: str = ""
    coordination: str = ""
    merged_from: str = ""
    papers_open: bool = False
    absorbed: int = 0
    is_part: bool = False
    parts: int = 0
    parts_open: int = 0
    parts_closed: int = 0
    parent_ended: bool = False
    survivor_ended: bool = False


@dataclass(frozen=True)
class Target:
    """The organisation a case is sent to: its path, its kind, its level, and the ground it serves."""

    path: str
    kind: str
    level: str
    area: str
    active: bool = True


NEAR_METRES = 200
"""How far apart cases may lie that are merged, before a pack has said so."""


@dataclass(frozen=True)
class Twin:
    """The case that another would be merged into, seen from that one; `metres` is None where one has no point.

    `keeps_promise` says that it was registered no later than the other, so that merging moves no deadline; `reach` is
    how many metres may lie between the two.
    """

    number: str
    category: str = ""
    itself: bool = False
    ended: bool = False
    is_part: bool = False
    same_cell: bool = False
    metres: float | None = None
    keeps_promise: bool = True
    reach: int = NEAR_METRES


PARTS_LEAST, PARTS_MOST = 2, 10

Guard = Callable[["CaseFacts", Given, str], "Refusal | None"]


def state(code: str, **params: Any) -> Refusal:
    """A no because of how the case stands."""
    return Refusal(f"case.{code}", params, Ground.STATE)


def given_wrong(code: str, **params: Any) -> Refusal:
    """A no because of what was given or not given."""
    return Refusal(f"case.{code}", params, Ground.INPUT)


def _located(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if facts.area else state("unlocated")


def _assigned(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if facts.handler and facts.handler == given.get("actor") else state("assigned_to_another")


def _tasked(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if facts.collector and facts.collector == given.get("actor") else state("tasked_to_another")


def _not_own_work(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return state("judges_own_work") if facts.handler and facts.handler == given.get("actor") else None


def _approved(facts: CaseFacts, given: Given, kinds: str) -> Refusal | None:
    first, *others = kinds.split("|")
    return None if facts.approved & {first, *others} else state(f"needs_approved_{RequestKind(first)}")


def _same_department(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if facts.org else state("no_department")


def _registered(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if facts.registered else state("never_registered")


def _coordinated(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return state("needs_coordination") if facts.coordination == "shirked" else None


def _single(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    if facts.is_part or facts.parts:
        return state("merge_of_parts")
    return state("merge_of_merged") if facts.absorbed else None


def _papers_settled(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return state("papers_open") if facts.papers_open else None


def _survivor_open(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return state("survivor_has_ended") if facts.survivor_ended else None


def _no_part(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return state("part_of_part") if facts.is_part else None


def _parent_open(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return state("parent_ended") if facts.parent_ended else None


def _parts_done(facts: CaseFacts, given: Given, how: str) -> Refusal | None:
    if facts.parts_open:
        return state("parts_open", open=facts.parts_open, parts=facts.parts)
    if how == "closed" and not facts.parts_closed:
        return state("parts_none_closed")
    return state("parts_closed", closed=facts.parts_closed) if how == "void" and facts.parts_closed else None


def _may_settle(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if facts.may_settle else state("not_to_settle")


def _place(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if given.get("point") or given.get("address") else given_wrong("needs_place")


def _category_or_text(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if given.get("category") or given.get("description") else given_wrong("needs_category_or_text")


def _photo(facts: CaseFacts, given: Given, phase: str) -> Refusal | None:
    """A clip shows what a picture shows; where a clip is needed, a picture does not do."""
    if phase in facts.needs_film and phase not in facts.films and phase not in given.get("films", ()):
        return given_wrong(f"needs_video_{Phase(phase)}")
    if phase not in facts.needs_photo or phase in facts.photos or phase in given.get("photos", ()):
        return None
    return given_wrong(f"needs_photo_{Phase(phase)}")


def _verdict(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return None if isinstance(given.get("verdict"), bool) else given_wrong("needs_verdict")


def _condition(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return _one_of(given.get("condition"), facts.conditions, "condition")


def _closing(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    return _one_of(given.get("closing"), facts.conditions, "closing")


def _one_of(value: object, known: frozenset[str], what: str) -> Refusal | None:
    if not value:
        return given_wrong(f"needs_{what}")
    return None if value in known else given_wrong(f"unknown_{what}", given=value)


def _callback(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    """Who wished to be called back is told; what was said of it belongs to such a call, so that no rate is made up."""
    said = given.get("satisfaction")
    if said and not facts.callback_wanted:
        return given_wrong("no_callback_wanted")
    if said and said not in frozenset(Satisfaction):
        return given_wrong("unknown_satisfaction", given=said)
    return None if given.get("callback") or not facts.callback_wanted else given_wrong("needs_callback")


def _someone(facts: CaseFacts, given: Given, who: str) -> Refusal | None:
    if not given.get(who):
        return given_wrong(f"needs_{who}")
    return None if given[who] in given.get("eligible", ()) else given_wrong(f"unknown_{who}", given=given[who])


def _word(facts: CaseFacts, given: Given, what: str) -> Refusal | None:
    return None if given.get(what) else given_wrong(f"needs_{what}")


def may_receive(kind: str, serves: str, area: str, *, centre: bool) -> bool:
    """Whether an organisation of this kind, serving this ground, may be sent a case of the area."""
    return (kind in DISTRICT_CENTRES) == centre and kind not in COMMAND_ONLY and (not area or under(area, serves))


def _target(facts: CaseFacts, given: Given, what: str) -> Refusal | None:
    target = given.get("target")
    if target is None or not target.active:
        return given_wrong(f"needs_{what}") if target is None else given_wrong(f"unknown_{what}")
    centre = what == "district_centre"
    if not may_receive(target.kind, target.area, "", centre=centre):
        return given_wrong(f"not_a_{what}")
    if not may_receive(target.kind, target.area, facts.area, centre=centre):
        return given_wrong("target_serves_elsewhere")
    return _not_returned(facts, target.path.split("."))


def _not_returned(facts: CaseFacts, lineage: Sequence[str]) -> Refusal | None:
    """Who returned a case with approval does not get it again, nor does anybody below, unless it was coordinated."""
    if facts.bound:
        return None if facts.bound in lineage else given_wrong("bound_elsewhere", organisation=facts.bound)
    back = sorted(facts.returned_by & set(lineage))
    return given_wrong("returned_by_target", organisation=back[0]) if back else None


def _into(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    twin = given.get("survivor")
    if twin is None:
        return given_wrong("needs_survivor")
    if twin.itself:
        return given_wrong("survivor_itself")
    if twin.ended or twin.is_part:
        return state("survivor_ended" if twin.ended else "survivor_part", number=twin.number)
    if facts.area and not (twin.same_cell or (twin.metres is not None and twin.metres <= twin.reach)):
        return state("survivor_far", number=twin.number, metres=twin.reach)
    if not like_class(facts.category, twin.category):
        return state("survivor_other_class", number=twin.number)
    return None if twin.keeps_promise else state("survivor_later", number=twin.number)


def like_class(one: str, other: str) -> bool:
    """Whether two classes may name one problem: of one major class, or not known yet."""
    return not one or not other or one[:3] == other[:3]


def _parts(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    count = len(given.get("parts") or ())
    right = PARTS_LEAST <= count <= PARTS_MOST
    return None if right else given_wrong("needs_parts", least=PARTS_LEAST, most=PARTS_MOST)


def _own_subtree(facts: CaseFacts, given: Given, _: str) -> Refusal | None:
    target = given.get("target")
    own = target is not None and bool(facts.org) and under(target.path, facts.org)
    return None if own else given_wrong("target_not_in_subtree")


WHILE_HELD = frozenset({"void"})
DISTRICT_CENTRES = frozenset({"district_centre"})
COMMAND_ONLY = frozenset({"centre"})
_STATE_GUARDS: Mapping[str, Guard] = {
    "located": _located, "assigned": _assigned, "tasked": _tasked, "not_own_work": _not_own_work,
    "approved": _approved, "same_department": _same_department, "registered": _registered, "may_settle": _may_settle,
    "coordinated": _coordinated, "single": _single, "papers_settled": _papers_settled,
    "survivor_open": _survivor_open, "no_part": _no_part, "parent_open": _parent_open, "parts_done": _parts_done,
}  # fmt: skip
_INPUT_GUARDS: Mapping[str, Guard] = {
    "place": _place, "category_or_text": _category_or_text, "photo": _photo, "verdict": _verdict,
    "condition": _condition, "closing": _closing, "callback": _callback, "collector": _someone, "handler": _someone,
    "category": _word, "reason": _word, "result": _word, "district_centre": _target, "department": _target,
    "own_subtree": _own_subtree, "into": _into, "parts": _parts,
}  # fmt: skip
NEEDS = frozenset(_STATE_GUARDS) | frozenset(_INPUT_GUARDS)


def obstacle(step: Step, facts: CaseFacts, duties: frozenset[Duty], given: Given) -> Refusal | None:
    """What stands in the way whatever might be given with the step: duty, stage, state. None when nothing does."""
    if not step.duties & duties:
        return Refusal("case.not_your_duty", {"verb": step.verb}, Ground.DUTY)
    if step.sources and facts.stage not in step.sources:
        return state("wrong_stage", verb=step.verb, stage=facts.stage)
    if facts.held and step.verb not in WHILE_HELD:
        return state("held")
    return _first(step, facts, given, _STATE_GUARDS)


def refusal(step: Step, facts: CaseFacts, duties: frozenset[Duty], given: Given) -> Refusal | None:
    """Why this step may not be taken now, or None."""
    return obstacle(step, facts, duties, given) or _first(step, facts, given, _INPUT_GUARDS)


def _first(step: Step, facts: CaseFacts, given: Given, guards: Mapping[str, Guard]) -> Refusal | None:
    for need in step.needs:
        name, _, argument = need.partition(":")
        if name in guards and (found := guards[name](facts, given, argument or name)):
            return found
    return None


def missing(step: Step, facts: CaseFacts, given: Given) -> Refusal | None:
    """What is not given with a step that it needs, or None; duty and stage are judged elsewhere."""
    return _first(step, facts, given, _INPUT_GUARDS)


def choose(verb: str, stage: Stage, duties: frozenset[Duty], back: str = "") -> Step | Refusal:
    """The row to take, or why there is none: a stranger hears that it is not his, before he hears of stages."""
    if found := row(verb, stage, back):
        return found
    if not duties & frozenset().union(*(step.duties for step in rows(verb))):
        return Refusal("case.not_your_duty", {"verb": verb}, Ground.DUTY)
    return state("wrong_stage", verb=verb, stage=stage)


def level_refusal(verb: str, level: str, levels: Mapping[str, Iterable[str]]) -> Refusal | None:
    """Why an organisation of this level may not use the verb in this city's model; an unnamed verb is for all."""
    if verb not in levels or level in levels[verb]:
        return None
    return Refusal("case.not_your_level", {"verb": verb, "level": level}, Ground.DUTY)


def apart_refusal(verb: str, taken: Iterable[str], apart: Iterable[Sequence[str]]) -> Refusal | None:
    """Why whoever took these verbs on the case may not take this one too in this city's model, or None."""
    done = frozenset(taken)
    first = next((one for one, other in apart if other == verb and one in done), None)
    return Refusal("case.apart", {"verb": verb, "taken": first}, Ground.DUTY) if first else None
