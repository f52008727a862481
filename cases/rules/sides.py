"""What happens beside the steps: reporting, locating, adding pictures."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cases.contracts import MACHINE_SOURCES, Phase, Source, Stage
from cases.contracts.evidence import Filming
from cases.rules.guards import CaseFacts, state
from core.scope import Duty
from core.steps import Ground, Refusal

S = Stage

SOURCE_RIGHTS: Mapping[Source, tuple[str, ...]] = {
    Source.COLLECTOR: (Duty.COLLECT,),
    Source.CITIZEN: (Duty.ACCEPT, "case.report"),
    Source.PHONE: (Duty.ACCEPT,),
    Source.LEADER: (Duty.ACCEPT,),
    Source.OPINION: (Duty.ACCEPT,),
    Source.HOTLINE: (Duty.ACCEPT, "case.report"),
    Source.DEPARTMENT: (Duty.ACCEPT, "case.report"),
    Source.CAMERA: ("case.report",),
    Source.SENSOR: ("case.report",),
    Source.VEHICLE: ("case.report",),
}

BY_PEOPLE: Mapping[Source, tuple[str, ...]] = {Source.DEPARTMENT: (Duty.ACCEPT,)}
"""Where a person needs another right than a machine: what other departments tell is taken up by the acceptor alone."""

ON_THE_SPOT = frozenset({Source.COLLECTOR})
"""The sources that stand before what they report."""


def reporting_rights(source: Source, is_person: bool) -> tuple[str, ...]:
    """The rights of which one must be held to report in the name of the source; none where only a machine may."""
    if not is_person:
        return SOURCE_RIGHTS[source]
    return () if source in MACHINE_SOURCES else BY_PEOPLE.get(source, SOURCE_RIGHTS[source])


def pictured_at_once(source: Source, needs_photo: Iterable[str]) -> frozenset[str]:
    """The pictures without which a report is not taken: who stands before it has a camera, who telephones has none."""
    return frozenset(needs_photo) & {Phase.REPORT} if source in ON_THE_SPOT else frozenset()


_FILMED: Mapping[str, frozenset[str]] = {
    Filming.AFTER: frozenset({Phase.HANDLE}),
    Filming.BOTH: frozenset({Phase.REPORT, Phase.HANDLE}),
}


def filmed(video: str) -> frozenset[str]:
    """The phases that a clip must show, as the class says."""
    return _FILMED.get(video, frozenset())


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


def locate_refusal(stage: Stage, area: str, duties: frozenset[Duty]) -> Refusal | None:
    """Why this actor may not give the report a place now, or None: an acceptor, once, before it is accepted."""
    if Duty.ACCEPT not in duties:
        return Refusal("case.not_your_duty", {"verb": "locate"}, Ground.DUTY)
    if stage != Stage.REPORTED:
        return state("wrong_stage", verb="locate", stage=stage)
    return state("already_located") if area else None
