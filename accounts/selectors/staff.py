"""Who holds which post, who is on duty, and the people an administrator may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import CrewMember, Grant, Post, Shift, User, Watch
from accounts.rules import monday_of
from core import clock
from core.errors import NotFound
from core.pinyin import named_so
from core.querying import scope_q
from core.scope import Actor

WEEK = timedelta(days=7)
UNUSABLE = "!"
FEWEST_DIGITS = 4


@dataclass(frozen=True)
class OnDuty:
    """Somebody whose shift it is: until when, and for which organisation (path)."""

    user_id: int
    label: str
    phone: str
    shift: str
    org: str
    until: datetime


def posts() -> QuerySet[Post]:
    """The posts in use, by organisation, with who holds them now or will hold them."""
    held = Grant.objects.not_over(clock.now()).select_related("user").order_by("valid_from", "pk")
    found = Post.objects.filter(active=True).select_related("organisation", "role")
    return found.prefetch_related(Prefetch("held", queryset=held, to_attr="holders"))


def post_rows() -> Iterator[dict[str, object]]:
    """Every post as rows of a file: one for each stretch of time that somebody has or will have it, or one of nobody.

    What is over stays in the journal.
    """
    lasting = Grant.objects.not_over(clock.now()).filter(user__is_active=True)
    held = lasting.select_related("user").order_by("user__username", "valid_from", "pk")
    found = Post.objects.select_related("organisation", "role").prefetch_related(
        Prefetch("held", queryset=held, to_attr="holders")
    )
    for post in found.iterator(chunk_size=1000):
        told = {
            "post": post.code,
            "organisation": post.organisation.code,
            "role": post.role.code,
            "name": post.names.get("zh", ""),
            "name_en": post.names.get("en", ""),
            "area": post.area or "*",
            "bound": post.bound,
            "active": post.active,
        }
        for one in getattr(post, "holders", ()) or (None,):
            yield {**told, **_holding(one)}


def _holding(one: Grant | None) -> dict[str, str]:
    if one is None:
        return {"person": "", "person_name": "", "valid_from": "", "valid_until": ""}
    return {
        "person": one.user.username,
        "person_name": one.user.get_full_name(),
        "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else "",
    }


def watch_rows(organisation: str, since: date, until: date) -> Iterator[dict[str, object]]:
    """The rosters of an organisation (code, or "" for all) from a day up to another as rows of a file, by day."""
    found = Watch.objects.filter(day__gte=since, day__lte=until).select_related("organisation", "user", "shift")
    if organisation:
        found = found.filter(organisation__code=organisation)
    for row in found.order_by("organisation__path", "day", "begins_at", "user__username").iterator(chunk_size=1000):
        yield {
            "organisation": row.organisation.code,
            "day": row.day.isoformat(),
            "shift": row.shift.code,
            "person": row.user.username,
            "person_name": row.user.get_full_name(),
        }


def administered_posts(actor: Actor) -> QuerySet[Post]:
    """Those of organisations on the ground that the actor administers."""
    return posts().filter(scope_q(actor.scope("admin"), "organisation__path", "organisation__area"))


def post(code: str, actor: Actor) -> Post:
    """The post of that code; NotFound where there is none on the actor's ground."""
    found = administered_posts(actor).filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_post", code=code)
    return found


def posts_of(user_id: int) -> QuerySet[Grant]:
    """What a person holds, or will hold, by a post."""
    found = Grant.objects.not_over(clock.now()).filter(user_id=user_id, post__isnull=False)
    return found.select_related("post__organisation", "role").order_by("valid_from", "pk")


def administered_people(actor: Actor) -> QuerySet[User]:
    """The accounts on the ground that the actor administers, switched off ones too, by name."""
    ground = scope_q(actor.scope("admin"), "organisation__path", "organisation__area")
    return User.objects.filter(ground).select_related("organisation").order_by("username")


def administered_person(user_id: int, actor: Actor) -> User:
    """One of them; NotFound where there is none of that number on the actor's ground."""
    found = administered_people(actor).filter(pk=user_id).first()
    if found is None:
        raise NotFound("accounts.no_such_person", user_id=user_id)
    return found


def administered_grants(actor: Actor, *, user_id: int | None = None, role: str = "") -> QuerySet[Grant]:
    """Direct grants, in force or to come, over the ground the actor administers, by number; not what posts give."""
    ground = scope_q(actor.scope("admin"), "org", "area")
    found = Grant.objects.not_over(clock.now()).filter(ground, post=None)
    if user_id is not None:
        found = found.filter(user_id=user_id)
    if role:
        found = found.filter(role__code=role)
    return found.select_related("user", "role").order_by("pk")


