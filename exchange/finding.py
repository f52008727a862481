"""What of the traffic in can be found: tickets of partners by the beginning of their number, or by what they became."""

import re
from urllib.parse import urlencode

from core.finding import COUNTED, Finder, Hit, Hits, register_finder
from core.languages import pick
from core.scope import Actor
from exchange import selectors
from exchange.models.ticket_words import TICKET_STATES

TICKET = re.compile(r"[0-9A-Za-z._-]{1,60}")


def _tickets(asked: str, most: int, actor: Actor) -> Hits:
    if not TICKET.fullmatch(asked):
        return Hits([], 0)
    rows = selectors.tickets_by(actor, q=asked).select_related("partner").order_by("-changed_at", "-id")
    found = list(rows[: most + 1])
    count = len(found) if len(found) <= most else rows.order_by()[: COUNTED + 1].count()
    hits = [
        Hit(f"{pick(row.partner.names)} {row.ticket}", f"/hotline/{row.pk}/", str(TICKET_STATES[row.state]),
            row.ticket == asked)
        for row in found[:most]
    ]  # fmt: skip
    return Hits(hits, count, f"/hotline/?{urlencode({'q': asked})}")


register_finder(Finder("hotline", {"zh": "热线工单", "en": "Hotline tickets"}, selectors.sees_tickets, _tickets))
