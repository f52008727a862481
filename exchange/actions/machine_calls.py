"""Machines report: each call kept as it came, then made use of once, whatever becomes of the answer."""

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.geo import bd09_to_wgs84, gcj02_to_wgs84
from core.pictures import picture
from core.schema import validate
from exchange import selectors
from exchange.actions.leftovers import OWN_FAULTS, fault_told
from exchange.contracts import Datum
from exchange.contracts import machines as words
from exchange.contracts.hotline import desk
from exchange.contracts.machines import SETTLED, UNUSED, Busy, CallKind, CallState, Found, MachineKind, reception
from exchange.models import CallPicture, Machine, MachineCall
from exchange.rules import hotline as shapes
from exchange.rules import machines as rules

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
LEFT_AFTER, KEPT = timedelta(seconds=60), timedelta(days=400)
_STRAIGHT = {Datum.GCJ02: gcj02_to_wgs84, Datum.BD09: bd09_to_wgs84}
_NO_PICTURE = ("picture.", "clip.")


def admit_machine(code: str, key: str) -> Machine:
    """The machine whose call this is, counted within its hour; BadKey, Forbidden (switched off) or Busy."""
    row = selectors.machine_with_key(code, key)
    if not row.enabled:
        raise Forbidden("machine.is_off")
    now = clock.now()
    own = Machine.objects.filter(pk=row.pk)
    own.filter(hour_from__lte=now - rules.HOUR).update(hour_from=now, hour_calls=0)
    if not own.filter(hour_calls__lt=F("hourly")).update(hour_calls=F("hour_calls") + 1, called_at=now):
        raise Busy("machine.too_often", most=row.hourly)
    return row


def hear(
    machine: Machine, given: Any, *, photos: Sequence[bytes] = (), left_out: Iterable[DomainError] = ()
) -> MachineCall:
    """The call is kept with its pictures, and made use of as far as is possible now; said again, it is the first one.

    `left_out` is why pictures did not even come so far. Invalid where it breaks the contract, Conflict where its event
    says something else already: what is refused may be said anew, in other words too.
    """
    try:
        at = _understood(given)
        row = _kept(machine, given, at, photos)
    except DomainError as error:
        refuse_call(machine, error)
        raise
    process_call(row.pk, left_out=left_out)
    row.refresh_from_db()
    return row


def _understood(given: Any) -> datetime:
    """When it was; Invalid with the first thing that is wrong with the call."""
    if not shapes.storable(given):
        raise Invalid("machine.unstorable", most=shapes.MOST_BYTES)
    for problem in validate(rules.CALL, given)[:1]:
        raise Invalid("machine.malformed", where=problem.path[:120] or "/", rule=problem.code[7:])
    if (given.get("lon") is None) != (given.get("lat") is None):
        raise Invalid("machine.half_a_point")
    at = shapes.moment_of(given["at"])
    if at is None:
        raise Invalid("machine.bad_moment")
    return at.astimezone(UTC)


def _kept(machine: Machine, given: Mapping[str, Any], at: datetime, photos: Sequence[bytes]) -> MachineCall:
    digest, now = shapes.digest_of(given), clock.now()
    says = {
        "kind": rules.kind_of(given), "about": given.get("about", ""), "digest": digest, "at": at,
        "photos": len(photos), "body": shapes.masked(dict(given)), "whole": dict(given),
    }  # fmt: skip
    row = MachineCall(machine=machine, event=given["event"], received_at=now, **says)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _keep_pictures(row, photos)
        return row
    except IntegrityError:
        return _kept_before(machine, given["event"], says, photos)


def _keep_pictures(row: MachineCall, photos: Sequence[bytes]) -> None:
    """The call has these pictures until it is made use of; a further word about an event is taken without any."""
    if row.kind == CallKind.FOUND:
        CallPicture.objects.bulk_create(
            CallPicture(call=row, place=place, content=content) for place, content in enumerate(photos)
        )


