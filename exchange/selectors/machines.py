"""Questions about machines that report and about their calls: for administrators, and for the machines themselves."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor
from exchange.contracts.hotline import Standing, desk
from exchange.contracts.machines import UNUSED, BadKey, CallKind, CallState
from exchange.models import Machine, MachineCall

CALLS_PAGE, DAY = 50, timedelta(days=1)
MACHINE_TOLD = ("names", "kind", "organisation", "classes", "areas", "datum", "hourly", "enabled")
"""What people set of a machine."""


def may_set_machines(actor: Actor) -> None:
    """Forbidden for whoever is no administrator of the whole city."""
    if not actor.may("admin"):
        raise Forbidden("machine.not_admin")


def digest_of_key(text: str) -> str:
    """What is kept of a key: it has 256 random bits, so a plain hash cannot be turned back."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def machines(actor: Actor) -> list[Machine]:
    """Every machine by code, with how many of its calls of the last day were `refused` and how many are `waiting`."""
    may_set_machines(actor)
    states = (("refused", CallState.REFUSED), ("waiting", CallState.WAITING))
    counted = {name: _of_the_day(state) for name, state in states}
    return list(Machine.objects.annotate(**counted).order_by("code"))


def _of_the_day(state: CallState) -> Coalesce:
    """How many calls of the last day stand so: asked of each machine, for it keeps those of more than a year."""
    calls = MachineCall.objects.filter(machine=OuterRef("pk"), received_at__gt=clock.now() - DAY, state=state)
    return Coalesce(Subquery(calls.order_by().values("machine").annotate(n=Count("pk")).values("n")), 0)


def machine(code: str) -> Machine:
    """The machine of that code; NotFound where there is none."""
    found = Machine.objects.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise NotFound("machine.none", code=code[:40])
    return found


def machine_told(row: Machine) -> dict[str, Any]:
    """What people set of it, for its version and for programs."""
    return {name: getattr(row, name) for name in MACHINE_TOLD}


def machine_with_key(code: str, key: str) -> Machine:
    """The machine whose key this is, in use or not; BadKey says no more than that for a code that nobody has."""
    found = Machine.objects.filter(code=code).first() if "\x00" not in code else None
    given = digest_of_key(key)
    opens = [found.digest] if found else []
    if found and found.both_until is not None and found.both_until > clock.now():
        opens.append(found.digest_before)
    if not key or found is None or not any(hmac.compare_digest(given, one) for one in opens):
        raise BadKey("machine.bad_key")
    return found


@dataclass(frozen=True)
class CallPage:
    """A page of calls with how the things that they became stand; `after` begins the next page ("" after the last)."""

    rows: Sequence[MachineCall]
    standings: Mapping[str, Standing]
    after: str


def machine_calls(row: Machine, actor: Actor, *, state: str = "", after: str = "") -> CallPage:
    """The newest calls of a machine first; Invalid for a state that there is not, or a key of no page."""
    may_set_machines(actor)
    if state and state not in set(CallState):
        raise Invalid("machine.bad_filter", given=state[:40].replace("\x00", ""))
    rows = row.calls.filter(state=state) if state else row.calls.all()
    if after:
        if not after.isascii() or not after.isdigit() or len(after) > 18:
            raise Invalid("machine.bad_filter", given=after[:40].replace("\x00", ""))
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related("machine").order_by("-pk")[: CALLS_PAGE + 1])
    more, found = len(found) > CALLS_PAGE, found[:CALLS_PAGE]
    subjects = {one.subject for one in found if one.subject}
    return CallPage(found, desk().standings(subjects) if subjects else {}, str(found[-1].pk) if more else "")


def call_of(row: Machine, event: str) -> MachineCall:
    """What became of a call, for the machine itself; NotFound where it never made it."""
    found = row.calls.filter(event=event).first() if "\x00" not in event else None
    if found is None:
        raise NotFound("machine.no_call", event=event[:80])
    found.machine = row
    return found


def standing_of(call: MachineCall) -> Standing | None:
    """How the thing that a call became stands; None where it became none."""
    return desk().standings([call.subject]).get(call.subject) if call.subject else None


def first_call(row: MachineCall) -> QuerySet[MachineCall]:
    """The call that this one is about, if it has come."""
    return MachineCall.objects.filter(machine_id=row.machine_id, event=row.about, kind=CallKind.FOUND)


def calls_left(before: datetime) -> list[int]:
    """Calls that are kept and not made use of though nothing stands in their way, the oldest first."""
    begun = MachineCall.objects.filter(
        machine=OuterRef("machine"), event=OuterRef("about"), kind=CallKind.FOUND, state=CallState.TAKEN
    )
    left = Q(state=CallState.RECEIVED) | Q(state=CallState.WAITING) & Exists(begun)
    rows = MachineCall.objects.filter(left, state__in=UNUSED, received_at__lt=before)
    return list(rows.order_by("received_at", "pk").values_list("pk", flat=True)[:200])
