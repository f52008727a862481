"""Questions about partners and their tickets: for those who take tickets for the whole city, and for its machines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet

from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor
from exchange.contracts.hotline import MessageState, ReplyState, TicketState, desk
from exchange.models import Partner, PartnerTicket, TicketMessage, TicketRefusal, TicketReply
from exchange.rules.hotline import STEPS

PAGE = 50
_WORD = re.compile(r"[0-9A-Za-z._-]{1,60}")
MOST_SHOWN = 200
FILTERS = ("waiting", "troubled", "open", "done", "")
TOLD = (
    "names", "base_url", "secret_ref", "enabled", "pulls", "classes", "areas", "fields", "steps", "datum",
    "unsatisfied",
)  # fmt: skip
"""What people set of a partner."""


def sees_tickets(actor: Actor) -> bool:
    """Whether the actor takes tickets in for the whole city, or sets up partners: a ticket as such has no ground."""
    return actor.may("accept") or actor.may("admin")


def may_see_tickets(actor: Actor) -> None:
    """Forbidden for whoever has nothing to do with tickets."""
    if not sees_tickets(actor):
        raise Forbidden("hotline.not_yours")


def may_set_partners(actor: Actor) -> None:
    """Forbidden for whoever is no administrator of the whole city."""
    if not actor.may("admin"):
        raise Forbidden("hotline.not_admin")


def partners(actor: Actor) -> list[Partner]:
    """Every partner, by code."""
    may_see_tickets(actor)
    return list(Partner.objects.order_by("code"))


def partner(code: str) -> Partner:
    """The partner of that code; NotFound where there is none."""
    found = Partner.objects.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise NotFound("hotline.no_partner", code=code[:40])
    return found


def partner_in_use(code: str) -> Partner:
    """The partner whose requests are answered; NotFound where it is switched off."""
    found = partner(code)
    if not found.enabled:
        raise NotFound("hotline.no_partner", code=code[:40])
    return found


def partner_told(row: Partner) -> dict[str, Any]:
    """What people set of it, for its version and for programs."""
    return {name: getattr(row, name) for name in TOLD} | {"steps": row.steps or list(STEPS)}


def secret_of(row: Partner) -> str:
    """The secret shared with the partner; "" where the settings have none under that name."""
    return str(settings.PARTNER_SECRETS.get(row.secret_ref, ""))


def classes_here() -> frozenset[str]:
    """The codes of the classes that a partner's may be mapped to."""
    return frozenset(desk().classes())


def partners_of(pack: str) -> dict[str, Partner]:
    """The partners that a pack brought."""
    return {row.code: row for row in Partner.objects.filter(pack=pack)}


@dataclass(frozen=True)
class TicketPage:
    """A page of tickets with how ours stand, and the key that the next one begins after ("" after the last)."""

    rows: Sequence[PartnerTicket]
    standings: Mapping[str, Any]
    after: str


def tickets_by(actor: Actor, *, only: str = "", partner: str = "", q: str = "") -> QuerySet[PartnerTicket]:
    """The tickets that pass the filters; Invalid where `only` is none of FILTERS, or a word can be none.

    `q` is the beginning of a ticket's number, or the whole number of what it became.
    """
    may_see_tickets(actor)
    wrong = [given for given in (partner, q) if given and not _WORD.fullmatch(given)]
    wrong += [only] if only not in FILTERS else []
    if wrong:
        raise Invalid("hotline.bad_filter", given=wrong[0][:40].replace("\x00", ""))
    rows = _filtered(only)
    rows = rows.filter(partner__code=partner) if partner else rows
    return rows.filter(Q(ticket__startswith=q) | Q(subject=q)) if q else rows


