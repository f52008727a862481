"""Questions about the plan of component codes: how many digits they have, by which edition of the standard."""

from dataclasses import asdict
from typing import Any

from assets.contracts import ComponentPlan
from assets.models import PlanOfComponentCodes
from grid import selectors as grid

FIELDS = ("standard", "edition", "digits")


def component_plan() -> ComponentPlan:
    """The plan in force: the city's own, else that of a pack, else one that a pack calls a default."""
    district = grid.code_plan().district
    row = PlanOfComponentCodes.objects.order_by("default", "pack").values(*FIELDS).first()
    return ComponentPlan(**row, district=district) if row else ComponentPlan(district=district)


def component_plan_of_pack(pack: str) -> dict[str, object] | None:
    """The plan that a pack brought, with whether it is a default; None where it brought none."""
    found = PlanOfComponentCodes.objects.filter(pack=pack).values("default", *FIELDS).first()
    return dict(found) if found else None


def code_plans() -> dict[str, Any]:
    """How all codes are built by the plans in force, and whether the city itself says so."""
    components = component_plan()
    return {
        "own": grid.plan_of_pack("") is not None or component_plan_of_pack("") is not None,
        "regions": asdict(grid.code_plan()),
        "components": {name: getattr(components, name) for name in FIELDS},
    }
