"""Bytes that claim to be a clip of film: judged by what is in them, in a child process that is bounded in all it does.

FFmpeg reads what strangers send, so it reads it apart: no secrets, no tables, so much time and memory and no more.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import DomainError, Invalid, TooLarge, Unsupported
from core.pictures import Picture, picture
from core.shots import Shot

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 100
JUDGE_S, AGAIN_S, COPY_S = 10, 5, 300
"""Of processor time; by the clock a child has twice as long."""
READER = Path(__file__).with_name("clip_reader.py")
BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
STILLS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
WEBM = b"\x1a\x45\xdf\xa3"
_PLACE = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")
_TOO_LARGE = frozenset({"clip.too_long", "clip.too_many_pixels"})


class ClipLimits(NamedTuple):
    """The longest, largest and finest clip that is taken."""

    seconds: int
    megabytes: int
    pixels: int


WIDEST = ClipLimits(600, MOST_MEGABYTES, 40_000_000)
"""What no city may go beyond; a clip that was taken is read again within it, whatever the city has said since."""


@dataclass(frozen=True)
class Clip:
    """A clip with its seal; as a picture it is its poster, a still of its first second."""

    picture: Picture
    shot: Shot
    seconds: float


class PublicClip(NamedTuple):
    """The copy for everybody who sees the case: H.264 in MP4, without sound and without a word of the original."""

    content: bytes
    sha256: str


def is_clip(content: bytes) -> bool:
    """Whether the bytes begin as a film does, whatever their name says: MP4, MOV, 3GP or WebM."""
    if content[:4] == WEBM:
        return True
    return content[4:8] in BOXES and content[8:12] not in STILLS


def clip(content: bytes, limits: ClipLimits) -> Clip:
    """What the bytes are; TooLarge, Unsupported or Invalid with a code where they are no clip that is taken."""
    if len(content) > limits.megabytes * MEGABYTE:
        raise TooLarge("clip.too_large", megabytes=limits.megabytes)
    kind = _kind(content)
    with _read("judge", content, limits, cpu=JUDGE_S, most=32 * MEGABYTE) as (found, folder):
        poster = picture((folder / "poster.jpg").read_bytes())
    kept = Picture(
        original=content,
        sha256=hashlib.sha256(content).hexdigest(),
        content_type=kind,
        width=int(found["width"]),
        height=int(found["height"]),
        public=poster.public,
        public_sha256=poster.public_sha256,
    )
    return Clip(kept, _shot(found["told"]), float(found["seconds"]))


def public_clip(content: bytes) -> PublicClip:
    """The copy of a clip that was taken; slow, so never while somebody waits. DomainError where it cannot be read."""
    with _read("copy", content, WIDEST, cpu=COPY_S, most=MOST_MEGABYTES * MEGABYTE) as (_found, folder):
        made = (folder / "public.mp4").read_bytes()
    return PublicClip(made, hashlib.sha256(made).hexdigest())


def told_by(content: bytes) -> Shot:
    """When and where a clip that was taken says that it was made."""
    with _read("tell", content, WIDEST, cpu=AGAIN_S, most=MEGABYTE) as (found, _folder):
        return _shot(found["told"])


def _kind(content: bytes) -> str:
    if content[:4] == WEBM:
        if b"webm" not in content[:64]:
            raise Unsupported("clip.unknown_kind")
        return "video/webm"
    brand = content[8:12] if content[4:8] == b"ftyp" else b"qt  "
    if brand[:3] in (b"3gp", b"3g2"):
        return "video/3gpp"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


@contextmanager
def _read(
    verb: str, content: bytes, limits: ClipLimits, *, cpu: int, most: int
) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """What the child found, and the folder with what it wrote, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="clip-") as name:
        folder = Path(name)
        (folder / "clip").write_bytes(content)
        bounds = json.dumps({**limits._asdict(), "cpu": cpu, "bytes": most})
        try:
            subprocess.run(
                [sys.executable, "-I", str(READER), verb, name, bounds],
                cwd=name, env={"LANG": "C.UTF-8", "TMPDIR": name}, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=cpu * 2, check=False,
            )  # fmt: skip
            found = json.loads((folder / "found.json").read_bytes())
        except (subprocess.TimeoutExpired, FileNotFoundError, ValueError) as error:
            raise Unsupported("clip.broken") from error
        if "fault" in found:
            raise _refusal(str(found["fault"]), found.get("params", {}))
        yield found, folder


def _refusal(code: str, params: Mapping[str, Any]) -> DomainError:
    if code in _TOO_LARGE:
        return TooLarge(code, **params)
    return Invalid(code) if code == "clip.no_picture" else Unsupported(code)


def _shot(told: Mapping[str, str]) -> Shot:
    place = told.get("com.apple.quicktime.location.iso6709") or told.get("location") or ""
    found = _PLACE.match(place)
    lat, lon = (float(found.group(1)), float(found.group(2))) if found else (0.0, 0.0)
    known = (lon, lat) != (0, 0) and abs(lat) <= 90 and abs(lon) <= 180
    moment = _moment(told.get("com.apple.quicktime.creationdate", "")) or _moment(told.get("creation_time", ""))
    return Shot(moment, lon if known else None, lat if known else None)


def _moment(text: str) -> datetime | None:
    """The moment that is told with its time zone; the zero of the format (1904, 1970) is none."""
    try:
        there = datetime.fromisoformat(text)
    except ValueError:
        return None
    return there.astimezone(UTC) if there.tzinfo and 1970 < there.year < 9999 else None
