"""The ground of the demo: packs, map, components, organisations, people and cameras, each through its own verb."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts import actions as accounts
from accounts import selectors as people
from accounts.models import Organisation, User
from assets import actions as assets
from assets import selectors as components
from core import clock
from core.scope import Actor, machine
from grid import actions as grid
from grid import selectors as places
from simulator import city as generator
from simulator import seed
from simulator.scenes.demo import CAMERAS
from simulator.scenes.film import is_made, recipe
from video import actions as video

RULES: Mapping[str, dict[str, Any]] = {
    "car": {"template": "vehicle-no-parking", "dwell_seconds": 120, "mode": "automatic"},
    "bicycle": {"template": "bicycle-no-parking", "dwell_seconds": 150, "mode": "automatic"},
}
SEEDER: Actor = machine("demo", "admin", "case.see", label="Demo")


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is that moment."""
    clock.set_source(lambda: moment)
    try:
        yield
    finally:
        clock.set_source(None)


def folder() -> Path:
    """Where the demo keeps its files."""
    found = Path(settings.DATA_DIR) / "demo"
    found.mkdir(parents=True, exist_ok=True)
    return found


def draw_map(number: int, cells: int) -> str:
    """The generated map is in force; says what was done."""
    if places.map_version():
        return f"the map is in force already: {places.cell_count()} cells"
    city = generator.build(number, cells)
    generator.write_map(city, folder() / "city")
    report = grid.import_grid(folder() / "city", actor=SEEDER, note=f"demo, seed {number}")
    return f"{report.regions} regions, {report.cells} cells, {report.base_features} roads, parks and waters"


def set_components(number: int, cells: int, total: int) -> str:
    """The generated components stand in their cells; says how many."""
    source = f"demo-{number}-{cells}-{total}"
    if components.layer_version():
        return "the components are there already"
    report = assets.import_assets(generator.build(number, cells).assets(total), actor=SEEDER, source=source)
    refused = f", {len(report.refused)} refused" if report.refused else ""
    return f"{report.created} components{refused}"


def found_offices() -> str:
    """The city's organisations exist; says how many are new."""
    known = set(Organisation.objects.values_list("code", flat=True))
    new = [office for office in _offices() if office.code not in known]
    for office in new:
        accounts.create_organisation(
            code=office.code,
            names=office.names,
            kind=office.kind,
            level=office.level,
            parent=office.parent,
            area=office.area,
            duties=office.duties,
            actor=SEEDER,
        )
    return f"{len(new)} new organisations"


def _offices() -> list[seed.Office]:
    views = [view for level in ("city", "district", "street") for view in places.regions(level)]
    return seed.offices([(view.code, str(view.level), view.path, view.names) for view in views])


def hire() -> str:
    """The people one signs in as, and those who work beside them, exist, each in a post; says how many."""
    named = accounts.seed_people(actor=SEEDER)
    known = set(User.objects.values_list("username", flat=True))
    new = [member for member in seed.crew(_offices()) if member.username not in known]
    for member in new:
        _employ(member)
    return f"{len(named)} people to sign in as, {len(new)} new at work beside them"


def _employ(member: seed.Crew) -> None:
    """Nobody signs in as a colleague, so they have no password (and none is hashed, a quarter of a second each)."""
    office = people.organisation(member.organisation)
    user = accounts.create_user(
        username=member.username,
        label=member.label,
        organisation=office.code,
        actor=SEEDER,
    )
    org = office.path if member.over == "org" else ""
    area = "" if member.over == "org" else office.area
    accounts.take_post(user, member.role, office, org=org, area=area, actor=SEEDER)


def films_are_there(many: int) -> bool:
    """Whether these and no other cameras are described, and the film of each was rendered by the present renderer."""
    wanted, described = CAMERAS[:many], folder() / "cameras.json"
    if not described.exists():
        return False
    names = [camera["name"] for camera in json.loads(described.read_text(encoding="utf-8"))["cameras"]]
    films = [(folder() / f"{c.film}.h264", recipe(c.scene, c.seed, c.light)) for c in wanted]
    return names == [c.name for c in wanted] and all(is_made(file, made_of) for file, made_of in films)


def put_up_cameras(number: int, cells: int, port: int) -> str:
    """The cameras that the stream server shows are watched, each at a corner of its district; says how many.

    The server's description (`cameras.json`, written with the films) is the only list of them.
    """
    served = json.loads((folder() / "cameras.json").read_text(encoding="utf-8"))["cameras"]
    corners = {
        district: cycle(_corners(district, len(served), number, cells))
        for district in {camera["district"] for camera in served}
    }
    wishes = [camera_wish(camera, next(corners[camera["district"]]), port) for camera in served]
    added = video.seed_demo(wishes, actor=SEEDER)
    return f"{len(wishes)} cameras, {added} new"


def _corners(district: str, count: int, number: int, cells: int) -> list[generator.Corner]:
    """Corners of the district, or of the city where it is too small to have one; cameras may have to share."""
    found = generator.street_corners(district, count, seed=number, cells=cells)
    return found or generator.street_corners("", count, seed=number, cells=cells)


def camera_wish(served: Mapping[str, Any], corner: generator.Corner, port: int) -> dict[str, Any]:
    """A camera as `POST /api/cameras` takes it, with the zone that its scene shows."""
    rule = RULES.get(served["violation"], RULES["car"])
    wish: dict[str, Any] = {
        "code": served["name"],
        "names": served["names"],
        "url": f"rtsp://127.0.0.1:{port}/{served['name']}",
        "lon": corner.lon,
        "lat": corner.lat,
    }
    if served["zone"]:
        names = {"zh": "禁停区", "en": "No-parking zone"}
        wish["zones"] = [{"code": "no-parking", "names": names, "polygon": served["zone"], "rules": [rule]}]
    return wish
