"""Evidence pictures: blurring, notes drawn into them, and keeping them under the name of their hash."""

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from PIL import Image, ImageDraw

from core.errors import NotFound
from core.fonts import font
from video.contracts import Box, Detection, Polygon

QUALITY = 85
BLOCKS = 9
ZONE_COLOUR, BOX_COLOUR, PAPER, INK = (255, 196, 0), (255, 64, 48), (16, 22, 30), (240, 244, 248)
PEOPLE = frozenset({"person"})
PLATED = frozenset({"car", "truck", "bus", "motorcycle"})


@dataclass(frozen=True)
class Notes:
    """What is drawn into a picture: the zone, the thing's box, and lines of text below."""

    zone: Polygon = ()
    box: Box | None = None
    lines: tuple[str, ...] = ()


def jpeg(picture: np.ndarray | Image.Image) -> bytes:
    """The picture as JPEG, without any metadata."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def grey_of(content: bytes, width: int, height: int) -> np.ndarray | None:
    """A small grey picture from its bytes; None where they are not so many."""
    if len(content) != width * height:
        return None
    return np.frombuffer(content, np.uint8).reshape(height, width)


def private_parts(found: Iterable[Detection]) -> list[Box]:
    """Where faces and plates may be: people whole, and of vehicles the lower middle, whatever the detector's score."""
    parts: list[Box] = []
    for one in found:
        left, top, right, bottom = one.box
        wide, high = right - left, bottom - top
        if one.label in PEOPLE:
            parts.append(one.box)
        elif one.label in PLATED:
            parts.append((left + 0.1 * wide, top + 0.45 * high, right - 0.1 * wide, bottom))
    return parts


def _pixelate(image: Image.Image, box: Box) -> None:
    width, height = image.size
    left, top = max(0, int(box[0] * width)), max(0, int(box[1] * height))
    right, bottom = min(width, int(box[2] * width) + 1), min(height, int(box[3] * height) + 1)
    if right - left < 2 or bottom - top < 2:
        return
    part = image.crop((left, top, right, bottom))
    coarse = part.resize((min(BLOCKS, right - left), min(BLOCKS, bottom - top)), Image.Resampling.BOX)
    image.paste(coarse.resize(part.size, Image.Resampling.NEAREST), (left, top))


def _points(polygon: Sequence[Sequence[float]], size: tuple[int, int]) -> list[tuple[float, float]]:
    return [(x * size[0], y * size[1]) for x, y in polygon]


def noted(image: Image.Image, notes: Notes) -> Image.Image:
    """A copy with the zone, the box and, on a strip below the picture, the text."""
    width, height = image.size
    size = max(13, round(height / 26))
    strip = round(len(notes.lines) * size * 1.4 + size * 0.6) if notes.lines else 0
    sheet = Image.new("RGB", (width, height + strip), PAPER)
    sheet.paste(image, (0, 0))
    draw = ImageDraw.Draw(sheet)
    thick = max(2, round(height / 240))
    if notes.zone:
        corners = _points(notes.zone, image.size)
        draw.line([*corners, corners[0]], fill=ZONE_COLOUR, width=thick, joint="curve")
    if notes.box is not None:
        (left, top), (right, bottom) = _points((notes.box[:2], notes.box[2:]), image.size)
        draw.rectangle((left, top, right, bottom), outline=BOX_COLOUR, width=thick)
    for index, line in enumerate(notes.lines):
        draw.text((size * 0.6, height + size * (0.3 + 1.4 * index)), line, font=font(size), fill=INK)
    return sheet


def public_copy(raw: bytes, found: Iterable[Detection], notes: Notes) -> bytes:
    """The picture for everybody who may see the camera: people and plates blurred, with its notes."""
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    for part in private_parts(found):
        _pixelate(image, part)
    return jpeg(noted(image, notes))


def place(sha256: str) -> Path:
    """Where the picture of that hash lies, below MEDIA_ROOT."""
    return Path("video") / sha256[:2] / f"{sha256}.jpg"


def _path(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / place(sha256)


def keep(content: bytes) -> str:
    """The picture lies on disk under the hash that is returned; half a file is never seen."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{id(content):x}.part")
        part.write_bytes(content)
        part.rename(path)
    return sha256


def fetch(sha256: str) -> bytes:
    """The picture again; NotFound `video.picture_gone` where it is not, or is not what it was."""
    try:
        content = _path(sha256).read_bytes()
    except OSError as error:
        raise NotFound("video.picture_gone") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotFound("video.picture_gone")
    return content


def drop(sha256: str) -> None:
    """The file is gone."""
    _path(sha256).unlink(missing_ok=True)
