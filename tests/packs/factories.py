"""Libraries of packs on disk, and a small city in which the examples of the real packs are played."""

import shutil
from pathlib import Path
from typing import Any

from shapely.geometry import box, mapping

from accounts import actions as accounts
from core.scope import machine
from grid.actions import import_grid
from packs.adapters.library import ROOT as LIBRARY

ROOT = machine("test:packs", "admin")
CITY = "449900"
DISTRICTS = ("449901", "449902", "449903")
DUTIES = ("appearance", "sanitation", "landscaping", "municipal")
WEST, SOUTH, SIDE = 116.7, 23.36, 0.002


def copied(folder: Path) -> Path:
    """A copy of the real library that a test may spoil."""
    return Path(shutil.copytree(LIBRARY, folder / "library"))


def written(folder: Path, code: str, manifest: str, **files: str) -> Path:
    """A library of one more pack, with the text as its pack.yaml."""
    root = folder / "library"
    home = root / code
    home.mkdir(parents=True, exist_ok=True)
    owners = root / "owners.yaml"
    owners.write_text("- {code: platform, names: {zh: 平台, en: Platform}}\n", "utf-8")
    (home / "pack.yaml").write_text(manifest, "utf-8")
    quality = "".join(f"{name}: done\n" for name in QUALITY)
    for name, text in {"quality.yaml": quality, "examples.yaml": "- {name: an example}\n", **files}.items():
        (home / name).write_text(text, "utf-8")
    return root


QUALITY = ("both_languages", "limits_from_source", "examples_cover_duties", "reviewed_by_owner", "screens_checked")


def names(code: str) -> dict[str, str]:
    """A name in both languages."""
    return {"zh": f"名称{code}", "en": f"Name {code}"}


def build_city() -> None:
    """Three districts side by side, each of one cell, with a centre and a department for each duty."""
    import_grid(drawing(), actor=ROOT)
    rows: list[tuple[str, str, str, str, str, tuple[str, ...]]] = [("centre", "centre", "city", "", CITY, ())]
    for district in DISTRICTS:
        area = f"{CITY}.{district}"
        rows.append((f"d{district}", "district_centre", "district", "centre", area, ()))
        rows += [(f"{duty}-{district}", "department", "district", f"d{district}", area, (duty,)) for duty in DUTIES]
    for code, kind, level, parent, area, duties in rows:
        accounts.create_organisation(
            code=code, names=names(code), kind=kind, level=level, parent=parent, area=area, duties=duties, actor=ROOT
        )
    accounts.seed_people(actor=ROOT)


def point(district: str) -> tuple[float, float]:
    """The middle of a district."""
    return WEST + (DISTRICTS.index(district) + 0.5) * SIDE, SOUTH + SIDE / 2


def drawing() -> dict[str, Any]:
    """The map of that city."""
    whole = box(WEST, SOUTH, WEST + SIDE * len(DISTRICTS), SOUTH + SIDE)
    regions = [_feature(whole, code=CITY, level="city", parent="", names=names(CITY))]
    cells = []
    for index, district in enumerate(DISTRICTS):
        shape = box(WEST + index * SIDE, SOUTH, WEST + (index + 1) * SIDE, SOUTH + SIDE)
        street, community = f"{district}001", f"{district}001001"
        parents = ((district, "district", CITY), (street, "street", district), (community, "community", street))
        regions += [_feature(shape, code=c, level=level, parent=p, names=names(c)) for c, level, p in parents]
        cells.append(_feature(shape, code=f"{community}001", land_use="street", grade=2))
    return {
        "regions": {"type": "FeatureCollection", "features": regions},
        "cells": {"type": "FeatureCollection", "features": cells},
    }


def _feature(shape: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties}
