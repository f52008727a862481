"""Components are lifted to the schema of their type as it is now, by the moves of attributes that its pack gives.

Set by set, each in a transaction of its own; a lifted component has the newest number and is looked for no more.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction

from assets.actions.writing import Deed, Placed, write
from assets.contracts import Act, ComponentChanged, State
from assets.models import Asset, AssetType
from assets.rules import Row
from assets.selectors import as_stored, former_moves
from core import moves
from core.errors import Forbidden
from core.schema import validate
from core.scope import Actor
from journal import actions as journal
from packs.contracts import Lifted

SET = 500


def lift_components(*, actor: Actor) -> list[Lifted]:
    """Components with moves before them obey the schema of their type as it is now; answers how many, and who stays.

    One that would not be sound stays under its schema until somebody edits it; what was removed stays as it was.
    """
    if not actor.may("admin"):
        raise Forbidden("assets.not_admin")
    kinds = AssetType.objects.filter(retired=False, schema_number__gt=1).exclude(moves=[]).order_by("code")
    found = [_lifted(kind, actor) for kind in kinds]
    return [one for one in found if one.moved or one.left]


def _lifted(kind: AssetType, actor: Actor) -> Lifted:
    waiting = former_moves(kind)
    done, left, example, after = 0, 0, "", 0
    while waiting:
        batch, sound = _set(kind, waiting, after, actor)
        if not batch:
            break
        after = batch[-1][0]
        stayed = [code for _pk, code in batch if code not in sound]
        done, left = done + len(batch) - len(stayed), left + len(stayed)
        example = example or next(iter(stayed), "")
    return Lifted("asset_types", kind.code, done, left, example)


@transaction.atomic
def _set(
    kind: AssetType, waiting: dict[int, list[moves.Move]], after: int, actor: Actor
) -> tuple[list[tuple[int, str]], set[str]]:
    """The next components, locked, and which of them are lifted."""
    found = Asset.objects.select_for_update().filter(type=kind, schema_number__in=waiting, pk__gt=after)
    batch = list(found.exclude(state=State.REMOVED).order_by("pk").values_list("pk", "code", "schema_number")[:SET])
    stored = as_stored(code for _pk, code, _number in batch)
    placed: dict[int, list[Placed]] = defaultdict(list)
    for _pk, code, number in batch:
        attributes = moves.moved(stored[code]["attributes"], waiting[number])
        if not validate(kind.schema, attributes):
            placed[number].append(_placed(kind, code, stored[code], attributes))
    sound = {row.code for rows in placed.values() for row, _cell, _area in rows}
    changed = set[str]()
    for number, rows in sorted(placed.items()):
        changed |= write(rows, Deed(actor, Act.EDIT, moves.why_of(waiting[number]))).changed
    Asset.objects.filter(code__in=sound).update(schema_number=kind.schema_number)
    _tell(changed, actor)
    return [(pk, code) for pk, code, _number in batch], sound


def _placed(kind: AssetType, code: str, held: dict[str, Any], attributes: dict[str, Any]) -> Placed:
    same = ("lon", "lat", "names", "state", "authority", "owner", "maintainer", "accuracy", "source", "shape")
    row = Row(number=0, code=code, type_pk=kind.pk, attributes=attributes, schema_number=kind.schema_number,
              **{name: held[name] for name in same})  # fmt: skip
    return row, held["cell"], held["area"]


def _tell(codes: Collection[str], actor: Actor) -> None:
    for row in Asset.objects.filter(code__in=codes).order_by("pk"):
        news = ComponentChanged(row.code, row.version, Act.EDIT.value, ("attributes",), row.state, None)
        journal.record("assets.changed.v1", subject=row.code, actor=actor, area=row.area, data=news)
