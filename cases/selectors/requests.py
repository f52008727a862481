"""Requests: the city's rules of asking, what a rule looks at, and which requests wait for whom."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from cases import rules
from cases.contracts import ClockKind, RequestKind, RequestNews, RequestState
from cases.models import Case, Clock, Request, RequestRule
from cases.selectors.finding import visible_to
from cases.selectors.steps import facts_of, level_of
from core import clock
from core.errors import Invalid, NotFound
from core.querying import NOTHING, scope_q
from core.scope import Actor, Duty


def request_rule_rows() -> dict[str, RequestRule]:
    """What counts now for each kind of request, the city's word before the pack's, in the order of the kinds."""
    now = clock.now()
    begun = Q(valid_from=None) | Q(valid_from__lte=now)
    held = RequestRule.objects.filter(begun, Q(valid_until=None) | Q(valid_until__gt=now))
    rows = {row.kind: row for row in held.order_by("-origin")}  # the city's after the pack's: its word counts
    return {kind.value: rows[kind.value] for kind in RequestKind if kind.value in rows}


def request_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of a manifest as the columns say it."""
    return {
        "askers": list(given["askers"]),
        "chain": [dict(signer) for signer in given["chain"]],
        "again": [dict(signer) for signer in given.get("again", ())],
        "grounds": [dict(ground) for ground in given.get("grounds", ())],
        "most": given.get("most", 0),
        "share": float(given.get("share", 0)),
        "days": given.get("days", 0),
        "shirk_after": given.get("shirk_after", 0),
        "take_within": dict(given.get("take_within") or {}),
    }


def request_rule(row: RequestRule | None) -> rules.RequestRule | None:
    """The rule as the pure rules read it."""
    if row is None:
        return None
    return rules.RequestRule(
        kind=RequestKind(row.kind),
        askers=frozenset(row.askers),
        chain=_signers(row.chain),
        chains={ground["code"]: _signers(ground["chain"]) for ground in row.grounds if ground.get("chain")},
        again=_signers(row.again),
        grounds={ground["code"]: ground["names"] for ground in row.grounds},
        most=row.most,
        share=row.share,
        days=row.days,
    )


def _signers(chain: Iterable[Mapping[str, Any]]) -> tuple[rules.Signer, ...]:
    return tuple(rules.Signer(**signer) for signer in chain)


