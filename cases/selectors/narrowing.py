"""Filters of a list that an answer of the insights leads to: the same conditions, so that both count the same."""

import re
from collections.abc import Callable, Mapping

from django.db.models import Q, QuerySet

from cases.contracts import Satisfaction
from cases.contracts.causes import LONGEST_REASON, Cause
from cases.contracts.flags import Flag
from cases.contracts.questions import NONE
from cases.models import Case
from cases.selectors.finding import box_around
from cases.selectors.reasons import gone_wrong
from core.geo import haversine_m
from core.scope import Actor

Filter = Callable[[QuerySet[Case], str, Actor], QuerySet[Case]]
MOST_AREAS, MOST_METRES = 3, 500.0
_TRUTH = {"true": True, "false": False}
_DEGREES = r"-?\d{1,3}(?:\.\d{1,17})?"


def _area(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    """Beneath every region that is named: whichever lies deepest decides. `none` are those without a place."""
    codes = value.split(",")
    if len(codes) > MOST_AREAS:
        raise ValueError(value)
    for code in codes:
        rows = rows.filter(_beneath(code))
    return rows


def _beneath(code: str) -> Q:
    if code == NONE:
        return Q(area="")
    if not re.fullmatch(r"[0-9]{4,16}", code):
        raise ValueError(code)
    above = Q(area=code) | Q(area__startswith=f"{code}.")
    return above | Q(area__endswith=f".{code}") | Q(area__contains=f".{code}.")


def _cell(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    if not re.fullmatch(r"[0-9]{1,20}", value):
        raise ValueError(value)
    return rows.filter(cell=value)


def _whole(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(parent__isnull=_TRUTH[value])


def _registered(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(registered_at__isnull=not _TRUTH[value])


def _reworked(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(rework_count__gt=0) if _TRUTH[value] else rows.filter(rework_count=0)


def _returned(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(return_count__gt=0) if _TRUTH[value] else rows.filter(return_count=0)


def _extended(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(extension_count__gt=0) if _TRUTH[value] else rows.filter(extension_count=0)


def _satisfaction(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    """With what citizens said when they were called back: `unsatisfied`, or several words."""
    return rows.filter(satisfaction__in=[Satisfaction(word) for word in value.split(",")])


def _flag(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    """With a flag: `similar`, `typical` or `forced`, or with any of several."""
    wanted = Q()
    for word in value.split(","):
        wanted |= Q(**{Flag(word): True})
    return rows.filter(wanted)


def _merged(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(duplicate_of__isnull=not _TRUTH[value])


def _org(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    """Those that an organisation has, or had last; `none` are those that none ever had, or that were sent back."""
    if value == NONE:
        return rows.filter(org="")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", value):
        raise ValueError(value)
    return rows.filter(Q(org=value) | Q(org__endswith=f".{value}"))


def _why(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    """With which something went wrong: `returned`, or `returned:` and the reason that was stated."""
    word, colon, reason = value.partition(":")
    cause = Cause(word)
    if bool(colon) != bool(reason) or (reason and cause is Cause.LATE) or len(reason) > LONGEST_REASON:
        raise ValueError(value)
    if "\x00" in reason or any("\ud800" <= letter <= "\udfff" for letter in reason):
        raise ValueError(value)
    return gone_wrong(rows, cause, reason)


def _month(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    """Reported in this month of whatever year."""
    if not re.fullmatch(r"[1-9]|1[0-2]", value):
        raise ValueError(value)
    return rows.filter(reported_at__month=int(value))


def _weekday(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    if not re.fullmatch(r"[1-7]", value):
        raise ValueError(value)
    return rows.filter(reported_at__iso_week_day=int(value))


def _hour(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    if not re.fullmatch(r"1?[0-9]|2[0-3]", value):
        raise ValueError(value)
    return rows.filter(reported_at__hour=int(value))


def _near(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    """Within so many metres of a place, by the rule that finds repeat places: `116.7,23.3,50`."""
    found = re.fullmatch(rf"({_DEGREES}),({_DEGREES}),(\d{{1,3}})", value)
    lon, lat, metres = (float(part) for part in found.groups()) if found else (0.0, 0.0, MOST_METRES + 1)
    if metres > MOST_METRES or abs(lon) > 180 or abs(lat) > 89:
        raise ValueError(value)
    inside = rows.filter(point__bboverlaps=box_around(lon, lat, metres)).order_by().values_list("pk", "point")
    near = [pk for pk, point in inside if point and haversine_m(lon, lat, point.x, point.y) <= metres]
    return rows.filter(pk__in=near)


NARROWING: Mapping[str, Filter] = {
    "area": _area,
    "cell": _cell,
    "near": _near,
    "whole": _whole,
    "registered": _registered,
    "reworked": _reworked,
    "returned": _returned,
    "extended": _extended,
    "merged": _merged,
    "satisfaction": _satisfaction,
    "flag": _flag,
    "org": _org,
    "why": _why,
    "month": _month,
    "weekday": _weekday,
    "hour": _hour,
}
