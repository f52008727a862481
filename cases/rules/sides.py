"""What happens beside the steps: reporting, locating, adding pictures, asking and deciding."""

from collections.abc import Mapping
from typing import NamedTuple

from cases.contracts import MACHINE_SOURCES, Phase, RequestKind, Source, Stage
from cases.rules.guards import CaseFacts, Ground, Refusal, given_wrong, state
from cases.rules.table import row
from core.scope import Duty

S = Stage

SOURCE_RIGHTS: Mapping[Source, tuple[str, ...]] = {
    Source.COLLECTOR: (Duty.COLLECT,),
    Source.CITIZEN: (Duty.ACCEPT, "case.report"),
    Source.PHONE: (Duty.ACCEPT,),
    Source.LEADER: (Duty.ACCEPT,),
    Source.HOTLINE: (Duty.ACCEPT, "case.report"),
    Source.CAMERA: ("case.report",),
    Source.SENSOR: ("case.report",),
    Source.VEHICLE: ("case.report",),
}


def reporting_rights(source: Source, is_person: bool) -> tuple[str, ...]:
    """The rights of which one must be held to report in the name of the source; none where only a machine may."""
    return () if is_person and source in MACHINE_SOURCES else SOURCE_RIGHTS[source]


def registers_itself(source: Source, auto_register: bool, located: bool) -> bool:
    """Whether the report of a machine goes on to registration without a person: its category must say so."""
    return auto_register and located and source in MACHINE_SOURCES


class PhaseRule(NamedTuple):
    """In which stages a picture of a phase may be added, by which duty, and which named person it must be."""

    stages: frozenset[Stage]
    duties: frozenset[Duty]
    person: str = ""


_PHASES: Mapping[Phase, tuple[PhaseRule, ...]] = {
    Phase.REPORT: (
        PhaseRule(frozenset({S.REPORTED, S.VERIFYING, S.ACCEPTED}), frozenset({Duty.COLLECT, Duty.ACCEPT})),
    ),
    Phase.VERIFY: (PhaseRule(frozenset({S.VERIFYING}), frozenset({Duty.COLLECT}), "collector"),),
    Phase.HANDLE: (
        PhaseRule(frozenset({S.HANDLING}), frozenset({Duty.HANDLE}), "handler"),
        PhaseRule(frozenset({S.REPORTED}), frozenset({Duty.COLLECT})),
    ),
    Phase.CHECK: (PhaseRule(frozenset({S.CHECKING}), frozenset({Duty.COLLECT}), "collector"),),
}


def picture_refusal(phase: Phase, facts: CaseFacts, duties: frozenset[Duty], actor: str) -> Refusal | None:
    """Why this actor may not add a picture of this phase now, or None."""
    allowed = _PHASES[phase]
    if not any(rule.duties & duties for rule in allowed):
        return Refusal("case.not_your_duty", {"verb": "attach"}, Ground.DUTY)
    fitting = [rule for rule in allowed if facts.stage in rule.stages and rule.duties & duties]
    if not fitting:
        return state("wrong_stage", verb="attach", stage=facts.stage)
    if all(rule.person and getattr(facts, rule.person) != actor for rule in fitting):
        return state("tasked_to_another" if phase != Phase.HANDLE else "assigned_to_another")
    return None


_ASKERS: Mapping[RequestKind, frozenset[Duty]] = {
    RequestKind.RETURN: frozenset({Duty.DESK, Duty.COMMAND_DISTRICT}),
    RequestKind.VOID: frozenset({Duty.ACCEPT, Duty.COMMAND_CITY, Duty.COMMAND_DISTRICT, Duty.DESK, Duty.SUPERVISE}),
}
_REQUESTED_VERB = {RequestKind.RETURN: "send_back", RequestKind.VOID: "void"}


def ask_refusal(kind: RequestKind, facts: CaseFacts, duties: frozenset[Duty], reason: str) -> Refusal | None:
    """Why this may not be asked for now, or None: the step asked for must start in the stage of the case."""
    if not duties & _ASKERS[kind]:
        return Refusal("case.not_your_duty", {"verb": "ask"}, Ground.DUTY)
    if row(_REQUESTED_VERB[kind], facts.stage) is None:
        return state("wrong_stage", verb=_REQUESTED_VERB[kind], stage=facts.stage)
    return None if reason else given_wrong("needs_reason")


def decide_refusal(asked_by: str, decided: bool, duties: frozenset[Duty], actor: str, answered: bool) -> Refusal | None:
    """Why this actor may not decide the request, or None: another person, supervising, once, no without a word."""
    if Duty.SUPERVISE not in duties:
        return Refusal("case.not_your_duty", {"verb": "decide"}, Ground.DUTY)
    if asked_by == actor:
        return Refusal("case.own_request", {}, Ground.DUTY)
    if decided:
        return state("request_decided")
    return None if answered else given_wrong("needs_answer")


def locate_refusal(stage: Stage, area: str, duties: frozenset[Duty]) -> Refusal | None:
    """Why this actor may not give the report a place now, or None: an acceptor, once, before it is accepted."""
    if Duty.ACCEPT not in duties:
        return Refusal("case.not_your_duty", {"verb": "locate"}, Ground.DUTY)
    if stage != Stage.REPORTED:
        return state("wrong_stage", verb="locate", stage=stage)
    return state("already_located") if area else None
