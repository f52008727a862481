"""Pictures for the demo's cases: rendered streets with the trouble in them, and the same streets without it."""

import io
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from simulator.scenes.light import day, overcast
from simulator.scenes.picture import Backdrop, Street
from simulator.scenes.samples import any_camera, as_camera, crowd, good
from simulator.scenes.street import any_layout

SUBJECTS: Mapping[str, frozenset[str]] = {
    "vehicle": frozenset({"car", "truck"}),
    "bicycle": frozenset({"bicycle"}),
    "stall": frozenset({"stall"}),
    "refuse": frozenset({"refuse"}),
}
OF_CLASS: Mapping[str, str] = {
    "E0407": "vehicle", "E0410": "bicycle", "E0401": "stall", "E0405": "stall", "E0406": "stall",
    "E0110": "refuse", "E0111": "refuse", "E0136": "refuse", "E0192": "refuse", "C0305": "refuse",
}  # fmt: skip
PLAIN = "plain"
FILM_FPS, FILM_S = 10, 2
VIEWS = 2
Pair = tuple[bytes, bytes]


def as_taken(picture: bytes, choice: int) -> bytes:
    """The picture as one person took it: from where they stood, under the clouds of that hour. No two look alike."""
    rng = np.random.default_rng(choice)
    seen = np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR))
    high, wide = (int(edge * rng.uniform(0.7, 0.85)) for edge in seen.shape[:2])
    top, left = int(rng.integers(seen.shape[0] - high)), int(rng.integers(seen.shape[1] - wide))
    clouds = cv2.resize(rng.uniform(0.35, 1.0, (4, 5)), (wide, high), interpolation=cv2.INTER_CUBIC)
    lit = seen[top : top + high, left : left + wide] * np.clip(clouds, 0.3, 1.0)[..., None]
    return bytes(cv2.imencode(".jpg", lit.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 84])[1])


def as_filmed(picture: bytes, choice: int) -> bytes:
    """Two seconds of film as a phone takes it: the hand moves along the street."""
    seen = np.asarray(Image.open(io.BytesIO(as_taken(picture, choice))).convert("RGB"), dtype=np.uint8)
    wide, high = seen.shape[1] // 40 * 32, seen.shape[0] // 40 * 32
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        film = made.add_stream("libx264", rate=FILM_FPS, options={"preset": "veryfast", "crf": "28"})
        film.width, film.height, film.pix_fmt = wide, high, "yuv420p"
        for number in range(FILM_FPS * FILM_S):
            share = number / (FILM_FPS * FILM_S)
            left, top = round(share * (seen.shape[1] - wide)), round(share * (seen.shape[0] - high) / 2)
            still = np.ascontiguousarray(seen[top : top + high, left : left + wide])
            made.mux(film.encode(av.VideoFrame.from_ndarray(still, format="rgb24")))
        made.mux(film.encode(None))
    return out.getvalue()


def subject_of(category: str) -> str:
    """What the picture of a case of this class shows."""
    return OF_CLASS.get(category, PLAIN)


def pictures(folder: Path, seed: int) -> dict[str, list[Pair]]:
    """For each subject pairs of JPEGs, before and after; rendered once, then read from the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return _with_plain({s: [_pair(folder, s, seed, view) for view in range(VIEWS)] for s in SUBJECTS})


def rendering(folder: Path, seed: int) -> BaseProcess | None:
    """Renders them beside whatever is done meanwhile, on another processor; None where they are all there."""
    if all(file.exists() for s in SUBJECTS for view in range(VIEWS) for file in _files(folder, s, seed, view)):
        return None
    process = get_context("spawn").Process(target=pictures, args=(folder, seed), daemon=True)
    process.start()
    return process


def rendered_before(folder: Path) -> dict[str, list[Pair]]:
    """The pairs that lie in the folder, of whatever seed; LookupError where a subject has none."""
    found = {}
    for subject in SUBJECTS:
        befores = sorted(folder.glob(f"{subject}-*-before.jpg"))
        if not befores:
            raise LookupError(f"no picture of {subject} in {folder}")
        found[subject] = [(file.read_bytes(), _after(file).read_bytes()) for file in befores]
    return _with_plain(found)


def _after(before: Path) -> Path:
    return before.with_name(before.name.replace("-before.", "-after."))


def _with_plain(found: dict[str, list[Pair]]) -> dict[str, list[Pair]]:
    return {**found, PLAIN: [(after, after) for pairs in found.values() for _, after in pairs]}


def _files(folder: Path, subject: str, seed: int, view: int) -> list[Path]:
    return [folder / f"{subject}-{seed}-{view}-{when}.jpg" for when in ("before", "after")]


def _pair(folder: Path, subject: str, seed: int, view: int) -> Pair:
    files = _files(folder, subject, seed, view)
    if not all(file.exists() for file in files):
        for file, image in zip(files, _rendered(SUBJECTS[subject], seed, view), strict=True):
            cv2.imwrite(str(file), image, [cv2.IMWRITE_JPEG_QUALITY, 84])
    before, after = (file.read_bytes() for file in files)
    return before, after


def _rendered(wanted: frozenset[str], seed: int, view: int) -> tuple[np.ndarray, np.ndarray]:
    """A street with one of the wanted things well in sight, and without any."""
    rng = np.random.default_rng([seed, view, *(ord(letter) for letter in min(wanted))])
    street = Street(any_layout(rng), int(rng.integers(1 << 30)), 20)
    light = day() if view % 2 == 0 else overcast()
    while True:
        backdrop = Backdrop(street, any_camera(rng, street.layout), light)
        for _ in range(6):
            things = list(enumerate(crowd(rng, backdrop.camera, street)))
            image, labels = backdrop.shot(things, 0)
            if any(label.label in wanted and good(label) for label in labels):
                others = [(number, thing) for number, thing in things if thing.label not in wanted]
                empty, _ = backdrop.shot(others, 0)
                return as_camera(image, rng), as_camera(empty, rng)
