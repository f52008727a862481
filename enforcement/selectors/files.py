"""Files: the list by filters, one of them, its facts as the rules see them, and the world in which somebody acts."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from core import clock
from core.errors import Invalid, NotFound
from core.querying import scope_q
from core.scope import Actor
from core.worktime import Calendar
from enforcement import rules
from enforcement.contracts import (
    ENDS,
    SEE,
    Band,
    Cause,
    MeasureKind,
    Office,
    Officer,
    PartyKind,
    Penalty,
    Plea,
    Procedure,
    Stage,
)
from enforcement.models import CauseRow, CityLimits, Credential, Dossier
from grid import selectors as grid

CALENDAR = "office_hours"
PAGE, MOST = 30, 200
FILTERS = ("stage", "procedure", "cause", "case", "due", "officer", "q")
DUE = ("over", "7", "30")


class Page(NamedTuple):
    """Files, newest first, and the key behind which the next ones follow; None at the end."""

    rows: list[Dossier]
    following: int | None


def visible_to(actor: Actor) -> Q:
    """The files that the actor may see."""
    return scope_q(actor.scope(SEE))


def dossier(number: str, actor: Actor) -> Dossier:
    """The file of this number, if the actor may see it; else NotFound, whether it exists or not."""
    rows = Dossier.objects.select_related("cause").filter(visible_to(actor))
    found = rows.filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise NotFound("enforcement.no_dossier", number=number[:40].replace("\0", ""))
    return found


def dossiers(options: Mapping[str, str], actor: Actor) -> QuerySet[Dossier]:
    """The files that pass the filters; Invalid where a filter makes no sense."""
    if not actor.holds(SEE):
        raise NotFound("enforcement.no_dossier", number="")
    rows = Dossier.objects.select_related("cause").filter(visible_to(actor))
    for name, value in options.items():
        if value:
            rows = rows.filter(_narrowed(name, value))
    return rows


def _narrowed(name: str, value: str) -> Q:
    bad = Invalid("enforcement.bad_filter", filter=name[:40].replace("\0", ""), value=value[:40].replace("\0", ""))
    if "\0" in value or len(value) > 120:
        raise bad
    known = {
        "stage": {*(stage.value for stage in Stage), "open"}, "procedure": {one.value for one in Procedure},
        "due": set(DUE),
    }.get(name)  # fmt: skip
    if name not in FILTERS or (known is not None and value not in known):
        raise bad
    if name == "stage":
        ended = Q(stage__in=[end.value for end in ENDS])
        return ~ended if value == "open" else Q(stage=value)
    if name == "due":
        return _due(value)
    if name == "cause":
        return Q(cause__code=value)
    if name == "officer":
        return Q(officers__contains=[value])
    if name == "q":
        return Q(number__icontains=value) | Q(place__icontains=value) | Q(case=value)
    return Q(**{name: value})


def _due(value: str) -> Q:
    today = local_today()
    if value == "over":
        return Q(next_due__lt=today)
    return Q(next_due__gte=today, next_due__lte=rules.strict_days(today, int(value)))


def local_today() -> date:
    """Today in the city."""
    return clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date()


def page_of(rows: QuerySet[Dossier], *, below: int | None = None, most: int = PAGE) -> Page:
    """A page, newest first."""
    rows = rows.filter(pk__lt=below) if below is not None else rows
    found = list(rows.order_by("-pk")[: most + 1])
    return Page(found[:most], found[most - 1].pk if len(found) > most else None)


def cause_of(row: CauseRow) -> Cause:
    """A clause as the rules read it."""
    told = row.document
    bands = tuple(
        Band(one["code"], one["names"], Decimal(str(one["low"])), Decimal(str(one["high"])))
        for one in told.get("bands") or ()
    )
    return Cause(
        row.code, told["names"], told["violated"], told["basis"],
        frozenset(Penalty(one) for one in told["penalties"]), bands, row.since, row.until,
        bool(told.get("own_force")),
    )  # fmt: skip


def causes_on(day: date) -> list[CauseRow]:
    """The clauses in force on a day, by code."""
    rows = CauseRow.objects.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))
    return list(rows.order_by("code"))


def local_limits() -> rules.Local:
    """What the city has laid down, before that what the platform proposes."""
    row = CityLimits.objects.filter(pk=1).first()
    known = {one.name for one in fields(rules.Local)}
    return rules.Local(**{name: value for name, value in (row.document if row else {}).items() if name in known})


def calendar_for(area: str) -> Calendar:
    """The working days that count on a ground."""
    return grid.calendar(CALENDAR, area)


def credentials() -> dict[str, Officer]:
    """Everybody with a credential, by key."""
    rows = list(Credential.objects.order_by("user_id"))
    called = accounts.people(row.user_id for row in rows)
    return {
        f"user:{row.user_id}": Officer(
            f"user:{row.user_id}", called[row.user_id].label, row.number, row.since, row.until, row.legal
        )
        for row in rows
    }


def officers_for(area: str) -> list[Officer]:
    """Those with a credential who may handle files on the ground."""
    able = {person.key for person in accounts.people_with(Office.HANDLE, area=area)}
    return [one for one in credentials().values() if one.key in able]


def world_for(row: Dossier, actor: Actor) -> rules.World:
    """Who acts, now, by the calendar of the file's ground."""
    calendar = calendar_for(row.area)
    now = clock.now().astimezone(ZoneInfo(calendar.tz))
    return rules.World(actor.key, now, calendar, local_limits(), credentials())


