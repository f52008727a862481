"""Which classes citizens may report: as a pack says it, and by the city's own word, which outlasts the pack's."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from cases import selectors as cases
from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor
from journal import actions as journal
from portal.contracts import SERVICE_CHANGED, ServiceNews
from portal.models import Service
from portal.selectors import service_fields

LONGEST_REASON = 400


@transaction.atomic
def save_services(rows: Sequence[Mapping[str, Any]], *, pack: str, by: str = "") -> None:
    """The pack's services ask and say what it gives; they are open unless the city has closed them.

    One that the pack no longer has is closed, unless the city has opened it.
    """
    held = {row.code: row for row in Service.objects.select_for_update().order_by("code")}
    for given in rows:
        row = held.get(given["code"]) or Service(code=given["code"])
        for name, value in service_fields(given).items():
            setattr(row, name, value)
        row.pack, row.open = pack, row.open if row.origin == "city" else True
        _signed(row, by or f"pack:{pack}", "")
        row.save()
    gone = Service.objects.filter(pack=pack, origin="pack").exclude(code__in=[row["code"] for row in rows])
    gone.update(open=False)


def _signed(row: Service, key: str, label: str) -> None:
    row.changed_by, row.changed_label, row.changed_at = key, label, clock.now()


@transaction.atomic
def open_service(code: str, *, opened: bool, actor: Actor, reason: str = "") -> Service:
    """Citizens may, or may no longer, report cases of the class, by the city's word; what was reported stays."""
    if not actor.may("admin"):
        raise Forbidden("portal.not_yours")
    if len(reason) > LONGEST_REASON or not reason.replace("\n", "").replace("\r", "").isprintable():
        raise Invalid("portal.bad_reason", most=LONGEST_REASON)
    row = Service.objects.select_for_update().filter(code=code).first() if "\x00" not in code else None
    if row is None:
        if "\x00" in code or cases.category(code) is None:
            raise NotFound("portal.unknown_class", code=code[:40])
        row = Service(code=code)
    row.open, row.origin, row.reason = opened, "city", reason.strip()
    _signed(row, actor.key, actor.label)
    row.save()
    news = ServiceNews(code, opened, row.reason)
    journal.record(SERVICE_CHANGED, subject=f"service:{code}", actor=actor, data=news)
    return row
