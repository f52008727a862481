"""The plan of codes: from packs, or as the city says itself."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from core.errors import Conflict, Invalid
from core.scope import Actor
from grid import selectors
from grid.actions.storing import only_admins
from grid.contracts import CodePlan, CodePlanSaved, Level, Problem
from grid.models import Cell, PlanOfCodes, Region
from grid.rules.codes import plan_of
from journal import actions as journal


@transaction.atomic
def save_code_plan(given: Mapping[str, Any], *, actor: Actor, pack: str = "") -> CodePlan:
    """A pack (without one, the city) says how codes are built; refused where a map has codes that it would not read."""
    only_admins(actor)
    wanted = plan_of(given)
    if isinstance(wanted, Problem):
        raise Invalid(wanted.code, **wanted.params)
    before = selectors.code_plan()
    told = {**asdict(wanted), "default": bool(given.get("default"))}
    PlanOfCodes.objects.update_or_create(pack=pack, defaults=told)
    return _settled(before, actor)


@transaction.atomic
def drop_code_plan(*, actor: Actor, pack: str = "") -> CodePlan:
    """The pack (without one, the city) says nothing about codes any more; what is left is in force."""
    only_admins(actor)
    before = selectors.code_plan()
    PlanOfCodes.objects.filter(pack=pack).delete()
    return _settled(before, actor)


def _settled(before: CodePlan, actor: Actor) -> CodePlan:
    """The plan in force; where it is another than before, every code fits it and the journal has it."""
    plan = selectors.code_plan()
    if plan == before:
        return plan
    misfits = Cell.objects.exclude(code__regex=_digits(plan.cell)).count()
    for level in Level:
        misfits += Region.objects.filter(level=level).exclude(code__regex=_digits(plan.digits(level))).count()
    if misfits:
        raise Conflict("grid.code_plan_in_use", count=misfits, cell=plan.cell, was=before.cell)
    news = CodePlanSaved(**asdict(plan))
    journal.record("grid.code_plan_saved.v1", subject="grid:codes", actor=actor, data=news)
    return plan


def _digits(width: int) -> str:
    return rf"^\d{{{width}}}$"
