"""Films that a test paints itself: blocks of pure colour on a grey street, in the format of simulator/rtsp.py."""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from video.adapters.scripted import COLOURS
from video.contracts import Box

WIDTH, HEIGHT, FPS = 320, 180, 5
ZONE = ((0.3, 0.3), (0.9, 0.3), (0.9, 0.95), (0.3, 0.95))
SPOT: Box = (0.45, 0.45, 0.7, 0.75)
ELSEWHERE: Box = (0.02, 0.05, 0.22, 0.25)
Things = Sequence[tuple[str, Box]]


def street(things: Things, seed: int = 0) -> np.ndarray:
    """A grey street with noise, and blocks on it."""
    noise = np.random.default_rng(seed).integers(-6, 7, (HEIGHT, WIDTH, 3))
    shade = np.linspace(70, 150, HEIGHT)[:, None, None]
    picture = np.clip(shade + noise, 0, 255).astype(np.uint8)
    picture[:, ::40] = 40
    for label, (left, top, right, bottom) in things:
        picture[int(top * HEIGHT) : int(bottom * HEIGHT), int(left * WIDTH) : int(right * WIDTH)] = COLOURS[label]
    return picture


def coded(pictures: Sequence[np.ndarray]) -> list[tuple[bytes, bool]]:
    """The pictures as H.264 units, a keyframe each second."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.framerate, context.time_base = Fraction(FPS), Fraction(1, FPS)
    context.gop_size = FPS
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "14", "x264-params": "scenecut=0"}
    units: list[tuple[bytes, bool]] = []
    for index, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = index
        units += [(bytes(packet), bool(packet.is_keyframe)) for packet in context.encode(frame)]
    return units + [(bytes(packet), bool(packet.is_keyframe)) for packet in context.encode(None)]


def film(folder: Path, name: str, standing: Things) -> Path:
    """A film whose street is empty while idle and holds these things once started."""
    parts: list[dict[str, Any]] = []
    units: list[tuple[bytes, bool]] = []
    for part, things in (("idle", ()), ("stand", standing)):
        made = coded([street(things, seed) for seed in range(2 * FPS)])
        parts.append({"name": part, "first": len(units), "count": len(made), "loops": True, "seams": [0]})
        units += made
    places, stream = [], b""
    for unit, key in units:
        places.append([len(stream), len(unit), int(key)])
        stream += unit
    told = {
        "fps": FPS,
        "width": WIDTH,
        "height": HEIGHT,
        "scene": "painted",
        "zone": [list(point) for point in ZONE],
        "violation": "car",
        "units": places,
        "parts": parts,
    }
    (folder / f"{name}.h264").write_bytes(stream)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(told))
    return path


def clip(path: Path, script: Sequence[tuple[float, Things]]) -> Path:
    """A file for the decoder: each (seconds, things) one after another."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = WIDTH, HEIGHT, "yuv420p", FPS
        stream.options = {"preset": "ultrafast", "crf": "14"}
        number = 0
        for seconds, things in script:
            for _ in range(round(seconds * FPS)):
                frame = av.VideoFrame.from_ndarray(street(things, number), format="rgb24")
                number += 1
                for packet in stream.encode(frame):
                    container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path
