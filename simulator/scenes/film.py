"""Films of scenes, made to be spliced: each part is coded alone, a keyframe every second; any may follow any.

A film is two files: `<name>.h264` (an Annex B stream, part after part) and `<name>.json` (where each access unit
lies, which parts there are, where a loop may be left, the zone, the truth of every frame).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import av
import cv2
import numpy as np

from simulator.scenes.picture import Label
from simulator.scenes.scripts import FPS, IDLE_S, Scene

FORMAT = 1
VEHICLES = 20


@dataclass
class Coder:
    """Codes pictures into access units that stand alone from each keyframe on."""

    width: int
    height: int
    fps: int
    crf: int = 23
    units: list[list[int]] = field(default_factory=list)
    stream: bytearray = field(default_factory=bytearray)

    def part(self, frames: Iterator[np.ndarray]) -> tuple[int, int]:
        """Code the frames of one part; gives the number of its first unit and how many there are."""
        first = len(self.units)
        codec = av.CodecContext.create("libx264", "w")
        codec.width, codec.height, codec.pix_fmt = self.width, self.height, "yuv420p"
        codec.framerate, codec.thread_count = Fraction(self.fps), 1
        codec.options = {
            "preset": "veryfast",
            "tune": "zerolatency",
            "profile": "main",
            "crf": str(self.crf),
            "x264-params": f"keyint={self.fps}:min-keyint={self.fps}:scenecut=0:repeat-headers=1:annexb=1:threads=1",
        }
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="bgr24")
            picture.pts = number
            self._keep(codec.encode(picture))
        self._keep(codec.encode(None))
        return first, len(self.units) - first

    def _keep(self, packets: list[av.Packet]) -> None:
        for packet in packets:
            coded = bytes(packet)
            self.units.append([len(self.stream), len(coded), int(packet.is_keyframe)])
            self.stream += coded


def recipe(*given: object) -> str:
    """What a film was made of: the code of the renderer and its arguments. Another recipe means another film."""
    digest = sha256(repr(given).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def is_made(target: Path, wanted: str) -> bool:
    """Whether the film is there and of that recipe."""
    described = target.with_suffix(".json")
    if not (target.exists() and described.exists()):
        return False
    return bool(json.loads(described.read_text(encoding="utf-8")).get("recipe") == wanted)


def render_scene(kind: str, seed: int, light: str, target: Path) -> bool:
    """Film a scene into target (.h264) and its .json; False where the same film is there already."""
    wanted = recipe(kind, seed, light)
    if is_made(target, wanted):
        return False
    scene = Scene(kind, seed, light)
    coder = Coder(scene.camera.width, scene.camera.height, FPS)
    parts, truth = [], {}
    for name, seconds, loops in _parts(scene):
        seen: list[list[list[object]]] = []
        first, count = coder.part(_frames(scene, name, seconds, len(coder.units), seen))
        seams = [n for n in range(0, count, FPS) if _quiet(scene, name, n / FPS)] if loops else []
        parts.append({"name": name, "first": first, "count": count, "loops": loops, "seams": seams})
        truth[name] = seen
    described = {
        "format": FORMAT,
        "recipe": wanted,
        "scene": kind,
        "seed": seed,
        "light": scene.light,
        "width": coder.width,
        "height": coder.height,
        "fps": FPS,
        "zone": scene.zone,
        "violation": scene.script.violation,
        "parts": parts,
        "units": coder.units,
        "truth": truth,
    }
    _write(target, coder, described)
    return True


def render_video(source: Path, target: Path, fps: int = FPS, most_s: float = 120.0) -> bool:
    """Make a film with one looping part out of any video file."""
    wanted = recipe(source.name, source.stat().st_size, fps, most_s)
    if is_made(target, wanted):
        return False
    reader = cv2.VideoCapture(str(source))
    good, frame = reader.read()
    if not good:
        raise ValueError(f"{source} cannot be read as a video")
    height, width = (side - side % 2 for side in frame.shape[:2])
    coder = Coder(width, height, fps)
    step = max(1.0, (reader.get(cv2.CAP_PROP_FPS) or fps) / fps)
    first, count = coder.part(_thinned(reader, frame, step, round(most_s * fps), (width, height)))
    parts = [{"name": "idle", "first": first, "count": count, "loops": True, "seams": list(range(0, count, fps))}]
    described = {
        "format": FORMAT,
        "recipe": wanted,
        "scene": source.stem,
        "seed": 0,
        "light": "",
        "width": width,
        "height": height,
        "fps": fps,
        "zone": [],
        "violation": "",
        "parts": parts,
        "units": coder.units,
        "truth": {},
    }
    _write(target, coder, described)
    return True


def _thinned(
    reader: cv2.VideoCapture, frame: np.ndarray, step: float, most: int, size: tuple[int, int]
) -> Iterator[np.ndarray]:
    good, number, taken = True, 0, 0
    while good and taken < most:
        if number >= taken * step:
            taken += 1
            yield np.ascontiguousarray(frame[: size[1], : size[0]])
        good, frame = reader.read()
        number += 1


def _write(target: Path, coder: Coder, described: dict[str, object]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for path, content in ((target, bytes(coder.stream)), (target.with_suffix(".json"), json.dumps(described).encode())):
        waiting = path.with_name(path.name + ".part")
        waiting.write_bytes(content)
        waiting.replace(path)


def _parts(scene: Scene) -> list[tuple[str, float, bool]]:
    return [("idle", IDLE_S, True), *[(part.name, part.seconds, part.holds) for part in scene.script.program]]


def _frames(
    scene: Scene, name: str, seconds: float, start: int, seen: list[list[list[object]]]
) -> Iterator[np.ndarray]:
    for number in range(round(seconds * FPS)):
        image, labels = scene.picture(name, number / FPS, start + number)
        seen.append([_noted(label, scene.camera.width, scene.camera.height) for label in labels])
        yield image


def _noted(label: Label, width: int, height: int) -> list[object]:
    left, top, right, low = label.box
    return [
        label.label,
        label.ident,
        round(left / width, 4),
        round(top / height, 4),
        round(right / width, 4),
        round(low / height, 4),
    ]


def _quiet(scene: Scene, name: str, t: float) -> bool:
    """Whether nothing that drives would be cut off by leaving the loop at t."""
    return name != "idle" or all(ident < VEHICLES for ident, _ in scene.cast(name, t))
