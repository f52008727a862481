"""Questions about the plan of codes: how many digits each has, by which edition of the standard."""

from grid.contracts import CodePlan
from grid.models import PlanOfCodes
from grid.rules.codes import WIDTHS

FIELDS = ("standard", "edition", *WIDTHS)


def code_plan() -> CodePlan:
    """The plan in force: the city's own, else that of a pack, else one that a pack calls a default."""
    row = PlanOfCodes.objects.order_by("default", "pack").values(*FIELDS).first()
    return CodePlan(**row) if row else CodePlan()


def plan_of_pack(pack: str) -> tuple[CodePlan, bool] | None:
    """The plan that a pack brought and whether it is a default; None where it brought none."""
    row = PlanOfCodes.objects.filter(pack=pack).values("default", *FIELDS).first()
    return (CodePlan(**{name: row[name] for name in FIELDS}), row["default"]) if row else None
