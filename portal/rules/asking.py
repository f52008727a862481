"""What the filters of a list ask for: days, states, codes, a page. An empty parameter is an absent one."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from core.errors import DomainError, Invalid

SPAN = timedelta(days=90)
MOST_ROWS = 1000
MOST_PAGES = 1_000_000
MOST_CODES = 200
LONGEST = 4000
STATUSES = ("open", "closed")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class Window(NamedTuple):
    """From when to when something was requested, both included; without an end up to now."""

    start: datetime
    end: datetime | None


class Page(NamedTuple):
    """Which rows of a list."""

    start: int
    size: int


def _moment(text: str, name: str) -> datetime | None:
    """A moment with its zone; a plus sign that a query string turned into a space is a plus again."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid("portal.bad_date", parameter=name)
    return found


def window(start: str, end: str, now: datetime) -> Window:
    """The days asked for, 90 at most: of one end alone the 90 days from or up to it, of none the last 90."""
    since, until = _moment(start, "start_date"), _moment(end, "end_date")
    if since and until and until < since:
        raise Invalid("portal.dates_disordered")
    if since and until and until - since > SPAN:
        raise Invalid("portal.span_too_long", most=SPAN.days)
    try:
        if since:
            return Window(since, until or since + SPAN)
        return Window((until or now) - SPAN, until)
    except OverflowError:
        raise Invalid("portal.bad_date", parameter="start_date" if since else "end_date") from None


def codes_in(text: str, name: str) -> list[str]:
    """The codes of a comma list, each once."""
    found = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(found) > MOST_CODES:
        raise Invalid("portal.too_many", parameter=name, most=MOST_CODES)
    return found


def statuses(text: str) -> frozenset[str]:
    """Which of open and closed; both where nothing was asked."""
    found = codes_in(text.lower(), "status")
    strange = next((word for word in found if word not in STATUSES), None)
    if strange is not None:
        raise Invalid("portal.unknown_status", given=strange[:40])
    return frozenset(found or STATUSES)


def page(number: str, size: str) -> Page:
    """The first 1,000 rows where nothing was asked."""
    wanted, rows = _whole(number, "page", MOST_PAGES, 1), _whole(size, "page_size", MOST_ROWS, MOST_ROWS)
    return Page((wanted - 1) * rows, rows)


def _whole(text: str, name: str, most: int, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise Invalid("portal.bad_number", parameter=name, most=most)
    return int(text)


def description_fault(text: str) -> DomainError | None:
    """A description is plain text of at most 4,000 characters."""
    if len(text) > LONGEST:
        return Invalid("portal.description_too_long", most=LONGEST)
    return Invalid("portal.description_html") if _TAG.search(text) else None
