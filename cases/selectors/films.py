"""How far the public copies of clips are in the whole city."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Min, Q, QuerySet

from cases.contracts.evidence import SHOWN, Film
from cases.models import Clip
from core import clock

GIVEN_UP_FOR = timedelta(days=7)


class FilmsBehind(NamedTuple):
    """Films that wait for their public copy, since when the longest, and how many were given up lately."""

    waiting: int
    since: datetime | None
    given_up: int


def films_waiting() -> QuerySet[Clip]:
    """Those whose public copy may be made: the scanner, where there is one, has let them out."""
    let_out = Q(evidence__quarantine=None) | Q(evidence__quarantine__state__in=SHOWN)
    return Clip.objects.filter(let_out, state=Film.WAITING)


def films_given_up() -> QuerySet[Clip]:
    """Those that could not be prepared though their original is there."""
    return Clip.objects.filter(state=Film.BROKEN, evidence__erased_at=None)


def films_behind() -> FilmsBehind:
    """What whoever keeps the system running needs to know of them."""
    waiting = films_waiting()
    since = waiting.aggregate(since=Min("evidence__at"))["since"]
    given_up = films_given_up().filter(next_at__gte=clock.now() - GIVEN_UP_FOR).count()
    return FilmsBehind(waiting.count(), since, given_up)
