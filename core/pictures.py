"""Bytes that claim to be a picture, judged by their content and drawn anew."""

import hashlib
import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PIL import Image, UnidentifiedImageError

from core.errors import Invalid, TooLarge, Unsupported

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
PUBLIC_EDGE = 2048
PREVIEW_EDGE = 320
ORIENTATION = 0x0112
LEAKS = (OSError, SyntaxError, ValueError, TypeError, EOFError, struct.error)
"""What Pillow's readers let through when bytes are damaged (found by fuzzing)."""
_TURNS: Mapping[Any, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True)
class Picture:
    """An original with its seal, and its public copy: JPEG, upright, without metadata, without a tail.

    `upload` names the upload that it came by, where it came ahead of the form.
    """

    original: bytes
    sha256: str
    content_type: str
    width: int
    height: int
    public: bytes
    public_sha256: str
    upload: UUID | None = None


def picture(content: bytes) -> Picture:
    """What the bytes are; TooLarge, Unsupported or Invalid with a code when they are not a picture we take."""
    if not content:
        raise Invalid("picture.empty_file")
    if len(content) > MAX_BYTES:
        raise TooLarge("picture.too_large", megabytes=MAX_BYTES // 1024 // 1024)
    kind, width, height = _measure(content)
    public = _public(content)
    return Picture(
        original=content,
        sha256=hashlib.sha256(content).hexdigest(),
        content_type=_TYPES[kind],
        width=width,
        height=height,
        public=public,
        public_sha256=hashlib.sha256(public).hexdigest(),
    )


def preview(content: bytes) -> bytes:
    """A small JPEG of a picture that nobody has taken in yet, for whoever chose it; the same refusals."""
    _measure(content)
    return _public(content, PREVIEW_EDGE)


def _measure(content: bytes) -> tuple[str, int, int]:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_TYPES)) as image:
            kind, (width, height) = str(image.format), image.size
    except (UnidentifiedImageError, OSError, SyntaxError, TypeError, struct.error) as error:
        raise Unsupported("picture.unknown_kind") from error
    except (ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge("picture.too_many_pixels", megapixels=MAX_PIXELS // 1_000_000) from error
    if width * height > MAX_PIXELS:
        raise TooLarge("picture.too_many_pixels", megapixels=MAX_PIXELS // 1_000_000)
    return kind, width, height


def _public(content: bytes, edge: int = PUBLIC_EDGE) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_TYPES)) as image:
            image.draft("RGB", (edge, edge))
            image.thumbnail((edge, edge))
            plain = _upright(_on_white(image), image)
    except LEAKS as error:
        raise Unsupported("picture.broken") from error
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def _upright(plain: Image.Image, original: Image.Image) -> Image.Image:
    turn = _TURNS.get(original.getexif().get(ORIENTATION))
    return plain if turn is None else plain.transpose(turn)


def _on_white(image: Image.Image) -> Image.Image:
    plain = Image.new("RGB", image.size, "white")
    if "A" in image.getbands() or "transparency" in image.info:
        solid = image.convert("RGBA")
        plain.paste(solid, mask=solid.getchannel("A"))
    else:
        plain.paste(image.convert("RGB"))
    return plain
