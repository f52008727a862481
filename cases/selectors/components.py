"""Which cases are about a component, and which classes of events a census of recurring events may count."""

from collections.abc import Mapping, Sequence

from assets.contracts import About, AssetView
from cases.contracts import ENDS
from cases.models import Case, words
from cases.selectors.catalogue import categories
from cases.selectors.finding import box_around, visible_to
from core.geo import haversine_m
from core.languages import pick
from core.scope import Actor

NAMED_WITHIN_M = 100.0
SAME_CLASS_WITHIN_M = 15.0
MOST = 30


def about_component(view: AssetView, class_code: str, actor: Actor) -> Sequence[About]:
    """Cases that name the component, and those of its class where it stands; open ones first, then the newest."""
    near = visible_to(actor).filter(point__within=box_around(view.lon, view.lat, NAMED_WITHIN_M))
    rows = near.select_related("category").order_by("-pk")[: MOST * 10]
    found = [_told(row) for row in rows if _is_about(row, view, class_code)]
    return sorted(found, key=lambda one: one.over)[:MOST]


def _is_about(row: Case, view: AssetView, class_code: str) -> bool:
    if row.attributes.get("component"):
        return bool(row.attributes["component"] == view.code)
    if row.category_code != f"C{class_code}" or row.lon is None or row.lat is None:
        return False
    return haversine_m(row.lon, row.lat, view.lon, view.lat) <= SAME_CLASS_WITHIN_M


def _told(row: Case) -> About:
    title = pick(row.category.names) if row.category else row.description[:40]
    stage = str(words.STAGE_NAMES.get(row.stage, row.stage))
    return About(f"{title} {row.number}", f"/cases/{row.number}/", stage, row.reported_at, row.stage in ENDS)


def event_class_names() -> Mapping[str, Mapping[str, str]]:
    """The names of the classes of events in force, by code."""
    return {row.code: row.names for row in categories() if row.kind == "event"}
