"""What the pages of systems ask about records: how many wait or end, groups, days, those that end first.

Nothing personal is counted or shown: an attribute that is personal by now tells no groups apart and narrows nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDay
from django.utils.timezone import localtime

from core import clock
from core.errors import Invalid
from core.querying import NOTHING
from core.schema import questions
from core.scope import Actor
from registers.contracts import Declared, RecordView
from registers.models import Record
from registers.selectors.declared import visible_to
from registers.selectors.records import views_of

SOON = timedelta(days=30)
_DISTRICT = Func(F("area"), Value("."), Value(2), function="split_part", output_field=TextField())


class Standing(NamedTuple):
    """Of a register: how many records have not ended, wait in a state that may last only so long, and end soon.

    One whose term is over and that has not ended counts among those that end.
    """

    standing: int = 0
    waiting: int = 0
    ending: int = 0


def standing(registers: Sequence[Declared], actor: Actor) -> dict[str, Standing]:
    """The same of each of these registers, of the records that the actor sees, in one query."""
    theirs = NOTHING
    for declared in registers:
        theirs |= Q(register__code=declared.code) & visible_to(declared, actor)
    rows = Record.objects.filter(theirs, ended=False).order_by().values("register__code")
    found: Any = rows.annotate(
        n=Count("pk"), waiting=Count("pk", filter=Q(due_at__isnull=False)),
        ending=Count("pk", filter=Q(valid_until__lte=clock.now() + SOON)),
    )  # fmt: skip
    return {row["register__code"]: Standing(row["n"], row["waiting"], row["ending"]) for row in found}


def record_counts(
    declared: Declared, count: str, actor: Actor, *, by: str = "", days: int = 30,
    states: Sequence[str] = (), attributes: Mapping[str, Any] | None = None,
) -> dict[str, int]:  # fmt: skip
    """So many records by group: a state, a district, a `day`, the value of `attr.<name>`; "" is all of them."""
    rows = _counted(declared, count, actor, days, states, attributes or {}).order_by()
    if not by:
        return {"": rows.count()}
    asked: Any = rows.values(group=_key(declared, by)).annotate(n=Count("pk")).values_list("group", "n")
    return {_told(key): n for key, n in asked}


def record_lines(
    declared: Declared, count: str, actor: Actor, *, most: int, days: int = 30, placed: bool = False,
    states: Sequence[str] = (), attributes: Mapping[str, Any] | None = None,
) -> list[RecordView]:  # fmt: skip
    """The first of these records: those whose term ends first where it is of terms, else the newest."""
    rows = _counted(declared, count, actor, days, states, attributes or {})
    if placed:
        rows = rows.filter(geom__isnull=False)
    order = ("valid_until", "pk") if count in ("ending", "over") else ("-pk",)
    return views_of(list(rows.prefetch_related("written_under").order_by(*order)[:most]), declared)


def _counted(
    declared: Declared, count: str, actor: Actor, days: int, states: Sequence[str], attributes: Mapping[str, Any]
) -> QuerySet[Record]:
    rows = Record.objects.filter(visible_to(declared, actor), register__code=declared.code)
    now = clock.now()
    rows = rows.filter({
        "standing": Q(ended=False),
        "entered": Q(created_at__gte=since_day(now, days)),
        "ending": Q(ended=False, valid_until__gt=now, valid_until__lte=now + timedelta(days=days)),
        "over": Q(ended=False, valid_until__lte=now),
    }[count])  # fmt: skip
    if states:
        rows = rows.filter(state__in=list(states))
    for name, value in attributes.items():
        rows = rows.filter(attributes__contains={_open(declared, name): value})
    return rows


def since_day(now: datetime, days: int) -> datetime:
    """The beginning of the first of so many days, of which today is the last."""
    return localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)


def _key(declared: Declared, by: str) -> Any:
    if by.startswith("attr."):
        return KeyTextTransform(_open(declared, by.removeprefix("attr.")), "attributes")
    return {"state": F("state"), "district": _DISTRICT, "day": TruncDay("created_at")}[by]


def _open(declared: Declared, name: str) -> str:
    """The name of an attribute that may be counted by."""
    if name in declared.personal or name not in {one.name for one in questions(declared.schema)}:
        raise Invalid("registers.bad_filter", filter=name[:40], value="")
    return name


def _told(key: Any) -> str:
    return localtime(key).date().isoformat() if isinstance(key, datetime) else str(key if key is not None else "")