def administered_grant(grant_id: int, actor: Actor) -> Grant:
    """One of them; NotFound where there is none of that number."""
    found = administered_grants(actor).filter(pk=grant_id).first()
    if found is None:
        raise NotFound("accounts.no_such_grant", grant_id=grant_id)
    return found


def find_people(
    actor: Actor, *, text: str = "", org: str = "", post: str = "", active: str = "", invited: bool = False
) -> QuerySet[User]:
    """Of them those whose name, user name or phone holds the text, below an organisation (path), in a post.

    `active` is "yes", "no" or "" for both; `invited` leaves those who have no password yet.
    """
    found = administered_people(actor)
    if text:
        found = found.filter(Q(label__icontains=text) | Q(username__icontains=text) | Q(phone__contains=text))
    if org:
        found = found.filter(Q(organisation__path=org) | Q(organisation__path__startswith=org + "."))
    if post:
        found = found.filter(pk__in=Grant.objects.in_force(clock.now()).filter(post__code=post).values("user"))
    if active in ("yes", "no"):
        found = found.filter(is_active=active == "yes")
    if invited:
        found = found.filter(is_active=True, password__startswith=UNUSABLE)
    held = Grant.objects.not_over(clock.now()).filter(post__isnull=False).select_related("post")
    return found.prefetch_related(Prefetch("grants", queryset=held, to_attr="in_posts"))


def people_found(words: str, actor: Actor) -> QuerySet[User]:
    """The people in use on the ground that the actor administers who are called so, also by Pinyin initials, by name.

    Digits find a phone too, from so many on that they are not in everybody's. Letters are held against every name.
    """
    rows = administered_people(actor).filter(is_active=True).order_by("label", "pk")
    told = Q(label__icontains=words) | Q(username__icontains=words)
    if words.isascii() and words.isdigit() and len(words) >= FEWEST_DIGITS:
        told |= Q(phone__contains=words)
    if words.isascii() and words.isalpha():
        named = rows.values_list("pk", "label")
        told |= Q(pk__in=[pk for pk, label in named if not label.isascii() and named_so(words, label)])
    return rows.filter(told)


def shifts() -> QuerySet[Shift]:
    """The parts of the day, in order."""
    return Shift.objects.filter(retired=False)


def watches_in_week(org_code: str, day: date) -> QuerySet[Watch]:
    """The roster of an organisation for the week of a day."""
    first = monday_of(day)
    found = Watch.objects.filter(organisation__code=org_code, day__gte=first, day__lt=first + WEEK)
    return found.select_related("shift", "user")


def coming_watches(user_id: int) -> QuerySet[Watch]:
    """The shifts a person has now and in the coming two weeks."""
    now = clock.now()
    found = Watch.objects.filter(user_id=user_id, ends_at__gt=now, begins_at__lt=now + 2 * WEEK)
    return found.select_related("shift", "organisation")


def on_duty(org: str = "", at: datetime | None = None) -> list[OnDuty]:
    """Whose shift it is at a moment (now without one), below an organisation (path), by name."""
    moment = at or clock.now()
    found = Watch.objects.filter(begins_at__lte=moment, ends_at__gt=moment, user__is_active=True)
    if org:
        found = found.filter(Q(organisation__path=org) | Q(organisation__path__startswith=org + "."))
    rows = found.select_related("user", "shift", "organisation").order_by("organisation__path", "user__label")
    return [
        OnDuty(
            row.user_id, row.user.get_full_name(), row.user.phone, row.shift.code, row.organisation.path, row.ends_at
        )
        for row in rows
    ]


def crews_with(user_id: int) -> QuerySet[CrewMember]:
    """The crews a person works in."""
    found = CrewMember.objects.filter(user_id=user_id, until=None, crew__active=True)
    return found.select_related("crew__organisation")


def members_of(crew_codes: Iterable[str]) -> QuerySet[CrewMember]:
    """Who works in these crews, leaders first."""
    return CrewMember.objects.filter(crew__code__in=list(crew_codes), until=None).select_related("user", "crew")


def shifts_of(pack: str) -> dict[str, dict[str, object]]:
    """The shifts a pack brought, retired ones too, as it would write them."""
    return {
        row.code: {"names": row.names, "hours": f"{row.begins:%H:%M}-{row.ends:%H:%M}", "retired": row.retired}
        for row in Shift.objects.filter(pack=pack)
    }