@transaction.atomic
def _kept_before(machine: Machine, event: str, says: Mapping[str, Any], photos: Sequence[bytes]) -> MachineCall:
    row = MachineCall.objects.select_for_update().get(machine=machine, event=event)
    row.times += 1
    if row.state == CallState.REFUSED:
        row.state, row.attempts, row.received_at, row.done_at = CallState.RECEIVED, 0, clock.now(), None
        for name, value in {**says, "error": ""}.items():
            setattr(row, name, value)
        _keep_pictures(row, photos)
    elif row.digest != says["digest"]:
        raise Conflict("machine.other_content", event=event)
    elif row.state == CallState.RECEIVED and photos and not row.pictures.exists():
        row.photos = len(photos)
        _keep_pictures(row, photos)
    row.save()
    return row


def refuse_call(machine: Machine, error: DomainError) -> None:
    """Why the call could not be kept stands with the machine, for whoever looks after it."""
    params = {name: str(shapes.masked(str(value)))[:200].replace("\x00", " ") for name, value in error.params.items()}
    told = {"code": error.code, "params": params}
    Machine.objects.filter(pk=machine.pk).update(trouble=told, trouble_at=clock.now())


def process_call(pk: int, *, left_out: Iterable[DomainError] = ()) -> None:
    """The kept call, and those that waited for it, have had their effect, all of it or none."""
    MachineCall.objects.filter(pk=pk, state=CallState.RECEIVED).update(attempts=F("attempts") + 1)
    with transaction.atomic():
        row = _locked(pk)
        if row.state in (*SETTLED, CallState.REFUSED):
            return
        if row.attempts > MOST_ATTEMPTS and row.state == CallState.RECEIVED:
            _refuse(row, "machine.gave_up", {"times": MOST_ATTEMPTS})
            return
        row.flags = []
        for error in left_out:
            _flag(row, error.code, error.params)
        if row.kind == CallKind.FOUND:
            _found(row)
        else:
            _follow(row)
        if row.kind == CallKind.FOUND and row.state == CallState.TAKEN:
            _use_waiting(row)


def _locked(pk: int) -> MachineCall:
    """The call, locked behind the one that it is about: always in this order, so that no two wait for each other."""
    rows = MachineCall.objects.select_related("machine")
    row = rows.get(pk=pk)
    if row.about:
        selectors.first_call(row).select_for_update(of=("self",)).first()
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _found(row: MachineCall) -> None:
    told, machine = row.whole, row.machine
    given = str(told["class"])
    if given not in desk().classes():
        _refuse(row, "machine.unknown_class", {"given": given})
        return
    if machine.classes and given not in machine.classes:
        _refuse(row, "machine.other_class", {"given": given})
        return
    at, odd = rules.moment_told(row.at, row.received_at)
    if odd:
        _flag(row, *odd)
    photos = [bytes(one.content) for one in row.pictures.all()] if row.photos else []
    if row.photos > len(photos):
        _flag(row, "machine.without_pictures", {})
    lon, lat = _point(machine, told)
    found = Found(
        ref=f"{machine.code}:{row.event}", category=given, description=str(told.get("text") or ""), at=at, lon=lon,
        lat=lat, address=str(told.get("address") or ""), component=str(told.get("component") or ""),
        values=dict(told.get("values") or {}),
    )  # fmt: skip
    try:
        taken = _taken(row, found, photos)
    except DomainError as error:
        _refuse(row, error.code, error.params)
        return
    for code, params in taken.flags:
        _flag(row, code, params)
    _settle(row, CallState.TAKEN, taken.subject)


def _taken(row: MachineCall, found: Found, photos: Sequence[bytes]) -> Any:
    """What the report became; pictures that cannot be taken are left out and said to be."""
    seen = _seen(row.machine)
    try:
        with transaction.atomic():
            return reception().take(found, photos, machine=seen)
    except DomainError as error:
        if not photos or not error.code.startswith(_NO_PICTURE):
            raise
        _flag(row, error.code, error.params)
    with transaction.atomic():
        return reception().take(found, [one for one in photos if _is_picture(one)], machine=seen)


def _is_picture(content: bytes) -> bool:
    try:
        picture(content)
    except DomainError:
        return False
    return True


def _point(machine: Machine, told: Mapping[str, Any]) -> tuple[float | None, float | None]:
    lon, lat = told.get("lon"), told.get("lat")
    if lon is None or lat is None:
        return None, None
    straight = _STRAIGHT.get(Datum(machine.datum))
    lon, lat = straight(float(lon), float(lat)) if straight else (float(lon), float(lat))
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else (None, None)


