"""Which cases are about a component, which are merely near it, and which classes of events a census may count."""

import json
from collections.abc import Mapping, Sequence

from django.contrib.gis.db.models import PointField
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.contrib.gis.measure import D
from django.db.models import QuerySet
from django.db.models.functions import Cast

from assets.contracts import About, AssetView
from cases import rules
from cases.contracts import ENDS, Source
from cases.models import Case, words
from cases.selectors.catalogue import categories
from cases.selectors.finding import box_around, is_number, visible_to
from core.languages import pick
from core.scope import Actor
from registers.contracts import Found

NEAR_M = 30.0
MOST = 30


def about_component(view: AssetView, class_code: str, actor: Actor) -> Sequence[About]:
    """Cases that were reported about this component, by its code; open ones first, then the newest."""
    return _listed(visible_to(actor).filter(component=view.code))


def near_component(view: AssetView, class_code: str, actor: Actor) -> Sequence[About]:
    """Cases within 30 m that name no component, with their distance; that they have to do with it, nobody has said."""
    shape = GEOSGeometry(json.dumps(view.geometry), srid=4326)
    metres = Distance(Cast("point", PointField(srid=4326, geography=True)), shape)
    near = visible_to(actor).filter(component="", point__within=_around(shape)).annotate(metres=metres)
    return _listed(near.filter(metres__lte=D(m=NEAR_M)))


def _around(shape: GEOSGeometry) -> Polygon:
    """A box that holds everything so near to a shape."""
    west, south, east, north = shape.extent
    corners = [box_around(lon, lat, NEAR_M) for lon, lat in ((west, south), (east, north))]
    box = Polygon.from_bbox((*corners[0].extent[:2], *corners[1].extent[2:]))
    box.srid = 4326
    return box


def _listed(rows: QuerySet[Case]) -> list[About]:
    found = [_told(row) for row in rows.select_related("category").order_by("-pk")[: MOST * 10]]
    return sorted(found, key=lambda one: one.over)[:MOST]


def _told(row: Case) -> About:
    title = pick(row.category.names) if row.category else row.description[:40]
    stage = str(words.STAGE_NAMES.get(row.stage, row.stage))
    metres = getattr(row, "metres", None)
    return About(
        f"{title} {row.number}", f"/cases/{row.number}/", stage, row.reported_at, row.stage in ENDS,
        metres.m if metres is not None else None,
    )  # fmt: skip


def found_cases(numbers: Sequence[str], actor: Actor) -> Sequence[Found]:
    """Those of these cases that the actor may see, as lines with a link, in the order asked for."""
    known = [number for number in numbers if is_number(number)]
    rows = {row.number: row for row in visible_to(actor).filter(number__in=known)}
    told = [(number, _told(rows[number])) for number in known if number in rows]
    return [Found(number, one.label, one.href, one.note) for number, one in told]


def report_address(view: AssetView, actor: Actor) -> str:
    """Where the actor reports a case about the component; "" for who may report nothing."""
    person = actor.user_id is not None
    rights = {right for source in Source for right in rules.reporting_rights(source, person)}
    return f"/cases/new/?component={view.code}" if any(actor.holds(right) for right in rights) else ""


def event_class_names() -> Mapping[str, Mapping[str, str]]:
    """The names of the classes of events in force, by code."""
    return {row.code: row.names for row in categories() if row.kind == "event"}
