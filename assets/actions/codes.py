"""The plan of component codes: from packs, or as the city says itself."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from assets import selectors
from assets.contracts import ComponentPlan, ComponentPlanSaved, Refusal
from assets.models import Asset, PlanOfComponentCodes
from assets.rules import component_plan_of
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor
from core.versions import refuse_stale
from grid import actions as grid_actions
from grid import selectors as grid
from journal import actions as journal

_LOCK = 0x0E5B0416


@transaction.atomic
def save_component_plan(given: Mapping[str, Any], *, actor: Actor, pack: str = "") -> ComponentPlan:
    """A pack (without one, the city) says how component codes are built; refused where some would not fit."""
    _only_admins(actor)
    wanted = component_plan_of(given, grid.code_plan().district)
    if isinstance(wanted, Refusal):
        raise Invalid(wanted.reason, **wanted.params)
    before = selectors.component_plan()
    told = {"standard": wanted.standard, "edition": wanted.edition, "digits": wanted.digits}
    defaults = {**told, "default": bool(given.get("default"))}
    PlanOfComponentCodes.objects.update_or_create(pack=pack, defaults=defaults)
    return _settled(before, actor)


@transaction.atomic
def save_code_plans(
    *, regions: Mapping[str, Any], components: Mapping[str, Any], actor: Actor, seen: str | None = None
) -> None:
    """The city itself says how all its codes are built: those of regions, cells and components together, or none.

    Stale where the plans in force say something else than was `seen`.
    """
    _as_seen(seen, actor)
    grid_actions.save_code_plan(regions, actor=actor)
    save_component_plan(components, actor=actor)


@transaction.atomic
def drop_code_plans(*, actor: Actor, seen: str | None = None) -> None:
    """The city says nothing about codes of its own any more; what packs say holds."""
    _as_seen(seen, actor)
    grid_actions.drop_code_plan(actor=actor)
    drop_component_plan(actor=actor)


def _as_seen(seen: str | None, actor: Actor) -> None:
    """Whoever else settles codes waits until this transaction has ended: there may be no row yet to be locked."""
    _only_admins(actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    refuse_stale(seen, selectors.code_plans())


@transaction.atomic
def drop_component_plan(*, actor: Actor, pack: str = "") -> ComponentPlan:
    """The pack (without one, the city) says nothing about component codes any more; what is left is in force."""
    _only_admins(actor)
    before = selectors.component_plan()
    PlanOfComponentCodes.objects.filter(pack=pack).delete()
    return _settled(before, actor)


def _settled(before: ComponentPlan, actor: Actor) -> ComponentPlan:
    """The plan in force; where it is another than before, every code fits it and the journal has it."""
    plan = selectors.component_plan()
    if plan == before:
        return plan
    misfits = Asset.objects.exclude(code__regex=rf"^\d{{{plan.digits}}}$").count()
    if misfits:
        raise Conflict("assets.code_plan_in_use", count=misfits, digits=plan.digits, was=before.digits)
    news = ComponentPlanSaved(plan.standard, plan.edition, plan.digits)
    journal.record("assets.code_plan_saved.v1", subject="assets:codes", actor=actor, data=news)
    return plan


def _only_admins(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("assets.not_admin")
