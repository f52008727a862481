"""Pages of a list of cases that begin at a key, forwards and back: a late one costs what the first does."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cases.models import Case
from cases.selectors.finding import in_order
from cases.selectors.reading import Lately
from core.errors import Invalid


class Listed(NamedTuple):
    """One page, the key that the next one begins behind and the one that the page before ends at; "" where none is."""

    rows: list[Case]
    following: str
    preceding: str


class Key(NamedTuple):
    """A place in a list: the case of this number and, in a queue, of this moment, if it has one."""

    at: datetime | None
    pk: int


class Order(NamedTuple):
    """The order of a list: by a moment, then the newest first; those without a moment come last."""

    moment: str = ""
    latest_first: bool = False


ORDERS = {"": Order(), "closed": Order("closed_at", latest_first=True)}
BY_BREACH = Order("due_at")


def listed(
    rows: QuerySet[Case], queue: str, after: str, limit: int, before: str = "", lately: Lately | None = None
) -> Listed:
    """A page of these cases in the order of a queue: closed ones newest first, those of others by time to breach.

    Without a queue it is the newest first, and `lately` is asked before everything is. `before` wins over `after`: the
    cases that stand right before that key, or the first page where none does any more.
    """
    order = ORDERS.get(queue, BY_BREACH)
    back = list(reversed(_found(rows, order, _key(before, queue, "before"), limit, back=True))) if before else []
    if back:
        more, page = len(back) > limit, back[-limit:]
        return Listed(page, _told(order, page[-1]), _told(order, page[0]) if more else "")
    key = _key(after, queue, "after") if after and not before else None
    near = lately(key.pk if key else None) if lately and not order.moment else None
    found = _found(near.rows if near else rows, order, key, limit, back=False)
    if near and not near.whole and len(found) <= limit:
        found = _found(rows, order, key, limit, back=False)
    page = found[:limit]
    more = len(found) > limit
    return Listed(page, _told(order, page[-1]) if more else "", _told(order, page[0]) if key and page else "")


def _found(rows: QuerySet[Case], order: Order, key: Key | None, limit: int, *, back: bool) -> list[Case]:
    """One more than `limit` on this side of the key, the nearest first.

    Those with a moment and those without are two questions, of which one is seldom asked: each uses an index.
    """
    parts = [False, True] if order.moment and not order.latest_first else [bool(not order.moment)]
    found: list[Case] = []
    for bare in reversed(parts) if back else parts:
        beyond = key is not None and order.moment != "" and (not key.at) != bare
        if beyond and (bare == back):
            continue
        part = rows.filter(**{f"{order.moment}__isnull": bare}) if len(parts) > 1 else rows
        if key and not beyond:
            part = part.filter(_behind(order, key, bare, back))
        by_pk, rising = ("id" if back else "-id"), order.latest_first == back
        by_moment = [] if bare else [order.moment if rising else f"-{order.moment}"]
        found += in_order(part.order_by(*by_moment, by_pk), limit + 1 - len(found))
        if len(found) > limit:
            break
    return found


def _behind(order: Order, key: Key, bare: bool, back: bool) -> Q:
    """Whether a case stands on that side of the key, among those that have a moment or, `bare`, have none."""
    beside = Q(id__gt=key.pk) if back else Q(id__lt=key.pk)
    if bare:
        return beside
    side = "gt" if order.latest_first == back else "lt"
    further, not_nearer = {f"{order.moment}__{side}": key.at}, {f"{order.moment}__{side}e": key.at}
    return (Q(**further) | beside) & Q(**not_nearer)


def _told(order: Order, case: Case) -> str:
    at = getattr(case, order.moment) if order.moment else None
    key = [at.isoformat() if at else "", str(case.pk)] if order.moment else [str(case.pk)]
    return base64.urlsafe_b64encode("|".join(key).encode()).decode().rstrip("=")


def _key(told: str, queue: str, name: str) -> Key:
    """Invalid where it is none of this queue: every closed case was closed at some moment."""
    try:
        key = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode("ascii")
        at, bar, pk = key.rpartition("|")
        if bool(bar) != bool(queue) or (queue == "closed" and not at) or not re.fullmatch(r"[0-9]{1,18}", pk):
            raise ValueError(told)
        return Key(_aware(at) if at else None, int(pk))
    except (ValueError, OverflowError, binascii.Error) as error:
        raise Invalid("case.bad_filter", filter=name, value=told[:60]) from error


def _aware(told: str) -> datetime:
    """The moment, in the one time zone whose every moment the database knows."""
    at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        raise ValueError(told)
    return at.astimezone(UTC)