def chains_in(given: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    """Every chain of signatures that a rule of a manifest names: the usual one, those of grounds, that of repeats."""
    named = [given["chain"], given.get("again", ()), *(ground.get("chain", ()) for ground in given.get("grounds", ()))]
    return [list(chain) for chain in named if chain]


def standing_of(
    case: Case, facts: rules.CaseFacts | None = None, papers: Iterable[Request] | None = None
) -> rules.Standing:
    """All that a rule of requests looks at, read from the tables; `facts` and all its `papers` where they were read."""
    now = clock.now()
    running = Clock.objects.filter(case=case, kind=ClockKind.HANDLING, stopped_at=None).first()
    every = Request.objects.filter(case=case) if papers is None else papers
    asked = [(row.kind, row.state) for row in every]
    granted: dict[str, int] = {}
    for kind, stands in asked:
        granted[kind] = granted.get(kind, 0) + (stands == RequestState.APPROVED)
    return rules.Standing(
        case=facts or facts_of(case),
        now=now,
        limit=running.minutes if running else None,
        breached=bool(running and running.due_at and running.due_at < now),
        late=case.handled_late,
        closed_at=case.closed_at,
        granted=granted,
        judged=frozenset(kind for kind, stands in asked if stands in (RequestState.APPROVED, RequestState.REFUSED)),
        open=frozenset(kind for kind, stands in asked if stands == RequestState.OPEN),
    )


class Askable(NamedTuple):
    """A request that the actor may make now, and its rule; `most` are the minutes that one extension may give."""

    kind: str
    rule: RequestRule
    most: int


def askable(
    case: Case, actor: Actor, facts: rules.CaseFacts | None = None, papers: Iterable[Request] | None = None
) -> list[Askable]:
    """What the actor may ask for now, once it is said why; `facts` and all `papers` where they were read already."""
    duties = actor.duties(case.org, case.area)
    rows = [row for row in request_rule_rows().values() if duties & frozenset(row.askers)]
    if not rows:
        return []
    standing, found = standing_of(case, facts, papers), []
    for row in rows:
        rule = request_rule(row)
        no = rules.ask_refusal(rule, row.kind, standing, rules.Asked("-"), duties)
        if rule is not None and (no is None or no.ground == rules.Ground.INPUT):
            found.append(Askable(row.kind, row, rules.longest(rule, standing.limit)))
    return found


def was_appealed(number: str) -> bool:
    """Whether an appeal of this case waits for its signatures or was judged: there is one for each case."""
    stands = [RequestState.OPEN, RequestState.APPROVED, RequestState.REFUSED]
    return Request.objects.filter(case__number=number, kind=RequestKind.APPEAL, state__in=stands).exists()


def requests(case: Case) -> list[Request]:
    """Every request for a case the caller was allowed to see, oldest first, with its signatures."""
    return list(Request.objects.filter(case=case).prefetch_related("signatures"))


def request_of(case: Case, request_id: int) -> Request:
    """One request of a case; NotFound("case.no_request") if it has none of this id."""
    found = Request.objects.filter(case=case, pk=request_id).first()
    if found is None:
        raise NotFound("case.no_request", id=request_id)
    return found


def paper_of(row: Request) -> rules.Paper:
    """The request as its next signer sees it."""
    signers = frozenset(one.by for one in row.signatures.all())
    return rules.Paper(row.asked_by, row.is_open, signers, row.next_duty or last_duty(row), row.next_level)


def last_duty(row: Request) -> str:
    """The duty that signs last; for one that is decided this says whose business it was."""
    return str(row.chain[-1]["duty"]) if row.chain else ""


def may_resume(case: Case, actor: Actor) -> bool:
    """Whether the actor may end the hold of the case now, once it is said why."""
    duties = actor.duties(case.org, case.area)
    return case.held_until is not None and bool(duties & rules.RESUMERS)


def request_news(row: Request) -> RequestNews:
    """The request as the journal tells it: ids and facts, no words."""
    case = row.case
    return RequestNews(
        number=case.number,
        request=row.pk,
        kind=row.kind,
        state=str(row.state),
        stage=str(case.stage),
        version=case.version,
        organisation=case.organisation,
        district=case.district,
        signed=row.signed,
        signatures=len(row.chain),
        minutes=row.minutes,
        until=row.until.isoformat() if row.until else None,
    )


def _awaiting(actor: Actor) -> Q:
    """Open requests whose next signature is this actor's: duty and level are held there, nobody signs twice."""
    answer = NOTHING
    for duty in Duty:
        if actor.holds(duty):
            answer |= Q(next_duty=duty.value) & scope_q(actor.scope(duty), "case__org", "case__area")
    signed = Request.objects.filter(state=RequestState.OPEN, signatures__by=actor.key).values("pk")
    return (
        answer
        & Q(state=RequestState.OPEN, next_level__in=["", level_of(actor)])
        & ~Q(asked_by=actor.key)
        & ~Q(pk__in=signed)
    )


USUAL_QUEUE = "awaiting"
"""What the page shows first."""
REQUEST_QUEUES: Mapping[str, Callable[[Actor], Q]] = {
    "awaiting": _awaiting,
    "mine": lambda actor: Q(asked_by=actor.key),
    "open": lambda actor: Q(state=RequestState.OPEN),
    "decided": lambda actor: ~Q(state=RequestState.OPEN),
}


def _visible(actor: Actor) -> QuerySet[Request]:
    return Request.objects.filter(case__in=visible_to(actor).order_by().values("pk"))


def request_queue(actor: Actor, name: str) -> QuerySet[Request]:
    """A named queue of requests for cases that the actor may see: open ones oldest first, others newest first."""
    if name not in REQUEST_QUEUES:
        raise Invalid("case.unknown_queue", queue=name)
    order = ["asked_at", "id"] if name in ("awaiting", "open") else ["-asked_at", "-id"]
    rows = _visible(actor).filter(REQUEST_QUEUES[name](actor))
    return rows.select_related("case__category").prefetch_related("signatures").order_by(*order)


def request_counts(actor: Actor, names: Iterable[str] = tuple(REQUEST_QUEUES)) -> dict[str, int]:
    """How many requests stand in each queue, in one query."""
    return _visible(actor).aggregate(
        **{name: Count("id", filter=REQUEST_QUEUES[name](actor), distinct=True) for name in names}
    )
