"""Examples of registers, played through the doors: what is entered before, the steps, what the clock does meanwhile."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import cos, radians
from typing import Any

from assets import actions as components
from assets import selectors as assets
from core import clock
from core.errors import Conflict
from journal.models import Entry
from registers import actions, selectors
from registers.contracts import RecordView
from registers.models import Record
from tests.packs.factories import ROOT, point

RECORD_WORDS = {"register", "attributes", "links", "before", "steps", "around", "along", "asset"}
METRE = 1 / 111_195


def tried(given: Mapping[str, Any]) -> dict[str, Any]:
    """The states that the record goes through, the classes of the cases it calls for, and its flags."""
    now = datetime.fromisoformat(given["at"]).astimezone(UTC)
    clock.set_source(lambda: now)
    seen = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    numbers: dict[str, str] = {}
    for one in given.get("before", ()):
        view = entered(one, given["district"], numbers)
        numbers[one["as"]] = view.number
        for step in one.get("steps", ()):
            view = taken(view, step, given["district"])
    view = entered(given, given["district"], numbers)
    states = []
    for step in given["steps"]:
        if step.get("after"):
            later = now + timedelta(days=step["after"])
            now = later
            clock.set_source(lambda later=later: later)
            while actions.sweep():
                pass
        view = taken(now_of(view), step, given["district"]) if step.get("step") else now_of(view)
        states.append(view.state)
    raised = [one.category for entry in Entry.objects.filter(pk__gt=seen, subject=view.number) for one in called(entry)]
    return {"states": states, "raised": raised, "flags": list(view.flags)}


def called(entry: Entry) -> list[Any]:
    return selectors.raised_by(entry) if entry.kind in selectors.NEWS else []


def now_of(view: RecordView) -> RecordView:
    row = Record.objects.select_related("written_under").get(register__code=view.register, number=view.number)
    _version, declared = selectors.known(view.register, ROOT)
    return selectors.view_of(row, selectors.obeyed(row.written_under, declared))


def entered(one: Mapping[str, Any], district: str, numbers: Mapping[str, str]) -> RecordView:
    """The record that an example gives, in the middle of its district or around it, or about what stands there."""
    _version, declared = selectors.known(one["register"], ROOT)
    lon, lat = point(district)
    place: Any = (lon, lat) if selectors.needs_place(declared) else None
    if one.get("around"):
        up, aside = one["around"] * METRE, one["around"] * METRE / cos(radians(lat))
        ring = [[lon - aside, lat - up], [lon + aside, lat - up], [lon + aside, lat + up], [lon - aside, lat + up]]
        place = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    if one.get("along"):
        aside = one["along"] * METRE / cos(radians(lat))
        place = {"type": "LineString", "coordinates": [[lon - aside, lat], [lon + aside, lat]]}
    links = {code: numbers[name] for code, name in one.get("links", {}).items()}
    asset = component(one["asset"], lon, lat) if one.get("asset") else ""
    given = one["attributes"]
    return actions.enter(
        one["register"], actor=ROOT, given=given, place=None if asset else place, asset=asset, links=links
    )


def component(of_type: str, lon: float, lat: float) -> str:
    """A component of that type in the middle of the district, by its code."""
    ends = [[lon - 10 * METRE, lat], [lon + 10 * METRE, lat]]
    ring = [*ends, [lon, lat + 10 * METRE], ends[0]]
    shapes = {
        "point": {"type": "Point", "coordinates": [lon, lat]},
        "line": {"type": "LineString", "coordinates": ends},
        "area": {"type": "Polygon", "coordinates": [ring]},
    }
    geometry = shapes[str(assets.type_rows()[of_type]["geometry"])]
    placed = components.create(
        actor=ROOT, of_type=of_type, given={"geometry": geometry, "state": "intact"}, reason="example", another=True
    )
    return placed.code


def taken(view: RecordView, step: Mapping[str, Any], district: str) -> RecordView:
    """The step of an example, `away` so many metres east of the middle; `refused` names the check that says no."""
    lon, lat = point(district)
    place = (lon + step.get("away", 0) * METRE / cos(radians(lat)), lat)
    given = {"given": step.get("given"), "place": place, "reason": step.get("reason", "")}
    try:
        done = actions.take_step(view.register, view.number, step["step"], actor=ROOT, version=view.version, **given)
    except Conflict as no:
        if no.params.get("check") != step.get("refused"):
            raise
        return view
    assert "refused" not in step, f"{step['step']} was taken"
    return done
