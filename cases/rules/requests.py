"""Requests: who may ask for what and when, who must sign, and what a signature may still do. Rules are data."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cases.contracts import RequestKind, Stage
from cases.rules.guards import CaseFacts, given_wrong, state
from cases.rules.table import BEFORE_FEEDBACK, FORCIBLE, row, rows
from core.scope import Duty
from core.steps import Ground, Refusal

S, K = Stage, RequestKind
Names = Mapping[str, str]

FITTING: Mapping[RequestKind, frozenset[Stage]] = {
    K.EXTENSION: frozenset({S.AT_DISTRICT, S.DISPATCHED, S.HANDLING, S.HANDLED, S.REWORK}),
    K.HOLD: frozenset({S.AT_DISTRICT, S.DISPATCHED, S.HANDLING, S.REWORK}),
    K.RETURN: frozenset().union(*(step.sources for step in rows("send_back"))),
    K.VOID: frozenset(BEFORE_FEEDBACK),
    K.CANCEL: frozenset(BEFORE_FEEDBACK),
    K.APPEAL: frozenset({S.CLOSED}),
    K.FORCE: frozenset(FORCIBLE),
}
"""In which stages a request of a kind makes sense; it lapses when the case leaves them."""

WHILE_HELD = frozenset({K.VOID, K.CANCEL})
RESUMERS = frozenset({Duty.DESK, Duty.COMMAND_DISTRICT, Duty.COMMAND_CITY, Duty.SUPERVISE})


@dataclass(frozen=True)
class Signer:
    """Who must sign: a duty, at a level ("" = any); `waived` where the asker has that duty himself."""

    duty: str
    level: str = ""
    names: Names = field(default_factory=dict)
    waived: bool = False


@dataclass(frozen=True)
class RequestRule:
    """What a city says about one kind of request. A limit of 0 is none.

    `most` approvals a case; an extension lasts `share` times the original limit at most, a hold `days` at most; an
    appeal is asked for within `days` of closing. `chains` are those of grounds that need other signatures than
    `chain`, `again` is that of whatever was granted for this case before.
    """

    kind: RequestKind
    askers: frozenset[str]
    chain: tuple[Signer, ...]
    grounds: Mapping[str, Names] = field(default_factory=dict)
    most: int = 0
    share: float = 0
    days: int = 0
    chains: Mapping[str, tuple[Signer, ...]] = field(default_factory=dict)
    again: tuple[Signer, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: why, on which ground of the rule, so many minutes more, or until when."""

    reason: str
    ground: str = ""
    minutes: int | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """All that a request rule looks at: the case, its handling limit in minutes, and what was asked before."""

    case: CaseFacts
    now: datetime
    limit: int | None = None
    breached: bool = False
    late: bool = False
    closed_at: datetime | None = None
    granted: Mapping[str, int] = field(default_factory=dict)
    judged: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


def chain_for(
    rule: RequestRule, duties: Iterable[str], levels: Iterable[str], ground: str = "", granted: int = 0
) -> tuple[Signer, ...]:
    """The signatures that this request needs: without levels the city's model lacks, without those the asker waives.

    The last of the chain is never waived: somebody else always decides.
    """
    there, held = frozenset(levels), frozenset(duties)
    chain = (rule.again if granted else ()) or rule.chains.get(ground) or rule.chain
    fitting = [one for one in chain if not one.level or not there or one.level in there]
    first = [one for one in fitting[:-1] if not (one.waived and one.duty in held)]
    return (*first, *fitting[-1:])


def nobody_for(chain: Sequence[Signer], able: Sequence[Collection[int]]) -> Signer | None:
    """The first of a chain whom nobody is left to be, if each must be somebody else; None where all can sign.

    `able` are the people who could sign at each place.
    """
    seated: dict[int, int] = {}
    for place, signer in enumerate(chain):
        if not _seat(place, able, seated, set()):
            return signer
    return None


def _seat(place: int, able: Sequence[Collection[int]], seated: dict[int, int], tried: set[int]) -> bool:
    """Somebody sits at the place, if need be after others have moved to where they can sit as well."""
    for person in able[place]:
        if person in tried:
            continue
        tried.add(person)
        if person not in seated or _seat(seated[person], able, seated, tried):
            seated[person] = place
            return True
    return False


def ask_refusal(rule: RequestRule | None, kind: str, standing: Standing, asked: Asked, duties: frozenset[Duty]) -> (
    Refusal | None
):  # fmt: skip
    """Why this may not be asked for now, or None: the duty, then the case, then what was given."""
    if rule is None or not rule.chain:
        return state("request_not_ruled", kind=kind)
    if not duties & rule.askers:
        return Refusal("case.not_your_duty", {"verb": "ask"}, Ground.DUTY)
    no = fit_refusal(rule, standing) or _twice(rule, standing) or _asker(rule, standing, duties)
    return no or given_refusal(rule, standing, asked)


