"""The one process that holds a model: `python -m video.adapters.infer`. Batches in, detections with appearance out.

The first line on standard input is the order: detector (dotted), model (path), sha256, classes, size, threads, and the
descriptor of the memory in which the parent lays the pictures. A file with another hash is not loaded.
"""

import hashlib
import importlib
import json
import mmap
import os
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import cv2
import numpy as np

from video.adapters.infer_codes import WRONG_HASH
from video.adapters.lines import PARENT_GONE, leave, say
from video.contracts import Box, Detections

HUES, GREYS = 8, 4
COLOURFUL = 40


def appearance(frame: np.ndarray, box: Box) -> list[float]:
    """What a thing looks like: hues of its coloured pixels and greys of the others, its upper and its lower half.

    Taken from the middle of its box, because the edges show the street.
    """
    height, width = frame.shape[:2]
    x1, y1, x2, y2 = box
    margin_x, margin_y = (x2 - x1) * 0.15, (y2 - y1) * 0.15
    left, right = int((x1 + margin_x) * width), int((x2 - margin_x) * width) + 1
    top, bottom = int((y1 + margin_y) * height), int((y2 - margin_y) * height) + 1
    part = frame[max(0, top) : bottom, max(0, left) : right]
    half = max(1, part.shape[0] // 2)
    shares = [_colours(piece) for piece in (part[:half], part[half:]) if piece.size]
    return [round(share / len(shares), 4) for piece in shares for share in piece]


def _colours(part: np.ndarray) -> list[float]:
    hsv = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2HSV).reshape(-1, 3)
    coloured = hsv[:, 1] >= COLOURFUL
    hues = np.bincount(hsv[coloured, 0].astype(int) * HUES // 180, minlength=HUES)[:HUES]
    greys = np.bincount(hsv[~coloured, 2].astype(int) * GREYS // 256, minlength=GREYS)[:GREYS]
    both = np.concatenate([hues, greys]).astype(float)
    return [float(share) for share in both / max(1.0, both.sum())]


def as_json(frame: np.ndarray, found: Detections) -> dict[str, Any]:
    """An answer for one picture, each thing with its appearance."""
    items = [[one.label, one.score, list(one.box), appearance(frame, one.box)] for one in found.items]
    return {"items": items, "width": found.width, "height": found.height}


def load(order: dict[str, Any]) -> Any:
    """The detector the order names; ValueError where its file has another hash than the registered one."""
    model = Path(order["model"]).read_bytes() if order.get("model") else b""
    if model and hashlib.sha256(model).hexdigest() != order["sha256"]:
        raise ValueError("wrong hash")
    module, _dot, name = order["detector"].rpartition(".")
    made = getattr(importlib.import_module(module), name)
    return made(model, order.get("classes", {}), order.get("size", 320), order.get("threads", 1))


def pictures(memory: mmap.mmap, shapes: list[list[int]]) -> list[np.ndarray]:
    """The pictures that lie one behind the other in the shared memory."""
    frames, start = [], 0
    for height, width in shapes:
        size = height * width * 3
        frames.append(np.frombuffer(memory[start : start + size], np.uint8).reshape(height, width, 3))
        start += size
    return frames


def serve(source: IO[bytes], sink: IO[bytes]) -> int:
    """Answers batches until the parent is gone."""
    order = json.loads(source.readline())
    work: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def listen() -> None:
        for line in source:
            work.put(json.loads(line))
        os._exit(PARENT_GONE)

    threading.Thread(target=listen, daemon=True).start()
    memory = mmap.mmap(int(order["memory"]), int(order["bytes"]))
    try:
        detector = load(order)
    except ValueError as error:
        say(sink, {"event": "error", "code": str(error)[:200]})
        return WRONG_HASH
    say(sink, {"event": "ready"})
    while True:
        task = work.get()
        started = time.perf_counter()
        frames = pictures(memory, task["shapes"])
        found = [as_json(frame, one) for frame, one in zip(frames, detector.detect(frames), strict=True)]
        say(sink, {"event": "found", "id": task["id"], "ms": (time.perf_counter() - started) * 1e3, "found": found})


if __name__ == "__main__":
    leave(serve(sys.stdin.buffer, sys.stdout.buffer))
