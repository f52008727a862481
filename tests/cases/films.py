"""Clips for tests, made by PyAV: a patch of light that moves, with what a phone writes beside it."""

import io
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import av
import numpy as np

from tests.cases.shots import scene

PLACED = {"location": "+23.3540+116.6820/", "creation_time": "2026-11-16T00:30:00.000000Z"}


def film(
    seed: int = 1,
    *,
    seconds: float = 2.0,
    size: tuple[int, int] = (96, 64),
    kind: str = "mp4",
    codec: str = "libx264",
    told: Mapping[str, str] = {},
    sound: bool = False,
) -> bytes:
    """A clip of so many seconds, five pictures each."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as made:
        made.metadata.update(told)
        stream = made.add_stream(codec, rate=5)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        speaks = _voice(made, kind) if sound else None
        for number in range(round(seconds * 5)):
            picture = scene(seed).rotate(number).resize(size)
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = number, Fraction(1, 5)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
        if speaks is not None:
            _hum(made, speaks)
    return out.getvalue()


def turned(content: bytes) -> bytes:
    """The clip of a phone that was held upright: its head says to turn every picture by a quarter."""
    place = content.index(b"tkhd") + 4 + 40
    one = (1 << 16).to_bytes(4, "big")
    none, minus, last = bytes(4), (-(1 << 16)).to_bytes(4, "big", signed=True), (1 << 30).to_bytes(4, "big")
    matrix = none + one + none + minus + none + none + none + none + last
    return content[:place] + matrix + content[place + 36 :]


def heard() -> bytes:
    """A file of a phone in which there is nothing to be seen."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        _hum(made, _voice(made, "mp4"))
    return out.getvalue()


def _voice(made: Any, kind: str) -> Any:
    return made.add_stream("aac" if kind != "webm" else "libopus", rate=48_000)


def _hum(made: Any, stream: Any) -> None:
    silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), dtype=np.float32), format="fltp", layout="stereo")
    silence.sample_rate, silence.pts = 48_000, 0
    made.mux(stream.encode(silence))
    made.mux(stream.encode(None))
