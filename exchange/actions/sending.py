"""Sending: a row is claimed under a lease, tried without any lock, and settled by whoever still holds it.

The lease is longer than an attempt can last, so nobody tries the same row at the same time; where a worker was killed
its lease ends and the next one tries again, under the same `uid`.
"""

import json
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q

from core import clock
from core.scope import machine
from exchange import selectors
from exchange.actions.posting import quiet_end
from exchange.adapters import sealing
from exchange.adapters.connectors import CONNECTORS
from exchange.contracts.sendings import (
    DUE,
    ENDED,
    ENDPOINT_SWITCHED,
    SENDING_GIVEN_UP,
    EndpointSwitched,
    Outcome,
    Parcel,
    SendingGivenUp,
    SendingState,
    Verdict,
)
from exchange.models import Contact, Endpoint, Sending, SendingAttempt
from exchange.rules.messages import TOO_OLD
from exchange.rules.sendings import CODE_GOOD_FOR, KEEP, LEASE, break_after, readable, wait_after
from journal import actions as journal

SENDER = machine("rule:sendings")
AT_ONCE = 4
"""So many attempts at one endpoint at the same time: one that hangs does not keep every worker."""
FORGET_AT_ONCE = 5000
CODE = "code"


def send_due(limit: int = 200, seconds: float = 20.0) -> int:
    """What is due was tried, as far as the time went; answers how many attempts were made."""
    ends, tried = time.monotonic() + seconds, 0
    while tried < limit and time.monotonic() < ends:
        row = _claim()
        if row is None:
            break
        _try(row)
        tried += 1
    return tried


@transaction.atomic
def _claim() -> Sending | None:
    """The next row that is due is this worker's, under a new epoch; None where nothing is."""
    now = clock.now()
    flying = Sending.objects.filter(state=SendingState.SENDING, leased_until__gt=now)
    busy = flying.values("endpoint").annotate(many=Count("pk")).filter(many__gte=AT_ONCE).values("endpoint")
    due = Q(state__in=sorted(DUE), due_at__lte=now) | Q(state=SendingState.SENDING, leased_until__lte=now)
    awake = Q(endpoint__rests_until__isnull=True) | Q(endpoint__rests_until__lte=now)
    rows = Sending.objects.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
    row = rows.filter(due, awake, endpoint__enabled=True).exclude(endpoint__in=busy).order_by("due_at", "pk").first()
    if row is None:
        return None
    row.state, row.leased_until = SendingState.SENDING, now + LEASE
    row.epoch += 1
    row.attempts += 1
    row.save(update_fields=["state", "leased_until", "epoch", "attempts"])
    return row


def _try(row: Sending) -> None:
    """One attempt; what became of it is in the row, unless another worker holds it by now."""
    started = time.monotonic()
    at = clock.now()
    parcel = _parcel(row)
    outcome = parcel if isinstance(parcel, Outcome) else CONNECTORS[row.endpoint.channel].send(parcel)
    _settle(row, outcome, parcel.address if isinstance(parcel, Parcel) else "", _attempt(row, outcome, at, started))


def _attempt(row: Sending, outcome: Outcome, at: datetime, started: float) -> SendingAttempt:
    return SendingAttempt(
        sending=row, epoch=row.epoch, at=at, took_ms=int((time.monotonic() - started) * 1000),
        verdict=outcome.verdict, status=outcome.status, failure=_failure(outcome),
    )  # fmt: skip


def _failure(outcome: Outcome) -> dict[str, object]:
    params = {name: readable(value) for name, value in outcome.params.items()}
    return {"code": outcome.code, "params": params} if outcome.code else {}


def _parcel(row: Sending) -> Parcel | Outcome:
    """What the connector is given; the outcome where there is nobody to give it to."""
    if row.attempts > selectors.policy_of(row.endpoint).most:
        return Outcome(Verdict.NEVER, code="sending.workers_lost")
    address = ""
    if row.user_id is not None:
        if row.rounds == 1 and clock.now() - row.made_at > (CODE_GOOD_FOR if row.kind == CODE else TOO_OLD):
            return Outcome(Verdict.NEVER, code="sending.too_late")
        address = _address(row)
        if not address:
            return Outcome(Verdict.NEVER, code="sending.no_address")
    secrets = _secrets(row.endpoint)
    if secrets is None:
        return Outcome(Verdict.LATER, code="sending.secret_lost")
    payload = row.payload
    if "sealed" in payload:
        payload = json.loads(sealing.opened(payload["sealed"]) or "{}")
    return Parcel(f"msg_{row.uid.hex}", clock.now(), row.endpoint.settings, secrets, payload, address)


