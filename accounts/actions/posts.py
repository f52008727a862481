"""Posts: named places in organisations. Whoever holds one holds its role over its ground, for as long as they do."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.actions.grants import end_grant, give, locked_person, locked_role
from accounts.actions.guards import require_admin, require_area, require_code, require_names
from accounts.actions.standing import hold_tree
from accounts.contracts import PostNews
from accounts.models import Grant, Organisation, Post, User
from accounts.rules import bound_by_default
from accounts.selectors import post_told
from core import clock
from core.errors import Conflict, NotFound
from core.languages import pick
from core.scope import Actor
from core.versions import refuse_stale
from journal.actions import record


@transaction.atomic
def create_post(
    *,
    organisation: str,
    role: str,
    actor: Actor,
    code: str = "",
    names: Mapping[str, str] | None = None,
    area: str | None = None,
    bound: bool | None = None,
) -> Post:
    """The organisation has this post: by default named like its role, over the area that the organisation serves."""
    hold_tree(shared=True)
    home = _organisation(organisation)
    held_role = locked_role(role)
    ground = home.area if area is None else area
    require_area(ground)
    limited = bound_by_default(held_role.permissions) if bound is None else bound
    require_admin(actor, org=home.path if limited else "", area=ground)
    told = code or f"{home.code}-{held_role.code}"[:40]
    require_code(told)
    if Post.objects.filter(code=told).exists():
        raise Conflict("accounts.post_exists", code=told)
    named = require_names(names if names is not None else held_role.names)
    made = Post.objects.create(code=told, names=named, organisation=home, role=held_role, area=ground, bound=limited)
    _record("accounts.post_created.v1", made, actor)
    return made


@transaction.atomic
def change_post(
    code: str,
    *,
    actor: Actor,
    names: Mapping[str, str] | None = None,
    active: bool | None = None,
    seen: str | None = None,
) -> Post:
    """The post has these names; one that is given up has nobody in it any more. Its role and ground never change.

    Stale where it says something else than was `seen`.
    """
    found = _locked(code)
    _require_over(found, actor)
    refuse_stale(seen, post_told(found))
    before = (found.names, found.active)
    if names is not None:
        found.names = require_names(names)
    if active is not None:
        found.active = active
    if (found.names, found.active) == before:
        return found
    if active and not found.organisation.active:
        raise Conflict("accounts.organisation_closed", name=pick(found.organisation.names))
    found.save(update_fields=["names", "active"])
    if not found.active:
        for held in found.held.not_over(clock.now()).select_for_update(of=("self",)).select_related("role"):
            end_grant(held, actor=actor)
    _record("accounts.post_changed.v1", found, actor)
    return found


@transaction.atomic
def appoint(
    code: str,
    *,
    user: str | int | User,
    actor: Actor,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Grant:
    """The person holds the post, and with it its role over its ground, from now or `valid_from` on.

    Conflict, naming both posts, where the person could then judge work they did.
    """
    hold_tree(shared=True)
    post = _locked(code)
    _require_over(post, actor)
    if not post.active:
        raise Conflict("accounts.post_closed", name=pick(post.names))
    person = locked_person(user)
    if not person.is_active:
        raise Conflict("accounts.person_inactive", name=person.get_full_name())
    org = post.organisation.path if post.bound else ""
    wanted = Grant(
        user=person,
        role=locked_role(post.role.code),
        org=org,
        area=post.area,
        valid_from=valid_from or clock.now(),
        valid_until=valid_until,
        post=post,
    )
    return give(wanted, actor=actor)


@transaction.atomic
def leave_post(grant_id: int, *, actor: Actor, when: datetime | None = None) -> Grant:
    """The person holds the post no more from `when` on (now without it), nor anything it gave."""
    found = (
        Grant.objects.select_for_update(of=("self",))
        .select_related("role", "post__organisation")
        .filter(pk=grant_id, post__isnull=False)
        .first()
    )
    if found is None or found.post is None:
        raise NotFound("accounts.no_such_grant", grant_id=grant_id)
    _require_over(found.post, actor)
    return end_grant(found, actor=actor, when=when)


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    if not found.active:
        raise Conflict("accounts.organisation_closed", name=pick(found.names))
    return found


def _locked(code: str) -> Post:
    found = Post.objects.select_for_update(of=("self",)).select_related("organisation", "role").filter(code=code)
    post = found.first()
    if post is None:
        raise NotFound("accounts.no_such_post", code=code)
    return post


def _require_over(post: Post, actor: Actor) -> None:
    require_admin(actor, org=post.organisation.path if post.bound else "", area=post.area)


def _record(kind: str, post: Post, actor: Actor) -> None:
    home = post.organisation
    news = PostNews(post.code, home.code, post.role.code, post.area, post.active)
    record(kind, subject=f"post:{post.code}", actor=actor, org=home.path, area=home.area, data=news)
