"""Questions about change requests: seen by who proposed them, and by who keeps the register of that ground."""

from django.db.models import Q, QuerySet

from assets.contracts import RequestState
from assets.models import ChangeRequest
from assets.selectors.scope import ground_q, may_on
from core.errors import NotFound
from core.scope import Actor

KEEPING = ("component.edit", "admin")


def may_propose(actor: Actor, area: str) -> bool:
    """Whether the actor may say what should change there."""
    return any(may_on(actor, right, area) for right in ("component.propose", *KEEPING))


def requests_visible_to(actor: Actor) -> QuerySet[ChangeRequest]:
    """One's own requests, and every one on the ground whose register one keeps; newest first."""
    mine = Q(proposer=actor.key) if actor.user_id is not None else Q(pk__in=())
    return ChangeRequest.objects.filter(mine | ground_q(actor, KEEPING)).select_related("asset", "type")


def requests(
    *, actor: Actor, state: str = "", mine: bool = False, code: str = "", before: int = 0, limit: int = 50
) -> list[ChangeRequest]:
    """A page, newest first; `before` is the number of the last one of the page before."""
    found = requests_visible_to(actor)
    if state:
        found = found.filter(state=state)
    if mine:
        found = found.filter(proposer=actor.key)
    if code:
        found = found.filter(asset__code=code)
    if before:
        found = found.filter(pk__lt=before)
    return list(found.prefetch_related("photos").order_by("-pk")[:limit])


def requests_to_decide(actor: Actor) -> QuerySet[ChangeRequest]:
    """The open ones of others on the ground whose register the actor keeps; the oldest first."""
    rows = ChangeRequest.objects.filter(ground_q(actor, KEEPING), state=RequestState.OPEN)
    return rows.exclude(proposer=actor.key).select_related("asset", "type").order_by("pk")


def request_of(pk: int, *, actor: Actor, lock: bool = False) -> ChangeRequest:
    """One request; NotFound where the actor sees none."""
    rows = requests_visible_to(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound("assets.no_request", number=pk)
    return found


def is_stale(request: ChangeRequest) -> bool:
    """Whether the component changed since somebody proposed this."""
    return bool(request.state == RequestState.OPEN and request.asset and request.asset.version != request.seen_version)
