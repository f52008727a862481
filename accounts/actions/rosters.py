"""Shift rosters: who has which shift of an organisation in a week; nobody is in two places at one time."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.guards import require_admin
from accounts.contracts import RosterNews
from accounts.models import Grant, Organisation, Shift, User, Watch
from accounts.rules import Turn, hours_of, monday_of, overlapping
from accounts.selectors import roster_told, shifts, watches_in_week
from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.languages import pick
from core.scope import Actor
from core.versions import refuse_stale
from journal.actions import record

MOST_TURNS = 2000
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Wish(NamedTuple):
    """Somebody is to have a shift on a day."""

    user_id: int
    day: date
    shift: str


@transaction.atomic
def save_roster(
    organisation: str, *, week: date, wishes: Iterable[Wish], actor: Actor, seen: str | None = None
) -> list[Watch]:
    """The organisation's roster for the week of that day is exactly this; Conflict where two shifts would overlap.

    Stale where it says something else than was `seen`.
    """
    home, first = _home(organisation, actor), monday_of(week)
    standing = list(watches_in_week(organisation, first))
    refuse_stale(seen, roster_told(standing))
    wanted = set(wishes)
    if len(wanted) > MOST_TURNS:
        raise Invalid("accounts.roster_too_long", most=MOST_TURNS)
    for wish in wanted:
        if monday_of(wish.day) != first:
            raise Invalid("accounts.day_outside_week", day=wish.day.isoformat())
    kinds = {row.code: row for row in shifts()}
    held = {(row.user_id, row.day, row.shift.code): row for row in standing}
    _refuse_strangers(home, {wish.user_id for wish in wanted if tuple(wish) not in held}, first)
    people = _locked({wish.user_id for wish in wanted})
    turns = {wish: turn_of(wish, kinds) for wish in wanted}
    gone = [row.pk for key, row in held.items() if Wish(*key) not in wanted]
    _refuse_overlaps(list(turns.values()), gone, home, people, kinds)
    Watch.objects.filter(pk__in=gone).delete()
    new = [turn for wish, turn in turns.items() if tuple(wish) not in held]
    Watch.objects.bulk_create(
        Watch(organisation=home, user_id=turn.who, shift=kinds[turn.shift], day=turn.day, begins_at=turn.begins_at,
              ends_at=turn.ends_at)
        for turn in sorted(new, key=lambda one: (one.begins_at, one.who))
    )  # fmt: skip
    if new or gone:
        news = RosterNews(home.code, first.isoformat(), len(new), len(gone))
        record("accounts.roster_changed.v1", subject=f"organisation:{home.code}", actor=actor, org=home.path,
               area=home.area, data=news)  # fmt: skip
    return list(watches_in_week(organisation, first))


@transaction.atomic
def copy_week(organisation: str, *, week: date, actor: Actor) -> list[Watch]:
    """The week also has the shifts of the week before, but for people who have left and shifts that would overlap."""
    home, first = _home(organisation, actor), monday_of(week)
    there = {Wish(row.user_id, row.day, row.shift.code) for row in watches_in_week(organisation, first)}
    before = watches_in_week(organisation, first - WEEK)
    if not before:
        raise Conflict("accounts.no_last_week", name=pick(home.names))
    kinds = {row.code: row for row in shifts()}
    here = staff_in_week(home, first)
    taken = _elsewhere({row.user_id for row in before}, first, [])
    taken += [turn_of(wish, kinds) for wish in there]
    for row in before:
        wish = Wish(row.user_id, row.day + WEEK, row.shift.code)
        if wish in there or row.user_id not in here or row.shift.code not in kinds:
            continue
        turn = turn_of(wish, kinds)
        if not overlapping([one for one in taken if one.who == turn.who] + [turn]):
            taken.append(turn)
            there.add(wish)
    return save_roster(organisation, week=first, wishes=there, actor=actor)


@transaction.atomic
def adopt_shifts(given: Mapping[str, Mapping[str, object]], *, pack: str, actor: Actor) -> None:
    """From now on the day has these shifts (pack section `shifts`); rosters already made keep their hours."""
    require_admin(actor)
    for code, row in given.items():
        begins, _, ends = str(row["hours"]).partition("-")
        Shift.objects.update_or_create(
            code=code,
            defaults={
                "names": row["names"],
                "begins": time.fromisoformat(begins),
                "ends": time.fromisoformat(ends),
                "pack": pack,
                "retired": False,
            },
        )
    Shift.objects.filter(pack=pack).exclude(code__in=given).update(retired=True)


def _home(code: str, actor: Actor) -> Organisation:
    found = Organisation.objects.select_for_update(of=("self",)).filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    require_admin(actor, org=found.path, area=found.area)
    if not found.active:
        raise Conflict("accounts.organisation_closed", name=pick(found.names))
    return found


def staff_of(home: Organisation) -> list[User]:
    """Whom a roster of the organisation may name: its active people, those below it, and who holds a post there."""
    here = Q(organisation__path=home.path) | Q(organisation__path__startswith=home.path + ".")
    held = Grant.objects.not_over(clock.now()).filter(post__organisation=home).values("user")
    found = User.objects.filter(here | Q(pk__in=held), is_active=True).select_related("organisation")
    return list(found.order_by("organisation__path", "label", "pk"))


def staff_in_week(home: Organisation, first: date) -> dict[int, User]:
    """Whom its roster of a week may name, by number: its staff, and who is on that roster already."""
    there = User.objects.filter(watches__organisation=home, watches__day__gte=first, watches__day__lt=first + WEEK)
    return {user.pk: user for user in [*there.filter(is_active=True), *staff_of(home)]}


def _refuse_strangers(home: Organisation, wanted: set[int], first: date) -> None:
    """Conflict for somebody who would come onto the organisation's roster and whom it may not name."""
    for user_id in sorted(wanted - staff_in_week(home, first).keys()):
        raise Conflict("accounts.not_of_the_staff", user_id=user_id, name=pick(home.names))


