"""What happens to requests when something else happens: they are told, used, or lapse."""

from collections.abc import Iterable

from cases.contracts import LAPSED, RequestKind, RequestState
from cases.models import Case, Request
from cases.rules import FITTING
from cases.selectors import request_news
from core import clock
from core.scope import Actor, machine
from core.trace import current_trace, use_trace
from journal import actions as journal

LAPSER: Actor = machine("rule:requests")


def tell_request(row: Request, kind: str, actor: Actor, *, org: str = "") -> None:
    """The journal has an entry for the request as it stands; `org` is the organisation that has just lost the case."""
    case = row.case
    with use_trace(case.trace or current_trace()):
        journal.record(
            kind, subject=case.number, actor=actor, org=case.org or org, area=case.area, data=request_news(row)
        )


def use_request(case: Case, *kinds: RequestKind) -> None:
    """The approved requests of these kinds have been carried out and carry no further step."""
    granted = Request.objects.filter(case=case, kind__in=kinds, state=RequestState.APPROVED, used_at=None)
    granted.update(used_at=clock.now())


def lapse_requests(case: Case, papers: Iterable[Request]) -> None:
    """Open requests that make no sense where the case stands now wait for nobody any more. Call under the lock.

    `papers` are its live requests, as the same lock saw them.
    """
    for row in papers:
        gone = case.stage not in FITTING[RequestKind(row.kind)]
        gone = gone or (row.kind == RequestKind.RETURN and row.stage != case.stage)
        if gone and row.state == RequestState.OPEN:
            row.case = case
            row.state, row.decided_at, row.next_duty, row.next_level = RequestState.LAPSED, clock.now(), "", ""
            row.save()
            tell_request(row, LAPSED, LAPSER)
