"""Steering sendings by hand: tried again, cancelled, sent anew, one or a whole span of time of an endpoint."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import clock
from core.errors import Code, Conflict, Invalid, NotFound
from core.scope import Actor
from exchange import selectors
from exchange.actions.posting import for_entry, hold, put, wake
from exchange.actions.sending import CODE, end
from exchange.contracts.sendings import DUE, ENDED, RETRIABLE, SENDING_STEERED, Channel, SendingState, SendingSteered
from exchange.models import Endpoint, Sending
from exchange.rules.sendings import LONGEST_SPAN, covers
from journal import actions as journal
from journal import selectors as entries

MOST_REPLAYED = 5000


@transaction.atomic
def retry_sending(uid: UUID, *, actor: Actor) -> Sending:
    """What failed or was given up is due now, with all its attempts before it; Conflict for anything else."""
    row = _held(uid, actor)
    if row.state not in RETRIABLE:
        raise Conflict("sending.wrong_state", state=Code(f"sending.state.{row.state}"))
    return _again(row, "retry", actor)


@transaction.atomic
def replay_sending(uid: UUID, *, actor: Actor) -> Sending:
    """What had ended goes out anew under the same id, so that whoever has it already leaves it."""
    row = _held(uid, actor)
    if row.state not in ENDED:
        raise Conflict("sending.wrong_state", state=Code(f"sending.state.{row.state}"))
    return _again(row, "replay", actor)


@transaction.atomic
def cancel_sending(uid: UUID, *, actor: Actor) -> Sending:
    """It is not sent any more; Conflict where it has ended, or is being sent at this moment."""
    row = _held(uid, actor)
    if row.state not in DUE:
        raise Conflict("sending.wrong_state", state=Code(f"sending.state.{row.state}"))
    end(row, SendingState.CANCELLED)
    row.save()
    _tell(row.endpoint, "cancel", 1, actor)
    return row


@transaction.atomic
def replay_span(uid: UUID, *, begins: datetime, ends: datetime, actor: Actor) -> int:
    """What an endpoint was to get of this span goes out anew, and for a webhook also what it never got; how many.

    The span is of when it happened; it ends before `ends`. Nobody is woken in their quiet hours.
    """
    endpoint = selectors.endpoint(uid, actor)
    if not begins < ends or ends - begins > LONGEST_SPAN:
        raise Invalid("sending.bad_span", days=LONGEST_SPAN.days)
    if not endpoint.enabled:
        raise Conflict("endpoint.is_off")
    count = _again_all(endpoint, begins, ends)
    if endpoint.channel == Channel.WEBHOOK:
        count += _missed(endpoint, begins, ends)
    wake()
    _tell(endpoint, "replay", count, actor)
    return count


def _again_all(endpoint: Endpoint, begins: datetime, ends: datetime) -> int:
    rows = Sending.objects.filter(endpoint=endpoint, made_at__gte=begins, made_at__lt=ends, state__in=sorted(ENDED))
    found = list(rows.exclude(kind=CODE).select_for_update().order_by("pk")[: MOST_REPLAYED + 1])
    if len(found) > MOST_REPLAYED:
        raise Invalid("sending.too_many", most=MOST_REPLAYED)
    preferred = selectors.preferences({row.user_id for row in found if row.user_id})
    for row in found:
        _reset(row)
        hold(row, None if row.urgent else preferred.get(row.user_id or 0))
    fields = ["state", "due_at", "attempts", "rounds", "ended_at", "failure", "status"]
    Sending.objects.bulk_update(found, fields, batch_size=500)
    return len(found)


def _missed(endpoint: Endpoint, begins: datetime, ends: datetime) -> int:
    """Entries that happened while the webhook was off, or did not ask for their kind yet."""
    found = entries.between(endpoint.kinds, begins, ends, MOST_REPLAYED + 1)
    if len(found) > MOST_REPLAYED:
        raise Invalid("sending.too_many", most=MOST_REPLAYED)
    return put([for_entry(endpoint, one) for one in found if covers(endpoint.org, endpoint.area, one)])


def _held(uid: UUID, actor: Actor) -> Sending:
    selectors.may_keep_endpoints(actor)
    rows = Sending.objects.select_for_update(of=("self",)).select_related("endpoint")
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound("sending.none")
    return row


def _again(row: Sending, what: str, actor: Actor) -> Sending:
    if row.kind == CODE and row.state in ENDED:
        raise Conflict("sending.code_gone")
    if not row.endpoint.enabled:
        raise Conflict("endpoint.is_off")
    _reset(row)
    row.save()
    wake()
    _tell(row.endpoint, what, 1, actor)
    return row


def _reset(row: Sending) -> None:
    row.state, row.due_at, row.ended_at = SendingState.WAITING, clock.now(), None
    row.attempts, row.failure, row.status = 0, {}, 0
    row.rounds = min(row.rounds + 1, 32_000)


def _tell(endpoint: Endpoint, what: str, count: int, actor: Actor) -> None:
    news = SendingSteered(str(endpoint.uid), what, count)
    journal.record(SENDING_STEERED, subject=f"endpoint:{endpoint.uid}", actor=actor, data=news)
