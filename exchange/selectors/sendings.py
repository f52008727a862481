"""Questions about what leaves the house: endpoints, sendings and how far they are, addresses of people."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from core.errors import Forbidden, Invalid, NotFound
from core.personal import masked_mail, masked_name, masked_phone
from core.scope import Actor
from exchange.contracts.sendings import PERSONAL, Channel, SendingState
from exchange.models import Contact, Endpoint, Sending, SendingAttempt
from exchange.rules.sendings import TO_PEOPLE, TO_PROGRAMS, Policy


def may_keep_endpoints(actor: Actor) -> None:
    """Forbidden for whoever does not administer the whole city: what leaves, leaves from all of it."""
    if not actor.may("admin"):
        raise Forbidden("endpoint.not_admin")


def endpoints(actor: Actor) -> QuerySet[Endpoint]:
    """Every endpoint, for administrators of the whole city."""
    may_keep_endpoints(actor)
    return Endpoint.objects.all()


def endpoint(uid: UUID, actor: Actor) -> Endpoint:
    """One endpoint; NotFound where there is none."""
    row = endpoints(actor).filter(uid=uid).first()
    if row is None:
        raise NotFound("endpoint.none")
    return row


def endpoint_of(channel: str) -> Endpoint | None:
    """What a personal channel is served by now."""
    return Endpoint.objects.filter(channel=channel, enabled=True).first()


def channels_in_use() -> list[str]:
    """The personal channels that the city serves."""
    found = set(Endpoint.objects.filter(enabled=True, channel__in=PERSONAL).values_list("channel", flat=True))
    return [one for one in PERSONAL if one in found]


def says(row: Endpoint) -> dict[str, Any]:
    """What of an endpoint can be changed, for its version; of its secret only that it was changed."""
    return {
        "name": row.name, "settings": row.settings, "kinds": row.kinds, "org": row.org, "area": row.area,
        "policy": row.policy,
    }  # fmt: skip


def policy_of(row: Endpoint) -> Policy:
    """How often an endpoint is tried: as it says, else as its channel does."""
    if row.policy:
        return Policy(**row.policy)
    return TO_PEOPLE if row.channel in PERSONAL else TO_PROGRAMS


def masked_address(channel: str, address: str) -> str:
    """An address as others see it."""
    masks = {Channel.MAIL: masked_mail, Channel.SMS: masked_phone}
    return masks.get(Channel(channel), masked_name)(address)


class SendingsPage(NamedTuple):
    """A page of sendings, newest first, and the key of the next one; 0 after the last."""

    rows: list[Sending]
    after: int


def sendings_by(actor: Actor, options: Mapping[str, str]) -> QuerySet[Sending]:
    """What left or is to leave, narrowed by state, endpoint and subject."""
    may_keep_endpoints(actor)
    found = Sending.objects.order_by("-pk")
    if state := options.get("state"):
        if state not in [one.value for one in SendingState]:
            raise Invalid("sending.bad_filter", filter="state", value=state[:40])
        found = found.filter(state=state)
    if uid := options.get("endpoint"):
        found = found.filter(endpoint__uid=_uid(uid))
    if subject := options.get("subject", "").strip():
        if len(subject) > 120 or "\x00" in subject:
            raise Invalid("sending.bad_filter", filter="subject", value=subject[:40].replace("\x00", ""))
        found = found.filter(subject=subject)
    return found


def sendings(actor: Actor, options: Mapping[str, str], *, after: int = 0, limit: int = 50) -> SendingsPage:
    """A page of what left or is to leave, newest first."""
    found = sendings_by(actor, options).select_related("endpoint", "user")
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: limit + 1])
    return SendingsPage(rows[:limit], rows[limit - 1].pk if len(rows) > limit else 0)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("sending.bad_filter", filter="endpoint", value=text[:40]) from error


def sending(uid: UUID, actor: Actor) -> Sending:
    """One sending; NotFound where there is none."""
    may_keep_endpoints(actor)
    row = Sending.objects.select_related("endpoint", "user").filter(uid=uid).first()
    if row is None:
        raise NotFound("sending.none")
    return row


def tries_of(row: Sending) -> list[SendingAttempt]:
    """Every attempt at a sending, in order."""
    return list(row.tries.all())


def contacts_of(actor: Actor) -> dict[str, Contact]:
    """The actor's own addresses by channel."""
    return {row.channel: row for row in Contact.objects.filter(user_id=actor.user_id or 0)}
