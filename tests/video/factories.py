"""A town with one camera, and the people who may see it."""

from typing import Any

from accounts.actions import create_user, grant, upsert_role
from accounts.models import User
from cases.actions import save_categories
from core.scope import Actor, machine
from tests.cases.factories import CITY, HERE, SETUP, THERE, category, names, point
from tests.video.painted import ZONE
from video import actions
from video.contracts import CameraView
from video.rules.wishes import new_camera

ADMIN: Actor = machine("admin", "admin", "camera.see", "person.see", "accept")
ADDRESS = "rtsp://operator:Geheim-7@127.0.0.1:8554/corner"
PASSWORD = "a town of tests 7"


def zones(dwell: float = 8, **rule: Any) -> list[dict[str, Any]]:
    """One no-parking zone with one automatic rule."""
    at_work = {"template": "vehicle-no-parking", "dwell_seconds": dwell, "mode": "automatic", **rule}
    return [{"code": "kerb", "names": names("路侧", "Kerb"), "polygon": [list(p) for p in ZONE], "rules": [at_work]}]


def template(code: str, **thresholds: float) -> dict[str, Any]:
    """A kind of rule with thresholds of its own."""
    return {
        "code": code,
        "names": names("违停", "No parking"),
        "labels": ["car"],
        "dwell_seconds": 60,
        "category": "E0407",
        "mode": "automatic",
        "thresholds": thresholds,
    }


def wish(code: str = "corner", **changes: Any) -> dict[str, Any]:
    """A camera as POST /api/cameras takes it: a no-parking zone with a limit of eight seconds."""
    lon, lat = point(HERE)
    given = {
        "code": code,
        "names": names("石炮街口", "Shipao corner"),
        "url": ADDRESS,
        "lon": lon,
        "lat": lat,
        "heading": 90,
        "zones": zones(),
    }
    return {**given, **changes}


def ready() -> None:
    """Streams of this machine are allowed, and the rule has its template."""
    actions.seed_demo([], actor=ADMIN)
    kept = {**template("vehicle-no-parking"), "names": names("机动车违停", "Motor vehicle parked where it must not")}
    actions.upsert_template(kept, actor=ADMIN)


def put_up(code: str = "corner", **changes: Any) -> CameraView:
    """The camera exists, with everything it needs to be watched."""
    ready()
    return actions.create_camera(new_camera(wish(code, **changes)), actor=ADMIN)


def classes(auto: bool = False) -> None:
    """The classes that the rules name are in force."""
    rows = [
        category("E0407", auto_register=auto),
        category("E0410", names=names("非机动车乱停放", "Bicycle mis-parking")),
    ]
    save_categories(rows, pack="video-tests")


def person(name: str, *rights: str, area: str = CITY, org: str = "") -> User:
    """Somebody with these rights on this ground."""
    upsert_role(code=name, names=names(name, name), permissions=rights, actor=SETUP)
    user = create_user(username=name, password=PASSWORD, label=name, organisation="centre", actor=SETUP)
    grant(user=user, role=name, org=org, area=area, actor=SETUP)
    return user


OTHER_DISTRICT = f"{CITY}.{THERE}"
