"""Whether a step may be taken, and the file as it stands behind it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from core.errors import Names
from core.steps import Ground, Refusal
from enforcement.contracts import Office
from enforcement.contracts.words import STAGES, VERBS
from enforcement.rules.effects import effect
from enforcement.rules.facts import DossierFacts, Given, World
from enforcement.rules.guards import GUARDS, INPUT, STATE
from enforcement.rules.guards.saying import Guard
from enforcement.rules.table import Step, row, rows, steps_from


def choose(verb: str, facts: DossierFacts, offices: Collection[Office]) -> Step | Refusal:
    """The row to take, or why there is none: a stranger hears that it is not his, before he hears of stages."""
    known = rows(verb)
    if not known:
        return Refusal("enforcement.no_step", {"verb": verb}, Ground.INPUT)
    if not frozenset(offices) & frozenset().union(*(step.duties for step in known)):
        return _not_yours(verb)
    step = row(verb, facts.stage)
    if step is None:
        said = {"verb": Names(VERBS[verb]), "stage": Names(STAGES[facts.stage])}
        return Refusal("enforcement.wrong_stage", said)
    return step if frozenset(offices) & step.duties else _not_yours(verb)


def _not_yours(verb: str) -> Refusal:
    return Refusal("enforcement.not_your_office", {"verb": Names(VERBS[verb])}, Ground.DUTY)


def refusal(step: Step, facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The first guard that says no, or None."""
    return _first(step, GUARDS, facts, given, world)


def obstacle(step: Step, facts: DossierFacts, world: World) -> Refusal | None:
    """What stands in the way whatever might be given with the step."""
    return _first(step, STATE, facts, {}, world)


def lacking(step: Step, facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """What was given wrongly or not at all."""
    return _first(step, INPUT, facts, given, world)


def _first(step: Step, guards: Mapping[str, Guard], facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    found = (guards[need](facts, given, world) for need in step.needs if need in guards)
    return next((no for no in found if no is not None), None)


def take(
    verb: str, facts: DossierFacts, given: Given, world: World, offices: Collection[Office]
) -> DossierFacts | Refusal:
    """The file behind the step, or why it is not taken."""
    step = choose(verb, facts, offices)
    if isinstance(step, Refusal):
        return step
    no = refusal(step, facts, given, world)
    return no or replace(facts, stage=step.target, **effect(verb, facts, given, world))


def open_steps(facts: DossierFacts, world: World, offices: Collection[Office]) -> Iterator[tuple[Step, Refusal | None]]:
    """What may follow for somebody with these offices, each with what stands in its way."""
    for step in steps_from(facts.stage):
        if step.duties & frozenset(offices):
            yield step, obstacle(step, facts, world)
