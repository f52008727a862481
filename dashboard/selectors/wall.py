"""Questions of the wall: the feeds an actor may watch, and the snapshot from which a live page starts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts import selectors as accounts
from cases import selectors as cases
from core import clock
from core.errors import Forbidden
from core.scope import Actor, under
from dashboard import rules
from dashboard.contracts import HOURLY, SUBSCRIBER, TARGETS, WINDOW_DAYS
from dashboard.models import Tile, WallCase
from grid import selectors as grid
from journal import selectors as journal
from video import selectors as video

WALL_RIGHT = "wall.see"
_BY_THE_HOUR = f"^({'|'.join(sorted(HOURLY))}):"


@dataclass(frozen=True)
class WallScope:
    """A feed that fills a whole wall: the city's, or a district's; `area` is the region path it covers."""

    name: str
    names: Mapping[str, str]
    area: str

    @property
    def district(self) -> str:
        """The code of the district, "" for the city."""
        return self.name.partition(":")[2]


def scopes(actor: Actor) -> list[WallScope]:
    """The walls the actor may watch, the city's first: their feed may be read whole, their ground is granted."""
    city = grid.city()
    found = [WallScope("city", city.names if city else {"zh": "全市", "en": "City"}, city.path if city else "")]
    found += [WallScope(f"d:{region.code}", region.names, region.path) for region in grid.regions("district")]
    return [one for one in found if actor.may(WALL_RIGHT, area=one.area) and journal.may_read(actor, one.name)]


def scope(actor: Actor, name: str = "") -> WallScope:
    """The wall of that name, or the widest there is; Forbidden("wall.not_yours") when it is not the actor's."""
    mine = scopes(actor)
    found = next((one for one in mine if one.name == name or not name), None)
    if found is None:
        raise Forbidden("wall.not_yours", scope=name or "city")
    return found


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment. Inside a transaction that has begun, its own isolation holds."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def snapshot(actor: Actor, name: str = "") -> dict[str, Any]:
    """All that a wall shows, as of the dashboard's own place in the journal, and the heads of that place.

    Tiles and cases stand at the cursor of the reactions that keep them, so the feed continues exactly behind `heads`:
    nothing is missed and nothing counted twice, however far the reactions are behind the tables.
    """
    with one_moment():
        wall = scope(actor, name)
        place = journal.position(SUBSCRIBER)
        held = open_cases(wall)
        days = _days(wall)
        now = clock.now()
        figures = rules.figures(held, days.get(wall.name, {}), now)
        return {
            "epoch": journal.epoch(),
            "heads": journal.heads_at([wall.name], place),
            "scope": wall.name,
            "names": dict(wall.names),
            "server_time": now.isoformat(),
            "targets": TARGETS,
            "window_days": WINDOW_DAYS,
            "cases": held,
            "days": days,
            "kpis": {key: figures[key] for key in KPIS},
            **{key: figures[key] for key in ("sources", "hours", "late_hours", "stages", "levels", "trends")},
            "districts": _districts(wall, held, days, now),
            "cameras": _cameras(actor, wall),
            "categories": cases.category_names(),
            "organisations": {row.code: row.names for row in accounts.organisations()},
        }


KPIS = ("registered_today", "on_time", "half_hour", "open", "overdue", "rework", "waiting")


def open_cases(wall: WallScope) -> list[rules.Memory]:
    """The cases in mind that have not ended, by number."""
    rows = WallCase.objects.filter(open=True).order_by("number")
    if wall.district:
        rows = rows.filter(district=wall.district)
    return list(rows.values_list("data", flat=True))


def _days(wall: WallScope) -> dict[str, dict[str, dict[str, int]]]:
    """scope -> day -> measure -> count: of the wall's own scope, and of every district on the city's wall."""
    now = clock.now()
    rows = Tile.objects.filter(day__gte=rules.first_day(now)).exclude(value=0)
    rows = rows.exclude(day__lt=rules.first_day_by_hours(now), measure__regex=_BY_THE_HOUR)
    if wall.district:
        rows = rows.filter(scope=wall.name)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for tile in rows.order_by("scope", "day", "measure"):
        found.setdefault(tile.scope, {}).setdefault(tile.day.isoformat(), {})[tile.measure] = tile.value
    return found


def _districts(
    wall: WallScope, held: list[rules.Memory], days: Mapping[str, rules.Days], now: datetime
) -> list[dict[str, Any]]:
    shown = [region for region in grid.regions("district") if wall.district in ("", region.code)]
    found = []
    for region in shown:
        here = [case for case in held if case["district"] == region.code]
        row = rules.district_figures(here, days.get(f"d:{region.code}", {}), now)
        found.append({"code": region.code, "names": dict(region.names), **row})
    return found


def _cameras(actor: Actor, wall: WallScope) -> list[dict[str, Any]]:
    fields = ("code", "names", "lon", "lat", "heading", "state")
    views = [view for view in video.wall_cameras(actor) if under(view.area, wall.area)]
    return [{name: getattr(view, name) for name in fields} for view in views]


def bounds(wall: WallScope) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what the wall shows; None before a map is published."""
    found = grid.region(wall.district) if wall.district else grid.city()
    return found.bounds if found else None


def street_count(wall: WallScope) -> int:
    """How many streets lie on the wall."""
    return sum(under(street.path, wall.area) for street in grid.regions("street"))


def latest(wall: WallScope, limit: int = 8) -> list[dict[str, Any]]:
    """The last news of the wall's feed that it shows in words, newest first."""
    head = journal.heads([wall.name])[wall.name]
    entries = [entry.public() for entry in journal.entries_after(wall.name, max(0, head - 60), 60)]
    return [entry for entry in reversed(entries) if rules.is_news(entry["kind"])][:limit]


def alerts(held: list[rules.Memory]) -> list[dict[str, Any]]:
    """The cards of the rail, worst first, with their level."""
    now = clock.now()
    return [{**case, "level": rules.level_of(case, now)} for case in rules.rail_of(held, now)]
