"""Files as cities send them, and an import brought as far as a test needs it."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapefile
from openpyxl import Workbook

from core.scope import Actor, machine
from exchange import actions, selectors
from exchange.models import ImportJob

ADMIN: Actor = machine("test", "admin")
DATA = Path(__file__).parents[3] / "shared" / "data"
DIVISIONS = DATA / "divisions" / "divisions_2021_city_district_street_community.csv"
BOUNDARIES = DATA / "boundaries" / "shenzhen_districts.geojson"
TREES = DATA / "assets" / "perth_trees_in_the_city.csv.gz"
TREE = """code,name,parent_code,level
440300000000,深圳市,440000000000,city
440304000000,福田区,440300000000,district
440304001000,园岭街道,440304000000,street
440304001001,园岭社区居民委员会,440304001000,community
"""
CGCS2000_ZONE_38 = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def collection(*features: Mapping[str, Any], **more: Any) -> bytes:
    """A GeoJSON file of these features."""
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)}, ensure_ascii=False).encode()


def polygon(ring: Sequence[Sequence[float]], **properties: Any) -> dict[str, Any]:
    """A feature with one ring."""
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [list(ring)]}}


def square(west: float, south: float, side: float = 0.001) -> list[list[float]]:
    """A closed ring."""
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def workbook(*rows: Sequence[Any]) -> bytes:
    """An XLSX file of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def zipped_shapefile(
    rows: Sequence[tuple[Mapping[str, str], Any]], *, encoding: str = "gbk", cpg: str = "", prj: str = ""
) -> bytes:
    """A zip of a shapefile; with `cpg` it says its encoding, with `prj` its plane."""
    parts = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, encoding=encoding) as writer:
        for name in rows[0][0]:
            writer.field(name, "C", size=60)
        for values, shape in rows:
            writer.shape(shape)
            writer.record(**values)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(f"数据/districts.{name}", part.getvalue())
        if cpg:
            archive.writestr("数据/districts.cpg", cpg)
        if prj:
            archive.writestr("数据/districts.prj", prj)
    return held.getvalue()


def uploaded(
    content: bytes | str | Path, name: str = "file.csv", *, kind: str = "divisions", **given: Any
) -> ImportJob:
    """The file is in, its columns guessed."""
    content = content.read_bytes() if isinstance(content, Path) else content
    return actions.upload(
        name, [content.encode() if isinstance(content, str) else content], kind=kind, actor=ADMIN, **given
    )


def checked(content: bytes | str | Path, name: str = "file.csv", *, kind: str = "divisions", **given: Any) -> ImportJob:
    """The file was checked; `mapping`, `options`, `attributes` as a person would set them."""
    job = uploaded(content, name, kind=kind)
    mapping = job.mapping | given.pop("mapping", {})
    actions.map_columns(str(job.uid), actor=ADMIN, mapping=mapping, **given)
    actions.work(str(job.uid))
    return selectors.job(str(job.uid), ADMIN)


def imported(
    content: bytes | str | Path, name: str = "file.csv", *, kind: str = "divisions", **given: Any
) -> ImportJob:
    """The file was taken over."""
    job = checked(content, name, kind=kind, **given)
    return run(job)


def run(job: ImportJob) -> ImportJob:
    """A checked import was confirmed and done."""
    actions.confirm(str(job.uid), actor=ADMIN, accept_suspicions=True)
    actions.work(str(job.uid))
    return selectors.job(str(job.uid), ADMIN)


def codes(job: ImportJob) -> list[tuple[int, str]]:
    """Row and code of every fault of a check."""
    return [(fault["row"], fault["code"]) for fault in job.report["faults"]]


def suspicions(job: ImportJob) -> dict[str, bool]:
    """Each suspicion, and whether it is grave."""
    return {one["code"]: one["grave"] for one in job.report["suspicions"]}
