"""What of video can be found: cameras by code and name."""

from urllib.parse import urlencode

from core.finding import COUNTED, Finder, Hit, Hits, register_finder
from core.languages import pick
from core.scope import Actor
from video import selectors
from video.models import Camera


def _camera(row: Camera, asked: str) -> Hit:
    href = f"/video/incidents/?{urlencode({'camera': row.code})}"
    return Hit(f"{pick(row.names)} {row.code}".strip(), href, exact=row.code == asked)


def _cameras(asked: str, most: int, actor: Actor) -> Hits:
    found = list(selectors.cameras_found(asked, actor)[: COUNTED + 1])
    return Hits([_camera(row, asked) for row in found[:most]], len(found))


register_finder(Finder("cameras", {"zh": "摄像机", "en": "Cameras"}, lambda actor: actor.holds("camera.see"), _cameras))
