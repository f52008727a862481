"""What partners are told of their tickets: written with the news itself, sent in order until the partner has it."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core import clock
from exchange import selectors
from exchange.adapters.partner import Answer, Unanswered, ask
from exchange.contracts.hotline import VERSION, ReplyKind, ReplyState, TicketState
from exchange.models import Partner, PartnerTicket, TicketReply
from exchange.rules import hotline as rules

LEASE = timedelta(seconds=120)
MOST_SENT = 200
STATE_AFTER: Mapping[ReplyKind, TicketState] = {
    ReplyKind.ACCEPTED: TicketState.ACCEPTED, ReplyKind.REFUSED: TicketState.REFUSED,
    ReplyKind.RESULT: TicketState.DONE, ReplyKind.REOPENED: TicketState.ACCEPTED,
}  # fmt: skip


def add_reply(ticket: PartnerTicket, key: str, kind: ReplyKind, body: Mapping[str, Any]) -> None:
    """The partner is to be told this of the locked ticket, after all before; the same key is told once."""
    if TicketReply.objects.filter(ticket=ticket, key=key).exists():
        return
    now = clock.now()
    ticket.replies_made += 1
    TicketReply.objects.create(
        ticket=ticket, number=ticket.replies_made, key=key, kind=kind, body=dict(body), next_at=now, made_at=now
    )


@transaction.atomic
def tell_partners(
    subjects: Collection[str], *, key: str, kind: ReplyKind, body: Mapping[str, Any], step: str = "",
    until: datetime | None = None,
) -> None:  # fmt: skip
    """The partners of the tickets that stand for these are told so.

    A `step` is told to those who asked for it, more time `until` then to those whose deadline comes before; of a
    ticket that its partner withdrew nothing more is told.
    """
    rows = PartnerTicket.objects.select_for_update(of=("self",)).select_related("partner")
    for ticket in rows.filter(subject__in=subjects).exclude(state=TicketState.WITHDRAWN).order_by("pk"):
        unasked = step and step not in (ticket.partner.steps or rules.STEPS)
        early = until is not None and (ticket.deadline is None or until <= ticket.deadline)
        if unasked or early:
            continue
        add_reply(ticket, key, kind, body)
        ticket.state = STATE_AFTER.get(kind, TicketState(ticket.state))
        ticket.changed_at = clock.now()
        ticket.save(update_fields=["state", "changed_at", "replies_made"])


def send_replies(seconds: float = 40.0, each: float = 10.0) -> int:
    """What can be told now is told as far as the time goes, or tried again; answers how many the partners took.

    A partner that answers slowly has `each` of these seconds, and the others the rest of them.
    """
    ends, taken = time.monotonic() + seconds, 0
    spent: dict[int, float] = defaultdict(float)
    for _one in range(MOST_SENT):
        began = time.monotonic()
        row = _claimed([key for key, took in spent.items() if took >= each]) if began < ends else None
        if row is None:
            break
        taken += _sent(row)
        spent[row.ticket.partner_id] += time.monotonic() - began
    return taken


@transaction.atomic
def _claimed(had_theirs: Collection[int]) -> TicketReply | None:
    """The next reply, which nobody else sends meanwhile; whoever dies with it leaves it to the next after a while."""
    now = clock.now()
    due = selectors.replies_due(now).exclude(ticket__partner__in=had_theirs)
    row = due.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    row.attempts, row.next_at = row.attempts + 1, now + LEASE
    row.save(update_fields=["attempts", "next_at"])
    return row


def _sent(row: TicketReply) -> bool:
    ticket = row.ticket
    partner = ticket.partner
    told = {
        "version": VERSION, "ticket": ticket.ticket, "number": row.number, "kind": row.kind,
        "at": row.made_at.isoformat(), "content": row.body,
    }  # fmt: skip
    try:
        answer = ask(partner.base_url, selectors.secret_of(partner), "POST", f"/tickets/{ticket.ticket}/replies", told)
    except Unanswered as error:
        _kept_for_later(row, partner, error.code)
        return False
    return _answered(row, partner, answer)


def _answered(row: TicketReply, partner: Partner, answer: Answer) -> bool:
    """The reply is settled; told again, once what comes before it is, where that was put in its way meanwhile."""
    if answer.status in (401, 403):
        _kept_for_later(row, partner, "hotline.partner_refuses_us")
        return False
    answers_again(partner)
    now = clock.now()
    with transaction.atomic():
        ticket = PartnerTicket.objects.select_for_update().get(pk=row.ticket_id)
        row.status, row.failure = answer.status, "" if rules.is_taken(answer.status) else answer.beginning
        earlier = TicketReply.objects.filter(ticket=ticket, number__lt=row.number, state=ReplyState.QUEUED)
        if earlier.exists():
            row.next_at, row.attempts = now, 0
        elif rules.is_taken(answer.status):
            row.state, row.sent_at, ticket.told = ReplyState.SENT, now, row.kind
        elif rules.is_final(answer.status):
            row.state, ticket.troubled = ReplyState.REFUSED, True
        else:
            row.next_at = now + timedelta(seconds=rules.wait_s(row.attempts))
        row.save(update_fields=["state", "sent_at", "status", "failure", "next_at", "attempts"])
        ticket.save(update_fields=["told", "troubled"])
    return row.state == ReplyState.SENT


def tell_again(ticket: PartnerTicket) -> None:
    """What the partner of the locked ticket refused is told once more, and after it, in order, whatever came later.

    The partner knows by its number what it has, and ends with the last of them.
    """
    refused = ticket.replies.filter(state=ReplyState.REFUSED).order_by("number").first()
    if refused is not None:
        later = ticket.replies.filter(number__gte=refused.number).exclude(state=ReplyState.QUEUED)
        later.update(state=ReplyState.QUEUED, next_at=clock.now(), attempts=0, sent_at=None)


def _kept_for_later(row: TicketReply, partner: Partner, code: str) -> None:
    """The partner is left in peace for a while; the reply is the first it is told then."""
    does_not_answer(partner, code)
    row.next_at, row.failure = clock.now(), code
    row.save(update_fields=["next_at", "failure"])


@transaction.atomic
def does_not_answer(partner: Partner, code: str) -> None:
    """The partner is down since the first failure, and asked again after a wait that grows."""
    row, now = Partner.objects.select_for_update().get(pk=partner.pk), clock.now()
    row.failures, row.failure, row.down_since = row.failures + 1, code, row.down_since or now
    row.resume_at = now + timedelta(seconds=rules.wait_s(row.failures))
    row.save(update_fields=["failures", "failure", "down_since", "resume_at"])


def answers_again(partner: Partner) -> None:
    """Nothing ails the partner any more."""
    ailing = Partner.objects.filter(pk=partner.pk, down_since__isnull=False)
    ailing.update(failures=0, failure="", down_since=None, resume_at=None)
