"""Roles as a city makes them its own: back to what the pack says, and whose holders need a second factor."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.actions.grants import upsert_role
from accounts.actions.guards import require_admin
from accounts.contracts import RoleFactorNews
from accounts.models import Role
from core.errors import Invalid, NotFound
from core.scope import Actor
from journal.actions import record


@transaction.atomic
def save_role(
    *, code: str, names: Mapping[str, str], permissions: Iterable[str], second_factor: bool, actor: Actor
) -> Role:
    """The role has these names and permissions, and asks for a second factor or does not: all of it or nothing."""
    upsert_role(code=code, names=names, permissions=permissions, actor=actor)
    return require_second_factor(code, required=second_factor, actor=actor)


@transaction.atomic
def reset_role(code: str, *, actor: Actor) -> Role:
    """The role is again what its pack says; Invalid for a role that no pack brought."""
    require_admin(actor)
    role = _in_use(code)
    if not role.said:
        raise Invalid("accounts.role_without_pack", code=code)
    return upsert_role(code=code, names=role.said["names"], permissions=role.said["permissions"], actor=actor)


@transaction.atomic
def require_second_factor(code: str, *, required: bool, actor: Actor) -> Role:
    """Whoever holds the role needs a second factor (where the platform asks for any), or does not any more."""
    require_admin(actor)
    role = _in_use(code)
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
