"""Fetching from partners that do not push: from a while before the last time, page by page, each message once."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from core import clock
from core.errors import DomainError
from core.schema import validate
from exchange import selectors
from exchange.actions.refusals import refuse_message
from exchange.actions.replies import answers_again, does_not_answer
from exchange.actions.tickets import receive
from exchange.adapters.partner import Unanswered, ask
from exchange.models import Partner
from exchange.rules import hotline as rules

EVERY, SOON = timedelta(seconds=60), timedelta(seconds=10)
LEASE = timedelta(seconds=300)
MOST_PAGES = 50
PAGE = 100


def pull_due(seconds: float = 150.0, each: float = 50.0) -> int:
    """Partners whose time it is were fetched from, as far as the time goes; answers how many messages came.

    Whoever waited longest is first. A partner that answers slowly has `each` of these seconds, and goes on soon.
    """
    ends, found = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (partner := _claimed()) is not None:
        found += pull(partner, each)
    return found


@transaction.atomic
def _claimed() -> Partner | None:
    now = clock.now()
    row = selectors.partners_to_pull(now).select_for_update(skip_locked=True).first()
    if row is not None:
        row.pull_at = now + LEASE
        row.save(update_fields=["pull_at"])
    return row


def pull(partner: Partner, seconds: float = 50.0) -> int:
    """What the partner has since the last time is in, as far as it answers; what was left goes on from its page soon.

    How far it came is remembered after each page, when its messages are kept: whoever dies in between fetches that
    page again, and its messages are known by their numbers.
    """
    ends, found = time.monotonic() + seconds, 0
    try:
        for _page in range(MOST_PAGES):
            told = _page_of(partner)
            for given in told["messages"]:
                _take(partner, given)
            found += len(told["messages"])
            if not _turned(partner, told) or time.monotonic() >= ends:
                break
    except Unanswered as error:
        does_not_answer(partner, error.code)
    Partner.objects.filter(pk=partner.pk).update(pull_at=clock.now() + (SOON if partner.page else EVERY))
    return found


def _page_of(partner: Partner) -> Any:
    asked = {"limit": str(PAGE), "since": rules.since(partner.cursor), "page": partner.page}
    query = urlencode({name: value for name, value in asked.items() if value})
    answer = ask(partner.base_url, selectors.secret_of(partner), "GET", f"/messages?{query}")
    if not rules.is_taken(answer.status):
        raise Unanswered("hotline.partner_refuses_us" if answer.status in (401, 403) else "hotline.partner_fails")
    told = answer.json()
    if validate(rules.PULLED, told) or rules.moment_of(told["until"]) is None or not rules.storable(told["next"]):
        raise Unanswered("hotline.bad_answer")
    answers_again(partner)
    return told


def _take(partner: Partner, given: Any) -> None:
    try:
        receive(partner, given, pulled=True)
    except DomainError as error:
        refuse_message(partner, error, given)


def _turned(partner: Partner, told: Any) -> bool:
    """The page is behind us; whether there is another. The last one says until when everything was told.

    That is never later than now, whatever the partner's clock says: what it is told later would be passed over.
    """
    partner.page, now = told["next"], clock.now()
    if not partner.page:
        until = rules.moment_of(told["until"])
        partner.cursor, partner.pulled_at = told["until"] if until and until <= now else now.isoformat(), now
    partner.save(update_fields=["page", "cursor", "pulled_at"])
    return bool(partner.page)