def _locked(wanted: set[int]) -> dict[int, User]:
    return {row.pk: row for row in User.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}


def turn_of(wish: Wish, kinds: Mapping[str, Shift]) -> Turn:
    """The hours of a wish; NotFound where the day has no such shift."""
    shift = kinds.get(wish.shift)
    if shift is None:
        raise NotFound("accounts.no_such_shift", code=wish.shift)
    begins, ends = hours_of(wish.day, shift.begins, shift.ends, timezone.get_default_timezone())
    return Turn(wish.user_id, wish.day, wish.shift, begins, ends)


def _elsewhere(people: Iterable[int], first: date, gone: list[int]) -> list[Turn]:
    """What these people have on their rosters around the week, in any organisation, but for what goes."""
    rows = Watch.objects.filter(user__in=list(people), day__gte=first - DAY, day__lte=first + WEEK)
    return [
        Turn(row.user_id, row.day, row.shift.code, row.begins_at, row.ends_at)
        for row in rows.exclude(pk__in=gone).select_related("shift")
    ]


def _refuse_overlaps(
    turns: list[Turn], gone: list[int], home: Organisation, people: Mapping[int, User], kinds: Mapping[str, Shift]
) -> None:
    if not turns:
        return
    first = monday_of(turns[0].day)
    known = {(one.who, one.begins_at, one.shift) for one in turns}
    others = [one for one in _elsewhere(people, first, gone) if (one.who, one.begins_at, one.shift) not in known]
    for one, other in overlapping([*turns, *others]):
        names = [pick(kinds[turn.shift].names) if turn.shift in kinds else turn.shift for turn in (one, other)]
        raise Conflict(
            "accounts.shifts_overlap", name=people[one.who].get_full_name(), day=one.day.isoformat(), first=names[0],
            other=other.day.isoformat(), second=names[1],
        )  # fmt: skip
