"""What the map tells about each cell: one measure, of what the actor may see, in classes that never move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases import selectors as cases
from core import clock
from core.errors import Invalid
from core.scope import Actor
from dashboard.contracts import DAYS, METRICS, Metric
from grid import selectors as grid

MOST_CASES = 2000
WORST = 30
GRADE = "grade"


@dataclass(frozen=True)
class CellValues:
    """The values of a measure by cell, as of a moment."""

    metric: Metric
    days: int
    as_of: datetime
    values: Mapping[str, int]


def cell_values(actor: Actor, code: str = "open", days: int = 7) -> CellValues:
    """One measure for every cell that has one; cells without are not told. Invalid for what is no measure or period."""
    metric = METRICS.get(code)
    if metric is None:
        raise Invalid("atlas.no_metric", metric=code[:40], known=", ".join(METRICS))
    if days not in DAYS:
        raise Invalid("atlas.no_period", days=days, known=", ".join(map(str, DAYS)))
    now = clock.now()
    if metric.code == GRADE:
        values: Mapping[str, int] = grid.cell_grades() if actor.rights else {}
    else:
        values = cases.by_cell(actor, metric.code, now=now, since=now - timedelta(days=days))
    return CellValues(metric, days, now, values)


def worst_cells(told: CellValues) -> list[dict[str, Any]]:
    """The cells that want attention first, with what people call them: the same as the map says, as a list."""
    order = sorted(told.values.items(), key=lambda one: ((one[1] if told.metric.low_is_bad else -one[1]), one[0]))
    chosen = order[:WORST]
    names = {region.code: region for region in grid.region_names()} if chosen else {}
    plan = grid.code_plan()
    spots = grid.cell_spots([cell for cell, _value in chosen])
    return [
        {
            "cell": cell,
            "value": value,
            "class": told.metric.class_of(value),
            "street": _names(names, cell[: plan.street]),
            "community": _names(names, cell[: plan.community]),
            "lon": spots[cell][0],
            "lat": spots[cell][1],
        }
        for cell, value in chosen
        if cell in spots
    ]


def _names(known: Mapping[str, Any], code: str) -> Mapping[str, str]:
    found = known.get(code)
    return found.names if found else {"zh": code, "en": code}


def cases_in(actor: Actor, box: cases.Box) -> tuple[Sequence[str], bool]:
    """The open cases of a box, those that breach first first, each as JSON; and whether there are more than these."""
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Invalid("atlas.bad_box")
    rows = cases.open_in_box(actor, box, MOST_CASES + 1)
    return rows[:MOST_CASES], len(rows) > MOST_CASES
