"""Splitting 分办: a case that needs several departments becomes several, each with its own dispatch and clocks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from cases.actions.intake import begin, kept_whole
from cases.actions.moving import lock, move, tell
from cases.actions.steps import dispatch, enter, take_on
from cases.contracts import CaseView
from cases.models import Case, StepsModel
from cases.selectors import steps_model
from core import clock
from core.scope import Actor, Duty, machine

SPLITTER: Actor = machine("rule:parts", Duty.ACCEPT, Duty.SUPERVISE, "case.see", label="案件分办 Split")
Part = Mapping[str, Any]


@transaction.atomic
def split(number: str, *, actor: Actor, version: int, parts: Sequence[Part], note: str = "") -> CaseView:
    """The case waits for its parts: each is a case of its own, dispatched at once, and the whole closes after them.

    A part says `department` and `task`, and `category` with `condition` where they are not those of the whole.
    """
    case, model = lock(number, actor, version), steps_model()
    first = case.parts + 1
    told = {"parts": parts, "note": note}
    kept = {"departments": [str(part.get("department", "")) for part in parts], "note": note}
    changes = {"parts": case.parts + len(parts), "coordination": ""}
    move(case, "split", actor, given=told, kept=kept, changes=changes, model=model)
    view = tell(case, "split", actor)
    for place, part in enumerate(parts, first):
        _begin_part(case, place, part, actor, model)
    return view


def _begin_part(whole: Case, place: int, part: Part, actor: Actor, model: StepsModel) -> CaseView:
    """One part, registered by the rule and dispatched by whoever splits.

    Of the class and under the condition of the whole, it is promised what the whole was.
    """
    task = str(part.get("task", "")).strip()
    kept_whole(task)
    category = str(part.get("category", "")) or whole.category_code
    promised = str(whole.promise["condition"]) if category == whole.category_code else ""
    condition = str(part.get("condition", "")) or promised
    copied = ("source", "kind", "address", "component", "point", "cell", "area", "district", "place", "priority",
              "trace", "attributes", "category")  # fmt: skip
    case = Case(
        **{name: getattr(whole, name) for name in copied},
        parent=whole,
        source_ref=f"part:{whole.number}/{place}",
        reported_by=SPLITTER.key,
        reported_at=clock.now(),
        stage_since=clock.now(),
        description=task or whole.description,
    )
    begin(case, SPLITTER, (), {}, alone=False)
    take_on(case, SPLITTER, model, category)
    view = enter(case, SPLITTER, model, condition, like=whole if condition and condition == promised else None)
    department = str(part.get("department", ""))
    return dispatch(view.number, actor=actor, version=view.version, department=department, note=task)


@transaction.atomic
def unite(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """The case is whole again and waits to be dispatched, because every part of it was voided."""
    case, reason = lock(number, actor, version), reason.strip()
    move(case, "unite", actor, given={"reason": reason}, kept={"reason": reason})
    return tell(case, "unite", actor)
