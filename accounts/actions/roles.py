"""Roles as a city makes them its own: back to what the pack says, and whose holders need a second factor."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.actions.grants import upsert_role
from accounts.actions.guards import require_admin
from accounts.contracts import RoleFactorNews
from accounts.models import Role
from accounts.selectors import role_told
from core.errors import Conflict, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from journal.actions import record


@transaction.atomic
def save_role(
    *,
    code: str,
    names: Mapping[str, str],
    permissions: Iterable[str],
    second_factor: bool,
    actor: Actor,
    new: bool = False,
    seen: str | None = None,
) -> Role:
    """The role has these names and permissions, and asks for a second factor or does not: all of it or nothing.

    Conflict where a new one is there already, Stale where an old one says something else than was `seen`.
    """
    require_admin(actor)
    held = Role.objects.select_for_update().filter(code=code).first()
    if new and held is not None:
        raise Conflict("accounts.role_exists", code=code)
    if held is not None and not held.retired:
        refuse_stale(seen, role_told(held))
    upsert_role(code=code, names=names, permissions=permissions, actor=actor)
    return require_second_factor(code, required=second_factor, actor=actor)


@transaction.atomic
def reset_role(code: str, *, actor: Actor, seen: str | None = None) -> Role:
    """The role is again what its pack says; Invalid for a role that no pack brought."""
    require_admin(actor)
    role = _in_use(code)
    refuse_stale(seen, role_told(role))
    if not role.said:
        raise Invalid("accounts.role_without_pack", code=code)
    return upsert_role(code=code, names=role.said["names"], permissions=role.said["permissions"], actor=actor)


@transaction.atomic
def require_second_factor(code: str, *, required: bool, actor: Actor, seen: str | None = None) -> Role:
    """Whoever holds the role needs a second factor (where the platform asks for any), or does not any more."""
    require_admin(actor)
    role = _in_use(code)
    refuse_stale(seen, role_told(role))
    if role.second_factor != required:
        role.second_factor = required
        role.save(update_fields=["second_factor"])
        news = RoleFactorNews(code, required)
        record("accounts.role_factor_changed.v1", subject=f"role:{code}", actor=actor, data=news)
    return role


def _in_use(code: str) -> Role:
    found = Role.objects.select_for_update().filter(code=code, retired=False).first()
    if found is None:
        raise NotFound("accounts.no_such_role", code=code)
    return found
