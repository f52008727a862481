"""Questions about the versions of the map: which there are, what a draft holds, what is wrong with it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from shapely.geometry.base import BaseGeometry

from core.errors import Conflict, NotFound
from grid.contracts import CodePlan, Fix, Level
from grid.models import Cell, EditedCell, GridEdit, GridProblem, GridVersion, Region
from grid.rules.codes import is_cell_code
from grid.rules.findings import Finding, findings
from grid.rules.shapes import CellShape, RegionShape
from grid.selectors.code_plans import code_plan
from grid.selectors.places import in_force

MOST_CELLS = 3000
IMPORT = "import"
SHAPES = ("shape3857", "simple3857", "region__geom", "region__shape3857", "region__simple3857")

Box = tuple[float, float, float, float]


def versions() -> QuerySet[GridVersion]:
    """Every version, newest first, with how many regions and cells it has and what may be undone."""
    last = GridEdit.objects.filter(version=OuterRef("pk"), standing="done").order_by("-number").values("op")[:1]
    undone = GridEdit.objects.filter(version=OuterRef("pk"), standing="undone")
    return GridVersion.objects.order_by("-pk").annotate(
        region_count=_counted(Region),
        cell_count=_counted(Cell),
        last_op=Subquery(last),
        can_redo=Exists(undone),
        current=Exists(GridVersion.objects.filter(in_force(), pk=OuterRef("pk"))),
    )


def _counted(model: type[Region] | type[Cell]) -> Coalesce:
    rows = model.objects.filter(version=OuterRef("pk")).order_by().values("version").annotate(n=Count("pk"))
    return Coalesce(Subquery(rows.values("n")), 0)


def version_of(version: int) -> GridVersion:
    """One version with its counts; NotFound where there is none."""
    found = versions().filter(pk=version).first()
    if found is None:
        raise NotFound("grid.no_version", version=version)
    return found


def shape_of(geom: GEOSGeometry) -> BaseGeometry:
    """The same shape, to be reckoned with."""
    found: BaseGeometry = shapely.from_wkb(bytes(geom.wkb))
    return found


def _shapes(rows: QuerySet[Cell]) -> dict[str, CellShape]:
    found = rows.order_by("code").values_list("code", "geom", "land_use", "grade", "responsible")
    return {code: CellShape(code, shape_of(geom), use, grade, who) for code, geom, use, grade, who in found}


def cells_near(version: int, bounds: Box | None, margin: float) -> dict[str, CellShape]:
    """The cells of a version whose boxes touch a box."""
    if bounds is None:
        return {}
    west, south, east, north = bounds
    box = Polygon.from_bbox((west - margin, south - margin, east + margin, north + margin))
    return _shapes(Cell.objects.filter(version=version, geom__bboverlaps=box))


def cells_called(version: int, codes: Collection[str]) -> dict[str, CellShape]:
    """The cells of a version with these codes."""
    return _shapes(Cell.objects.filter(version=version, code__in=list(codes)))


def codes_within(version: int, region: str) -> list[str]:
    """The codes of the cells of a version in a region of any level, by code; none where there is no such region."""
    path = Region.objects.filter(version=version, code=region).values_list("path", flat=True).first()
    within = Q(area=path) | Q(area__startswith=f"{path}.")
    rows = Cell.objects.filter(within, version=version).order_by("code") if path else Cell.objects.none()
    return list(rows.values_list("code", flat=True))


def cells_of(version: int, communities: Collection[str]) -> dict[str, CellShape]:
    """The cells of a version in these communities."""
    return _shapes(Cell.objects.filter(version=version, region__code__in=list(communities)))


def outlines_of(version: int, communities: Collection[str]) -> dict[str, BaseGeometry]:
    """The outlines of these communities of a version."""
    rows = Region.objects.filter(
        version=version, code__in=list(communities), level=Level.COMMUNITY, geom__isnull=False
    ).values_list("code", "geom")
    return {code: shape_of(geom) for code, geom in rows if geom}


def free_codes(version: int, community: str, plan: CodePlan) -> Iterator[str]:
    """Codes for new cells of a community: never one that another cell ever had, as long as there are any."""
    used = set(Cell.objects.filter(code__startswith=community).values_list("code", flat=True))
    edited = EditedCell.objects.filter(edit__version=version, code__startswith=community)
    used |= set(edited.values_list("code", flat=True))
    highest = max((int(code[plan.community :]) for code in used if is_cell_code(code, plan)), default=0)
    for number in range(highest + 1, plan.most + 1):
        yield f"{community}{number:0{plan.sequence}d}"
    here = set(Cell.objects.filter(version=version, code__startswith=community).values_list("code", flat=True))
    for number in range(1, highest + 1):
        if f"{community}{number:0{plan.sequence}d}" not in here:
            yield f"{community}{number:0{plan.sequence}d}"
    raise Conflict("grid.community_full", code=community, most=plan.most)


def findings_of(version: int) -> list[Finding]:
    """Everything that is wrong with the ground of a version, judged now."""
    cells = {code: cell.geom for code, cell in _shapes(Cell.objects.filter(version=version)).items()}
    rows = Region.objects.filter(version=version).values_list("code", "level", "parent__code", "names", "geom")
    empty = shapely.MultiPolygon()
    regions = [
        RegionShape(code, level, parent or "", names, shape_of(geom) if geom else empty)
        for code, level, parent, names, geom in rows
    ]
    outlines = {one.code: one.geom for one in regions if one.level == Level.COMMUNITY and not one.geom.is_empty}
    found = findings(cells, regions, outlines, code_plan())
    return list({one.ident: one for one in found}.values())


def problems(version: int) -> list[Finding]:
    """The problems of a version: those kept since its last check, or judged now where it was never checked."""
    row = GridVersion.objects.filter(pk=version).values_list("problem_count", flat=True)
    if not row:
        raise NotFound("grid.no_version", version=version)
    if row[0] is None:
        return findings_of(version)
    return [_finding(kept) for kept in GridProblem.objects.filter(version=version).order_by("code", "ident")]


def finding(version: int, ident: str) -> Finding | None:
    """One problem of a version by its name; None where it is no more."""
    kept = GridProblem.objects.filter(version=version, ident=ident).first()
    if kept is not None:
        return _finding(kept)
    return next((one for one in problems(version) if one.ident == ident), None)


def _finding(kept: GridProblem) -> Finding:
    return Finding(
        kept.code, kept.params, kept.community, tuple(kept.cells), shape_of(kept.geom) if kept.geom else None,
        Fix(kept.fix) if kept.fix else None, kept.target,
    )  # fmt: skip


def cell_features(
    version: int, *, bounds: Box | None = None, community: str = "", codes: Iterable[str] | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """Cells of a version as GeoJSON features by code, 3,000 at most; and whether there are more."""
    rows = Cell.objects.filter(version=version).order_by("code").select_related("region")
    if bounds is not None:
        rows = rows.filter(geom__bboverlaps=Polygon.from_bbox(bounds))
    if community:
        rows = rows.filter(region__code=community)
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    found = list(rows.defer(*SHAPES)[: MOST_CELLS + 1])
    return [_cell_feature(row) for row in found[:MOST_CELLS]], len(found) > MOST_CELLS


def _cell_feature(row: Cell) -> dict[str, Any]:
    properties = {
        "code": row.code, "community": row.region.code, "area_m2": row.area_m2, "grade": row.grade,
        "land_use": row.land_use, "responsible": row.responsible,
    }  # fmt: skip
    return feature(row.code, row.geom, properties)


def feature(code: str, geom: GEOSGeometry | BaseGeometry | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature whose coordinates are exactly those that are stored."""
    shape = shape_of(geom) if isinstance(geom, GEOSGeometry) else geom
    drawn = shapely.geometry.mapping(shape) if shape is not None else None
    return {"type": "Feature", "id": code, "geometry": drawn, "properties": dict(properties)}


def region_features(version: int, level: str, bounds: Box | None = None) -> tuple[list[dict[str, Any]], bool]:
    """Regions of one level of a version as GeoJSON features by code, 3,000 at most; and whether there are more."""
    rows = Region.objects.filter(version=version, level=level).select_related("parent").order_by("code")
    if bounds is not None:
        rows = rows.filter(geom__bboverlaps=Polygon.from_bbox(bounds))
    found = list(rows.defer("shape3857", "simple3857", "parent__geom", "parent__simple3857")[: MOST_CELLS + 1])
    features = [
        feature(
            row.code,
            row.geom,
            {"code": row.code, "names": row.names, "level": row.level, "parent": row.parent.code if row.parent else ""},
        )
        for row in found[:MOST_CELLS]
    ]
    return features, len(found) > MOST_CELLS