def _follow(row: MachineCall) -> None:
    first = selectors.first_call(row).first()
    if first is None or first.state != CallState.TAKEN:
        _flag(row, "machine.before_first", {"about": row.about})
        row.state = CallState.WAITING
        row.save()
        return
    row.at, odd = rules.moment_told(row.at, row.received_at)
    if odd:
        _flag(row, *odd)
    if row.photos:
        _flag(row, "machine.pictures_of_found_only", {})
    newer = Q(machine=row.machine, about=row.about, state=CallState.TAKEN, at__gt=row.at)
    if MachineCall.objects.filter(newer).exists():
        _flag(row, "machine.older", {})
        _settle(row, CallState.OLD, first.subject)
        return
    try:
        with transaction.atomic():
            taken = reception().follow(
                first.subject, f"{row.machine.code}:{row.event}", CallKind(row.kind), rules.words_of(row.whole),
                machine=_seen(row.machine),
            )  # fmt: skip
    except DomainError as error:
        _refuse(row, error.code, error.params)
        return
    for code, params in taken.flags:
        _flag(row, code, params)
    _settle(row, CallState.TAKEN, taken.subject)


def _use_waiting(first: MachineCall) -> None:
    """What came before the call that it is about is made use of, in the order of the machine's clock.

    One that breaks waits on for the sweep, and takes neither the first call nor the others with it.
    """
    rows = MachineCall.objects.select_for_update(of=("self",)).select_related("machine")
    waiting = rows.filter(machine=first.machine, about=first.event, state=CallState.WAITING)
    for row in waiting.order_by("at", "pk"):
        row.flags = []
        try:
            with transaction.atomic():
                _follow(row)
        except OWN_FAULTS as error:
            _set_aside(row.pk, error)


def process_left_calls() -> int:
    """What somebody kept and did not live to make use of is made use of; one that breaks stands in nobody's way."""
    left = selectors.calls_left(clock.now() - LEFT_AFTER)
    for pk in left:
        try:
            process_call(pk)
        except OWN_FAULTS as error:
            _set_aside(pk, error)
    return len(left)


@transaction.atomic
def _set_aside(pk: int, error: Exception) -> None:
    """The error stands with the call, which is tried again, and parked after so many times."""
    row = MachineCall.objects.select_for_update(of=("self",)).select_related("machine").get(pk=pk)
    row.error = fault_told(error)
    logger.error("exchange: call %s of %s broke: %s", row.event, row.machine.code, row.error)
    if row.state == CallState.WAITING:  # of one that was received, `process_call` counts the tries
        row.attempts += 1
    if row.state in UNUSED and row.attempts >= MOST_ATTEMPTS:
        _refuse(row, "machine.gave_up", {"times": MOST_ATTEMPTS})
        return
    row.save(update_fields=["error", "attempts"])


def forget_calls() -> None:
    """Calls of long ago are gone; what they became remembers by itself what it was told."""
    MachineCall.objects.filter(received_at__lt=clock.now() - KEPT).delete()


def _seen(row: Machine) -> words.Machine:
    return words.Machine(row.code, row.names, MachineKind(row.kind), tuple(row.areas))


def _flag(row: MachineCall, code: str, params: Mapping[str, Any]) -> None:
    told = {"code": code, "params": {name: shapes.masked(str(value)[:200]) for name, value in params.items()}}
    if told not in row.flags:
        row.flags = [*row.flags, told]


def _refuse(row: MachineCall, code: str, params: Mapping[str, Any]) -> None:
    """It stays as it may be shown, with why; said again, it is judged anew."""
    row.flags = []
    _flag(row, code, params)
    row.state, row.done_at, row.whole = CallState.REFUSED, clock.now(), {}
    row.save()
    _drop_pictures(row)


def _settle(row: MachineCall, state: CallState, subject: str) -> None:
    """It has had its effect; what was personal in it stands where the thing keeps it, and here no more."""
    row.state, row.subject, row.done_at, row.whole, row.error = state, subject, clock.now(), {}, ""
    row.save()
    _drop_pictures(row)


def _drop_pictures(row: MachineCall) -> None:
    """What it became has the pictures, or nobody needs them."""
    if row.photos:
        row.pictures.all().delete()
