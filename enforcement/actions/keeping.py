"""What files stand on: the power list and limits of packs, credentials of officers, words of papers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts import selectors as accounts
from core import clock
from core.errors import Forbidden, Invalid, NotFound, Stale
from core.scope import Actor
from enforcement import rules
from enforcement.models import CauseRow, CityLimits, Credential, Template
from enforcement.selectors import local_today

LONGEST_BODY = 20_000


def _admin(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("enforcement.not_admin")


@transaction.atomic
def save_cause(document: Mapping[str, Any], *, actor: Actor, pack: str) -> None:
    """A clause of the power list is in force from its first day to its last; files keep the one of their day."""
    _admin(actor)
    told = {name: value for name, value in document.items() if name not in ("code", "since", "until")}
    since, until = date.fromisoformat(document["since"]), document.get("until")
    CauseRow.objects.update_or_create(
        code=document["code"], since=since,
        defaults={"pack": pack, "until": date.fromisoformat(until) if until else None, "document": told},
    )  # fmt: skip


@transaction.atomic
def end_cause(code: str, *, since: str, actor: Actor) -> None:
    """A clause that no pack declares any more ends today; files of its time keep it."""
    _admin(actor)
    row = CauseRow.objects.select_for_update().filter(code=code, since=date.fromisoformat(since)).first()
    if row is not None and row.until is None:
        row.until = max(row.since, local_today())
        row.save(update_fields=["until"])


@transaction.atomic
def save_limits(document: Mapping[str, int], *, actor: Actor, pack: str) -> None:
    """What the law leaves to the city is as the pack says; what the law says itself no pack changes."""
    _admin(actor)
    rules.Local(**document)
    CityLimits.objects.update_or_create(pk=1, defaults={"document": dict(document), "pack": pack})


@transaction.atomic
def save_credential(
    user_id: int, *, actor: Actor, number: str, since: date, until: date, legal: bool = False
) -> Credential:
    """Somebody has a credential that is valid between these days."""
    _admin(actor)
    accounts.person(user_id)
    if not number.strip() or len(number) > 40 or not number.isprintable() or until < since:
        raise Invalid("enforcement.bad_text")
    given = {"number": number.strip(), "since": since, "until": until, "legal": legal}
    return Credential.objects.update_or_create(user_id=user_id, defaults=given)[0]


@transaction.atomic
def save_template(kind: str, *, actor: Actor, body: str, version: int) -> Template:
    """Papers of that kind made from now on have these words; sealed ones stay as they are."""
    _admin(actor)
    if kind not in rules.KINDS:
        raise NotFound("enforcement.no_template")
    if not body.strip() or len(body) > LONGEST_BODY or "\0" in body:
        raise Invalid("enforcement.bad_text")
    if unknown := rules.unknown_places(body):
        raise Invalid("enforcement.bad_template", places=", ".join(unknown)[:200])
    row = Template.objects.select_for_update().filter(kind=kind).first()
    current = row.version if row else 0
    if version != current:
        raise Stale("version.stale")
    row = row or Template(kind=kind, version=0)
    row.body, row.version, row.changed_at, row.actor = body, current + 1, clock.now(), actor.key
    try:
        row.save()
    except IntegrityError:
        raise Stale("version.stale") from None
    return row