def tickets_page(actor: Actor, *, only: str = "", partner: str = "", q: str = "", after: str = "") -> TicketPage:
    """A page of the tickets, those that changed last first."""
    rows = tickets_by(actor, only=only, partner=partner, q=q).select_related("partner").order_by("-changed_at", "-id")
    if after:
        at, pk = _key_of(after)
        rows = rows.filter(Q(changed_at__lt=at) | Q(changed_at=at, pk__lt=pk))
    found = list(rows[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    last = found[-1] if found else None
    key = f"{last.changed_at.timestamp():.6f}_{last.pk}" if more and last else ""
    return TicketPage(found, desk().standings([row.subject for row in found if row.subject]), key)


def _filtered(only: str) -> QuerySet[PartnerTicket]:
    rows = PartnerTicket.objects.all()
    if only == "waiting":
        return rows.filter(state=TicketState.WAITING)
    if only == "troubled":
        return rows.filter(troubled=True)
    ended = Q(state__in=[TicketState.DONE, TicketState.REFUSED, TicketState.WITHDRAWN])
    if only == "open":
        return rows.exclude(ended)
    return rows.filter(ended) if only == "done" else rows


def _key_of(after: str) -> tuple[datetime, int]:
    stamp, _sign, pk = after.partition("_")
    try:
        if len(after) > 40 or not pk.isascii() or not pk.isdigit() or int(pk) > 2**62:
            raise ValueError(after)
        return datetime.fromtimestamp(float(stamp), tz=clock.now().tzinfo), int(pk)
    except (ValueError, OverflowError, OSError):
        raise Invalid("hotline.bad_filter", given=after[:40]) from None


def ticket(pk: int, actor: Actor) -> PartnerTicket:
    """A ticket with everything that was said of it; NotFound where there is none."""
    may_see_tickets(actor)
    rows = PartnerTicket.objects.select_related("partner").filter(pk=pk)
    told = Prefetch("messages", TicketMessage.objects.order_by("-sequence")[:MOST_SHOWN], to_attr="heard")
    said = Prefetch("replies", TicketReply.objects.order_by("-number")[:MOST_SHOWN], to_attr="said")
    found = rows.prefetch_related(told, said).first()
    if found is None:
        raise NotFound("hotline.no_ticket", number=pk)
    return found


def refusals(actor: Actor) -> list[TicketRefusal]:
    """The newest of what was refused."""
    may_see_tickets(actor)
    return list(TicketRefusal.objects.select_related("partner")[:MOST_SHOWN])


def counts(actor: Actor) -> dict[str, int]:
    """How many tickets wait for a person, and about how many something is wrong."""
    may_see_tickets(actor)
    waiting, troubled = Q(state=TicketState.WAITING), Q(troubled=True)
    return PartnerTicket.objects.aggregate(waiting=Count("pk", filter=waiting), troubled=Count("pk", filter=troubled))


def tickets_waiting(actor: Actor) -> QuerySet[PartnerTicket]:
    """The tickets that wait for a person, and those about which something is wrong; the soonest deadline first."""
    may_see_tickets(actor)
    rows = PartnerTicket.objects.filter(Q(state=TicketState.WAITING) | Q(troubled=True)).select_related("partner")
    return rows.order_by(F("deadline").asc(nulls_last=True), "pk")


def tickets_about(subjects: Sequence[str]) -> list[PartnerTicket]:
    """The tickets that these things of ours stand for. The caller was allowed to see them."""
    rows = PartnerTicket.objects.filter(subject__in=subjects) if subjects else PartnerTicket.objects.none()
    return list(rows.select_related("partner").order_by("pk"))


class PartnerHealth(NamedTuple):
    """How the exchange with one partner goes: replies that wait and since when, and since when it does not answer."""

    code: str
    names: Mapping[str, str]
    down_since: datetime | None
    failure: str
    queued: int
    oldest: datetime | None


def hotline_health() -> list[PartnerHealth]:
    """Every partner in use, in two queries; read by whoever looks after the machine."""
    queued = TicketReply.objects.filter(state=ReplyState.QUEUED).order_by()
    told = queued.values("ticket__partner").annotate(many=Count("pk"), oldest=Min("made_at"))
    waiting = {one["ticket__partner"]: (one["many"], one["oldest"]) for one in told}
    return [
        PartnerHealth(row.code, row.names, row.down_since, row.failure, *waiting.get(row.pk, (0, None)))
        for row in Partner.objects.filter(enabled=True).exclude(base_url="")
    ]


def messages_left(before: datetime) -> list[int]:
    """Messages that are kept and not made use of, because whoever was at it is gone."""
    rows = TicketMessage.objects.filter(state=MessageState.RECEIVED, received_at__lt=before)
    return list(rows.order_by("ticket_id", "sequence").values_list("pk", flat=True)[:200])


def replies_due(now: datetime) -> QuerySet[TicketReply]:
    """What may be told now, of each ticket only the first that is not told yet; the longest due first."""
    earlier = TicketReply.objects.filter(
        ticket=OuterRef("ticket"), state=ReplyState.QUEUED, number__lt=OuterRef("number")
    )
    ready = Q(ticket__partner__enabled=True) & ~Q(ticket__partner__base_url="")
    rested = Q(ticket__partner__resume_at=None) | Q(ticket__partner__resume_at__lte=now)
    rows = TicketReply.objects.filter(ready, rested, ~Exists(earlier), state=ReplyState.QUEUED, next_at__lte=now)
    return rows.order_by("next_at", "pk")


def partners_to_pull(now: datetime) -> QuerySet[Partner]:
    """Those from whom it is time to fetch."""
    rested = Q(resume_at=None) | Q(resume_at__lte=now)
    rows = Partner.objects.filter(rested, enabled=True, pulls=True, pull_at__lte=now)
    return rows.exclude(base_url="").order_by("pull_at")