def _asker(rule: RequestRule, standing: Standing, duties: frozenset[Duty]) -> Refusal | None:
    """A return is asked for by whoever has the case now: its desk, or the district centre."""
    step = row("send_back", standing.case.stage) if rule.kind == K.RETURN else None
    if step is None or step.duties & duties:
        return None
    return Refusal("case.not_your_duty", {"verb": "ask"}, Ground.DUTY)


def _twice(rule: RequestRule, standing: Standing) -> Refusal | None:
    if rule.kind in standing.open:
        return state("request_open", kind=rule.kind)
    if rule.most and standing.granted.get(rule.kind, 0) >= rule.most:
        return state("request_used_up", kind=rule.kind, most=rule.most)
    return state("appeal_judged") if rule.kind == K.APPEAL and rule.kind in standing.judged else None


def fit_refusal(rule: RequestRule, standing: Standing) -> Refusal | None:
    """Why a request of this kind cannot be granted as the case stands, or None."""
    kind, case = rule.kind, standing.case
    if case.stage not in FITTING[kind]:
        return state("request_unfit", kind=kind, stage=case.stage)
    if case.held and kind not in WHILE_HELD:
        return state("held")
    if kind in (K.EXTENSION, K.HOLD) and standing.limit is None:
        return state("no_handling_clock")
    if kind == K.EXTENSION and standing.breached:
        return state("extension_too_late")
    if kind == K.RETURN and case.bound:
        return state("bound")
    return _appeal(rule, standing) if kind == K.APPEAL else None


def _appeal(rule: RequestRule, standing: Standing) -> Refusal | None:
    if not standing.late:
        return state("appeal_needs_late")
    last = standing.closed_at + timedelta(days=rule.days) if standing.closed_at and rule.days else None
    return state("appeal_too_late", days=rule.days) if last and standing.now > last else None


def given_refusal(rule: RequestRule, standing: Standing, asked: Asked) -> Refusal | None:
    """What is wrong with what was given, or None: ground, reason, minutes of an extension, end of a hold."""
    if rule.grounds and asked.ground not in rule.grounds:
        return given_wrong("unknown_ground" if asked.ground else "needs_ground", given=asked.ground)
    if not asked.reason:
        return given_wrong("needs_reason")
    if rule.kind == K.EXTENSION:
        return _minutes(rule, standing, asked.minutes)
    return _until(rule, standing, asked.until) if rule.kind == K.HOLD else None


def _minutes(rule: RequestRule, standing: Standing, minutes: int | None) -> Refusal | None:
    if not minutes or minutes < 1:
        return given_wrong("needs_minutes")
    most = longest(rule, standing.limit)
    return given_wrong("too_many_minutes", most=most) if most and minutes > most else None


def longest(rule: RequestRule, limit: int | None) -> int:
    """The most minutes that one extension may give; 0 for no limit."""
    return max(1, round((limit or 0) * rule.share)) if rule.share else 0


def _until(rule: RequestRule, standing: Standing, until: datetime | None) -> Refusal | None:
    if until is None:
        return given_wrong("needs_until")
    if until <= standing.now:
        return given_wrong("until_is_past")
    far = rule.days and until > standing.now + timedelta(days=rule.days)
    return given_wrong("until_too_far", days=rule.days) if far else None


@dataclass(frozen=True)
class Paper:
    """A request as its next signer sees it: who asked, who has signed, whose turn it is."""

    asked_by: str
    open: bool
    signers: frozenset[str]
    duty: str
    level: str


def sign_refusal(paper: Paper, duties: frozenset[Duty], level: str, actor: str) -> Refusal | None:
    """Why this actor may not sign or refuse now, or None: another person with the duty and the level, each once."""
    if paper.duty not in duties and (paper.open or not duties):
        return Refusal("case.not_your_duty", {"verb": "sign"}, Ground.DUTY)
    if paper.asked_by == actor:
        return Refusal("case.own_request", {}, Ground.DUTY)
    if not paper.open:
        return state("request_decided")
    if actor in paper.signers:
        return Refusal("case.signed_already", {}, Ground.DUTY)
    wrong = paper.level and level != paper.level
    return Refusal("case.not_your_level", {"verb": "sign", "level": level}, Ground.DUTY) if wrong else None


def resume_refusal(facts: CaseFacts, duties: frozenset[Duty], given: Mapping[str, Any]) -> Refusal | None:
    """Why this actor may not end the hold before its time, or None."""
    if not duties & RESUMERS:
        return Refusal("case.not_your_duty", {"verb": "resume"}, Ground.DUTY)
    if not facts.held:
        return state("not_held")
    return None if given.get("reason") else given_wrong("needs_reason")
