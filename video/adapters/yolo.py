"""Any ultralytics detector, on the CPU or a GPU, behind the port. Only imported by the inference process."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import cv2
import numpy as np
import torch
from ultralytics.utils.nms import non_max_suppression

from video.contracts import Detection, Detections

LEAST_SCORE = 0.15
OVERLAP = 0.5
GREY = 114


def letterbox(picture: np.ndarray, size: int) -> tuple[np.ndarray, float, int, int]:
    """The picture scaled into a grey square; with the scale and the margins (left, top) to get back."""
    height, width = picture.shape[:2]
    scale = size / max(height, width)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (size - inner[0]) // 2, (size - inner[1]) // 2
    square = np.full((size, size, 3), GREY, np.uint8)
    square[top : top + inner[1], left : left + inner[0]] = cv2.resize(picture, inner, interpolation=cv2.INTER_LINEAR)
    return square, scale, left, top


class Yolo:
    """A detector from the bytes of a registered `.pt` file (a pickle: the caller has compared its hash)."""

    def __init__(self, model: bytes, classes: Mapping[str, str], size: int = 320, threads: int = 1) -> None:
        torch.set_num_threads(max(1, threads))
        kept = torch.load(BytesIO(model), map_location="cpu", weights_only=False)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        network = (kept.get("ema") or kept["model"]).float().to(self._device).eval()
        self._network = network.fuse(verbose=False) if hasattr(network, "fuse") else network
        names = network.names if isinstance(network.names, dict) else dict(enumerate(network.names))
        self._labels = {index: classes[name] for index, name in names.items() if name in classes}
        self._wanted = sorted(self._labels)
        self._size = size
        if not self._wanted:
            raise ValueError("none of the model's classes is mapped to a label")

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """What is in each picture, surest first, boxes as shares of the picture."""
        if not frames:
            return []
        boxed = [letterbox(frame, self._size) for frame in frames]
        batch = np.stack([square for square, *_rest in boxed]).transpose(0, 3, 1, 2)
        with torch.inference_mode():
            raw = self._network(torch.from_numpy(np.ascontiguousarray(batch)).to(self._device).float() / 255)
            found = non_max_suppression(raw, LEAST_SCORE, OVERLAP, classes=self._wanted, max_det=100)
        return [
            self._answer(rows.cpu().numpy(), frame, scale, left, top)
            for rows, frame, (_square, scale, left, top) in zip(found, frames, boxed, strict=True)
        ]

    def _answer(self, rows: np.ndarray, frame: np.ndarray, scale: float, left: int, top: int) -> Detections:
        height, width = frame.shape[:2]
        items = []
        for x1, y1, x2, y2, score, index in rows:
            box = [(x1 - left) / scale / width, (y1 - top) / scale / height]
            box += [(x2 - left) / scale / width, (y2 - top) / scale / height]
            x1, y1, x2, y2 = (float(min(1.0, max(0.0, side))) for side in box)
            if x2 > x1 and y2 > y1:
                items.append(Detection(self._labels[int(index)], round(float(score), 4), (x1, y1, x2, y2)))
        return Detections(tuple(items), width, height)