def offices_of(row: Dossier, actor: Actor) -> frozenset[Office]:
    """What the actor may do on the ground of the file."""
    return frozenset(office for office in Office if actor.may(office, org=row.org, area=row.area))


def facts_of(row: Dossier, known: Mapping[str, Officer]) -> rules.DossierFacts:
    """The file as the rules see it; `known` are the credentials."""
    same = {
        name: getattr(row, name) for name in (
            "act_on", "harm", "complex", "public_interest", "filed_on", "decide_until", "extended", "fine", "band",
            "noticed_on", "noticed_fine", "plea_until", "hearing_until", "hearing_asked_on", "hearing_on",
            "hearing_chair", "heard_on", "reviewed_on", "discussed_on", "decided_on", "serve_until", "served_on",
            "reconsider_until", "suit_until", "performed_on", "lodged_on", "urged_on", "urge_until", "urge_heard",
            "court_until",
        )
    }  # fmt: skip
    measures = sorted(row.measures.all(), key=lambda one: one.number)
    held = (
        rules.Held(one.number, MeasureKind(one.kind), one.begun, one.until, one.prolonged, one.released)
        for one in measures
    )
    return rules.DossierFacts(
        stage=Stage(row.stage), procedure=Procedure(row.procedure), party=PartyKind(row.party_kind),
        cause=cause_of(row.cause), officers=tuple(_officers(row.officers, known)), recused=frozenset(row.recused),
        exhibits=tuple(rules.Exhibit(*one) for one in row.exhibits), measures=tuple(held),
        kinds=frozenset(Penalty(one) for one in row.kinds),
        noticed_kinds=frozenset(Penalty(one) for one in row.noticed_kinds), plea=Plea(row.plea) if row.plea else None,
        parts=tuple((date.fromisoformat(day), Decimal(amount)) for day, amount in row.parts),
        payments=tuple((one.on, one.amount) for one in row.payments.all()),
        pauses=tuple((date.fromisoformat(a), date.fromisoformat(b) if b else None) for a, b in row.pauses), **same,
    )  # fmt: skip


def _officers(keys: Iterable[str], known: Mapping[str, Officer]) -> Iterable[Officer]:
    """Those of the file; one whose credential was taken away has none that is valid."""
    gone: Any = date.min
    return (known.get(key) or Officer(key, key, "", gone, gone) for key in keys)
