"""Endpoints: set up, changed, switched, their secrets changed over, pinged. A secret is told once and kept sealed."""

import base64
import secrets
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from core import clock, versions
from core.errors import Conflict, Invalid
from core.scope import Actor
from exchange import selectors
from exchange.actions.checking import checked
from exchange.actions.posting import plain, put
from exchange.adapters import sealing
from exchange.adapters.connectors import CONNECTORS
from exchange.contracts.sendings import (
    ENDPOINT_CHANGED,
    ENDPOINT_SWITCHED,
    PERSONAL,
    Channel,
    EndpointChanged,
    EndpointSwitched,
)
from exchange.models import Endpoint, Sending
from exchange.rules.sendings import PREFIX, is_signing_secret
from journal import actions as journal

SECRET_BYTES = 32
LONGEST_OVERLAP_H = 168
MOST_ENDPOINTS = 200


class Made(NamedTuple):
    """An endpoint, and its secret where one was made just now; it is told once."""

    row: Endpoint
    secret: str = ""


@transaction.atomic
def make_endpoint(channel: str, *, actor: Actor, secret: str = "", **given: Any) -> Made:
    """The city sends there from now on; a webhook that brings no secret is given one."""
    selectors.may_keep_endpoints(actor)
    if channel not in CONNECTORS:
        raise Invalid("endpoint.no_channel", channel=channel[:20])
    if Endpoint.objects.count() >= MOST_ENDPOINTS:
        raise Conflict("endpoint.too_many", most=MOST_ENDPOINTS)
    row = Endpoint(channel=channel, **checked(channel, given))
    made = ""
    if channel == Channel.WEBHOOK and not secret:
        secret = made = _new_secret()
    row.sealed = sealing.seal(_secret(row, secret, needed=True))
    _save(row)
    _tell(row, "made", actor)
    return Made(row, made)


@transaction.atomic
def change_endpoint(uid: UUID, *, actor: Actor, seen: str | None, secret: str = "", **given: Any) -> Endpoint:
    """It sends so from now on; a secret that is not given stays. Stale where somebody changed it meanwhile.

    A secret that is sent itself does not go to another address than the one it was given for.
    """
    row = _held(uid, actor)
    versions.refuse_stale(seen, selectors.says(row))
    told = checked(row.channel, given)
    moved = told["settings"].get("url") != row.settings.get("url")
    if moved and row.sealed and not secret and row.channel != Channel.WEBHOOK:
        raise Invalid("endpoint.secret_again")
    for name, value in told.items():
        setattr(row, name, value)
    if secret:
        row.sealed, row.sealed_before, row.both_until = sealing.seal(_secret(row, secret)), "", None
    row.failures, row.rests_until = 0, None
    _save(row)
    _tell(row, "changed", actor)
    return row


@transaction.atomic
def switch_endpoint(uid: UUID, *, enabled: bool, actor: Actor) -> Endpoint:
    """It is used, or not; what waits for it waits on."""
    row = _held(uid, actor)
    if row.enabled == enabled:
        return row
    row.enabled, row.off_why, row.failures, row.rests_until = enabled, "", 0, None
    _save(row)
    news = EndpointSwitched(str(row.uid), row.channel, enabled, "")
    journal.record(ENDPOINT_SWITCHED, subject=f"endpoint:{row.uid}", actor=actor, data=news)
    return row


@transaction.atomic
def rotate_secret(uid: UUID, *, overlap_hours: int = 24, actor: Actor) -> Made:
    """A webhook signs with a new secret, and for so many hours with the one before too."""
    row = _held(uid, actor)
    if row.channel != Channel.WEBHOOK:
        raise Conflict("endpoint.no_rotation")
    if not 0 <= overlap_hours <= LONGEST_OVERLAP_H:
        raise Invalid("endpoint.bad_overlap", most=LONGEST_OVERLAP_H)
    made = _new_secret()
    row.sealed_before = row.sealed if overlap_hours else ""
    row.both_until = clock.now() + timedelta(hours=overlap_hours) if overlap_hours else None
    row.sealed = sealing.seal(made)
    row.save()
    _tell(row, "secret", actor)
    return Made(row, made)


@transaction.atomic
def ping_endpoint(uid: UUID, *, actor: Actor) -> Sending:
    """A sending that says nothing but that it came is on its way; personal channels prove themselves by their codes."""
    row = selectors.endpoint(uid, actor)
    if row.channel in PERSONAL:
        raise Conflict("endpoint.no_ping")
    if not row.enabled:
        raise Conflict("endpoint.is_off")
    at = clock.now()
    words = {"title": "CityOps", "body": "连接测试 / This is a test."}
    told = {"type": "ping", "timestamp": at.isoformat(), "data": {}} if row.channel == Channel.WEBHOOK else words
    sending = plain(row, "ping", f"ping:{uuid4()}", told)
    put([sending])
    _tell(row, "ping", actor)
    return selectors.sending(sending.uid, actor)


def _held(uid: UUID, actor: Actor) -> Endpoint:
    selectors.endpoint(uid, actor)
    return Endpoint.objects.select_for_update().get(uid=uid)


def _save(row: Endpoint) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("endpoint.one_of_a_kind") from error


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _secret(row: Endpoint, secret: str, *, needed: bool = False) -> str:
    wants = bool(CONNECTORS[row.channel].secret)
    if row.channel == Channel.WEBHOOK and not is_signing_secret(secret):
        raise Invalid("endpoint.bad_secret")
    if (
        (needed and wants and row.channel != Channel.SMS and not secret)
        or len(secret) > 500
        or not secret.isprintable()
    ):
        raise Invalid("endpoint.secret_needed")
    return secret if wants else ""


def _tell(row: Endpoint, what: str, actor: Actor) -> None:
    news = EndpointChanged(str(row.uid), row.channel, what)
    journal.record(ENDPOINT_CHANGED, subject=f"endpoint:{row.uid}", actor=actor, data=news)
