"""What the seeded city has none of, and whole families of operations are about: one of each, made through the doors."""

from typing import Any

from accounts import actions as accounts
from accounts import selectors as people
from assets import actions as assets
from assets import selectors as components
from cases import actions as cases
from core.scope import machine, under
from exchange import actions as exchange
from exchange.rules.sendings import offered_kinds
from grid import selectors as grid
from video import actions as video
from video.contracts import NewCamera

SETUP = machine("prove", "admin", "component.edit")
NETWORK = "127.0.0.0/8"


def furnish(names: list[str]) -> None:
    """A camera, a text, an endpoint with something sent there, a crew and a census; a saved filter for each person."""
    district = grid.regions(level="district")[0]
    west, south, east, north = grid.bounds() or (0.0, 0.0, 1.0, 1.0)
    video.allow_source(scheme="rtsp", network=NETWORK, note="prove", actor=SETUP)
    words = {"zh": "摄像机", "en": "Camera"}
    for code in ("prove-cam-1", "prove-cam-2"):
        wish = NewCamera(code, words, f"rtsp://127.0.0.1/{code}", (west + east) / 2, (south + north) / 2)
        video.create_camera(wish, actor=SETUP)
    for verb in ("accept", "register", "dispatch"):
        cases.save_text(actor=SETUP, verb=verb, zh="请及时处理", en="Please act in time")
    hook, kinds = {"url": "https://hooks.example.org/in"}, list(offered_kinds()[:3])
    given: dict[str, Any] = {"name": "Prove", "settings": hook, "kinds": kinds}
    row = exchange.make_endpoint("webhook", actor=SETUP, **given).row
    for _one in range(3):
        exchange.ping_endpoint(row.uid, actor=SETUP)
    _crew(district.path)
    _censuses(district.path, people.actor_named(next(name for name in names if "collector" in name)).user_id)
    for name in names:
        cases.save_filter(actor=people.actor_named(name), name="在办", options={"queue": "open"})


def _censuses(area: str, surveyor: int | None) -> None:
    """One that runs, its streets given to somebody, and one that is planned."""
    types = [code for code, _names, _shown in components.types_standing()][:1]
    inside = [one.code for one in grid.regions(level="street") if under(one.path, area)]
    streets = [{"code": code, "surveyor": surveyor} for code in inside]
    for title, given in (("普查一", streets), ("普查二", [])):
        census = assets.plan_census(actor=SETUP, title=title, area=area, types=types, streets=given)
        if given:
            assets.start_census(census.pk, actor=SETUP)


def _crew(area: str) -> None:
    office = next(one.code for one in people.organisations("department") if one.area.startswith(area))
    accounts.create_crew(organisation=office, code="prove-crew", names={"zh": "一班", "en": "Crew"}, actor=SETUP)