def _secrets(endpoint: Endpoint) -> list[str] | None:
    """The secrets in force, the newest first; None where one cannot be opened any more."""
    both = endpoint.sealed_before and endpoint.both_until and endpoint.both_until > clock.now()
    kept = [one for one in (endpoint.sealed, endpoint.sealed_before if both else "") if one]
    secrets = [sealing.opened(one) for one in kept]
    return secrets if all(secrets) else None


def _address(row: Sending) -> str:
    """Where the person has this channel now; empty where they left, or never proved that it is theirs."""
    held = Contact.objects.select_related("user").filter(user=row.user, channel=row.endpoint.channel)
    contact = held.first()
    if contact is None or not contact.user.is_active:
        return ""
    return contact.address if contact.verified_at or row.kind == CODE else ""


@transaction.atomic
def _settle(claimed: Sending, outcome: Outcome, address: str, attempt: SendingAttempt) -> None:
    row = Sending.objects.select_for_update().get(pk=claimed.pk)
    if row.epoch != claimed.epoch or row.state != SendingState.SENDING:
        return
    attempt.save()
    row.leased_until, row.status, row.failure = None, outcome.status, _failure(outcome)
    if address:
        row.address = selectors.masked_address(claimed.endpoint.channel, address)
    policy = selectors.policy_of(claimed.endpoint)
    if outcome.verdict == Verdict.DONE:
        end(row, SendingState.DELIVERED)
    elif outcome.verdict == Verdict.LATER and row.attempts < policy.most:
        waits = max(wait_after(policy, row.attempts, str(row.uid)), timedelta(seconds=outcome.wait))
        row.state, row.due_at = SendingState.FAILED, clock.now() + waits
        _spare(row)
    else:
        end(row, SendingState.GIVEN_UP)
        news = SendingGivenUp(str(claimed.endpoint.uid), str(row.uid), row.attempts, outcome.code)
        journal.record(SENDING_GIVEN_UP, subject=f"sending:{row.uid}", actor=SENDER, data=news)
    row.save()
    _judge(claimed.endpoint, outcome)


def _spare(row: Sending) -> None:
    """What is tried again does not fall into somebody's quiet hours."""
    if row.user_id is None or row.urgent:
        return
    until = quiet_end(row.due_at, selectors.preferences([row.user_id]).get(int(row.user_id)))
    row.due_at = until or row.due_at


def end(row: Sending, state: SendingState) -> None:
    """The sending is over, and no secret stays in it."""
    row.state, row.leased_until, row.ended_at = state, None, clock.now()
    if "sealed" in row.payload:
        row.payload = {}


def _judge(endpoint: Endpoint, outcome: Outcome) -> None:
    """What the attempt says about the endpoint: healthy, to be left alone for a while, or wanting no more."""
    held = Endpoint.objects.filter(pk=endpoint.pk)
    if outcome.verdict == Verdict.DONE:
        held.exclude(failures=0, rests_until=None).update(failures=0, rests_until=None)
    elif outcome.verdict == Verdict.LATER:
        held.update(failures=F("failures") + 1)
        rest = break_after(held.values_list("failures", flat=True).get())
        wait = max(rest or timedelta(), timedelta(seconds=outcome.wait if outcome.status == 429 else 0))
        if wait:
            held.update(rests_until=clock.now() + wait)
    elif outcome.verdict == Verdict.GONE and held.filter(enabled=True).update(enabled=False, off_why=outcome.code):
        news = EndpointSwitched(str(endpoint.uid), endpoint.channel, False, outcome.code)
        journal.record(ENDPOINT_SWITCHED, subject=f"endpoint:{endpoint.uid}", actor=SENDER, data=news)


@transaction.atomic
def forget_sendings(limit: int = FORGET_AT_ONCE) -> int:
    """Sendings that ended long ago are gone; answers how many."""
    old = Sending.objects.filter(state__in=sorted(ENDED), ended_at__lt=clock.now() - KEEP).order_by("ended_at")
    gone = list(old.values_list("pk", flat=True)[:limit])
    SendingAttempt.objects.filter(sending__in=gone).delete()
    Sending.objects.filter(pk__in=gone).delete()
    return len(gone)
