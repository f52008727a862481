"""Questions about the catalogue: classes, the rules of duties, how the city divides the steps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.contracts import Phase
from cases.contracts.evidence import Filming
from cases.models import Category, ClassSwitch, Responsibility, StepsModel
from core import clock

# Asked with every report and every step, so they are statements that Django need not compile.
_ON_OFFER = """
    SELECT k.*, EXISTS (SELECT 1 FROM cases_classswitch s WHERE s.code = k.code AND NOT s.enabled) AS is_off
      FROM cases_category k
     WHERE k.code = %(code)s AND NOT k.retired
       AND k.valid_from <= %(at)s AND (k.valid_until IS NULL OR k.valid_until > %(at)s)
     LIMIT 1
"""
_MODEL_IN_FORCE = "SELECT * FROM cases_stepsmodel WHERE in_force ORDER BY code LIMIT 1"


def categories() -> list[Category]:
    """The classes that a new case may be of, by code: in force and switched on."""
    off = ClassSwitch.objects.filter(code=OuterRef("code"), enabled=False)
    return list(category_rows().filter(~Exists(off), retired=False))


def category_rows(at: datetime | None = None) -> QuerySet[Category]:
    """The version of every class in force at a moment (now), by code; retired and switched-off classes too."""
    moment = at or clock.now()
    begun = Q(valid_from__lte=moment)
    return Category.objects.filter(begun & (Q(valid_until=None) | Q(valid_until__gt=moment))).order_by("code")


def newest_versions() -> QuerySet[Category]:
    """The last word on every class, by code: the version without an end, which may be one to come."""
    return Category.objects.filter(valid_until=None).order_by("code")


def responsibilities() -> QuerySet[Responsibility]:
    """What packs say of who answers for each duty, retired rows too; what counts says `general_rules`."""
    return Responsibility.objects.filter(origin="pack").order_by("duty")


def category(code: str) -> Category | None:
    """The class of this code in force, switched on or not; None where there is none or it is retired."""
    return category_rows().filter(code=code, retired=False).first()


def category_on_offer(code: str) -> tuple[Category | None, bool]:
    """The class of this code in force, and whether new cases may be of it: both in one query."""
    found = next(iter(Category.objects.raw(_ON_OFFER, {"code": code, "at": clock.now()})), None)
    return found, found is not None and not vars(found)["is_off"]


def is_switched_on(code: str) -> bool:
    """Whether new cases may be of the class."""
    return not ClassSwitch.objects.filter(code=code, enabled=False).exists()


def category_names() -> dict[str, Mapping[str, str]]:
    """The names of every class that a case may carry, old ones too."""
    return dict(category_rows().values_list("code", "names"))


def category_given(row: Category) -> dict[str, Any]:
    """The class as a manifest would give it."""
    return {
        "code": row.code,
        "standard": row.standard,
        "kind": row.kind,
        "major": row.major,
        "minor": row.minor,
        "names": dict(row.names),
        "icon": row.icon,
        "default": row.is_default,
        "auto_register": row.auto_register,
        "quick": row.quick,
        "settle": row.may_settle,
        "needs_photo": list(row.needs_photo),
        "video": row.video,
        "conditions": [dict(one) for one in row.conditions],
        "department": dict(row.department),
    }


def category_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a class as a manifest gives it; pictures are needed everywhere unless it says where."""
    return {
        "standard": given.get("standard", ""),
        "kind": given["kind"],
        "major": given["major"],
        "minor": given["minor"],
        "names": given["names"],
        "icon": given.get("icon", ""),
        "is_default": given.get("default", False),
        "auto_register": given.get("auto_register", False),
        "quick": given.get("quick", False),
        "may_settle": given.get("settle", False),
        "needs_photo": list(given.get("needs_photo", Phase)),
        "video": given.get("video", Filming.ALLOWED.value),
        "conditions": given["conditions"],
        "department": given.get("department", {}),
    }


def responsibility_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a duty's rule as a manifest gives it."""
    return {
        "names": given.get("names", {}),
        "kind": given["kind"],
        "by": given["by"],
        "cooperating": list(given.get("cooperating", ())),
        "arbiter": list(given.get("arbiter", ())),
    }


def steps_model_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a model of steps as a manifest gives it."""
    return {
        "names": given["names"],
        "levels": given["levels"],
        "post_limits": given.get("post_limits", {}),
        "warn_share": given.get("warn_share", StepsModel().warn_share),
        "rework_share": given.get("rework_share", StepsModel().rework_share),
        "apart": [list(pair) for pair in given.get("apart", ())],
        "quick": dict(given.get("quick", {})),
        "timeout_orders": [dict(order) for order in given.get("timeout_orders", ())],
        "bulk_most": given.get("bulk_most", StepsModel().bulk_most),
    }


def steps_model() -> StepsModel:
    """How this city divides the steps; before a pack has said so an empty one, by which duties alone decide."""
    return next(iter(StepsModel.objects.raw(_MODEL_IN_FORCE)), None) or StepsModel()


def steps_models() -> list[StepsModel]:
    """Every model that a pack has brought, the one in force first."""
    return list(StepsModel.objects.order_by("-in_force", "code"))


def chosen_by_city() -> bool:
    """Whether an administrator has chosen the model in force, so that packs do not."""
    return StepsModel.objects.filter(in_force=True, origin="city").exists()
