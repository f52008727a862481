"""Machines that report: set up by administrators, each with a key that is shown once and changed with an overlap."""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from exchange import selectors
from exchange.contracts import Datum
from exchange.contracts.hotline import desk
from exchange.contracts.machines import MACHINE_CHANGED, MachineChanged, MachineKind
from exchange.models import Machine
from exchange.rules.machines import LONGEST_OVERLAP_H, MOST_HOURLY, PREFIX
from journal import actions as journal

MOST_CODES = 500
TAKEN = frozenset({"new", "schema"})
"""Codes whose addresses lead elsewhere."""
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class MachineMade(NamedTuple):
    """A machine and its new key, which is told only here."""

    row: Machine
    key: str


@transaction.atomic
def make_machine(code: str, *, told: Mapping[str, Any], actor: Actor) -> MachineMade:
    """A machine more may report, with the key that is told only here; Conflict where the code is taken."""
    selectors.may_set_machines(actor)
    if not _CODE.fullmatch(code) or code in TAKEN:
        raise Invalid("machine.bad_code", given=code[:40].replace("\x00", ""))
    key = PREFIX + secrets.token_urlsafe(32)
    row = Machine(code=code, digest=selectors.digest_of_key(key), **_checked(told))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("machine.there", code=code) from error
    _tell(row, tuple(sorted([*told, "key"])), actor)
    return MachineMade(row, key)


@transaction.atomic
def change_machine(code: str, *, told: Mapping[str, Any], seen: str | None, actor: Actor) -> Machine:
    """The machine is so from now on; Stale where it says something else than was seen."""
    row = _locked(code, actor)
    refuse_stale(seen, selectors.machine_told(row))
    checked = _checked({**selectors.machine_told(row), **told})
    changed = tuple(sorted(name for name, value in checked.items() if getattr(row, name) != value))
    if changed:
        for name in changed:
            setattr(row, name, checked[name])
        row.save(update_fields=changed)
        _tell(row, changed, actor)
    return row


@transaction.atomic
def switch_machine(code: str, *, enabled: bool, actor: Actor) -> Machine:
    """It may report, or not; switched twice the same way, nothing changes."""
    row = _locked(code, actor)
    if row.enabled != enabled:
        row.enabled = enabled
        row.save(update_fields=["enabled"])
        _tell(row, ("enabled",), actor)
    return row


@transaction.atomic
def change_key(code: str, *, overlap_hours: int = 24, actor: Actor) -> MachineMade:
    """The machine has another key, told only here; the one before opens for so many hours more."""
    row = _locked(code, actor)
    if not 0 <= overlap_hours <= LONGEST_OVERLAP_H:
        raise Invalid("machine.bad_overlap", most=LONGEST_OVERLAP_H)
    key, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    row.digest_before = row.digest if overlap_hours else ""
    row.both_until = now + timedelta(hours=overlap_hours) if overlap_hours else None
    row.digest, row.key_made_at = selectors.digest_of_key(key), now
    row.save(update_fields=["digest", "digest_before", "both_until", "key_made_at"])
    _tell(row, ("key",), actor)
    return MachineMade(row, key)


def _locked(code: str, actor: Actor) -> Machine:
    selectors.may_set_machines(actor)
    row = Machine.objects.select_for_update().filter(code=code).first() if _CODE.fullmatch(code) else None
    if row is None:
        raise NotFound("machine.none", code=code[:40].replace("\x00", ""))
    return row


def _tell(row: Machine, fields: tuple[str, ...], actor: Actor) -> None:
    news = MachineChanged(row.code, fields, row.enabled)
    journal.record(MACHINE_CHANGED, subject=f"machine:{row.code}", actor=actor, data=news)


def _checked(told: Mapping[str, Any]) -> dict[str, Any]:
    """What may be set; Invalid with the field that is wrong, or with the code that nothing here has."""
    found = {name: told[name] for name in selectors.MACHINE_TOLD if name in told}
    for name in ("names", "kind"):
        if name not in found:
            raise Invalid("machine.bad_field", field=name)
    for name, value in found.items():
        if not _CHECKS[name](value):
            raise Invalid("machine.bad_field", field=name)
    found["names"] = {language: found["names"][language].strip() for language in ("zh", "en")}
    classes, areas = found.get("classes", []), found.get("areas", [])
    if strange := sorted(set(classes) - set(desk().classes() if classes else ())):
        raise Invalid("hotline.no_such_class", given=strange[0])
    if strange := sorted(set(areas) - set(desk().regions() if areas else ())):
        raise Invalid("hotline.no_such_region", given=strange[0])
    if (office := found.get("organisation")) and not accounts.organisation_named(office):
        raise Invalid("machine.no_organisation", given=office)
    return found


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 60 and value.isprintable()


def _are_codes(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST_CODES and all(
        isinstance(one, str) and re.fullmatch(r"[0-9A-Za-z._-]{1,40}", one) for one in value
    )  # fmt: skip


_CHECKS: Mapping[str, Any] = {
    "names": lambda value: isinstance(value, Mapping) and all(_is_name(value.get(one)) for one in ("zh", "en")),
    "kind": lambda value: value in set(MachineKind),
    "organisation": lambda value: isinstance(value, str) and re.fullmatch(r"[0-9A-Za-z._-]{0,60}", value) is not None,
    "classes": _are_codes,
    "areas": _are_codes,
    "datum": lambda value: value in set(Datum),
    "hourly": lambda value: isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_HOURLY,
    "enabled": lambda value: isinstance(value, bool),
}
