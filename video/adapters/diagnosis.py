"""A picture in a few numbers that say whether it can be judged: pure functions on frames (OpenCV)."""

import cv2
import numpy as np

from video.rules.faults import Figures

WIDTH, HEIGHT = 320, 180
WHITE = 245
SURE = 0.08
WINDOW = cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_32F)


def portrait(rgb: np.ndarray) -> np.ndarray:
    """The picture small and grey, the same size whatever the stream's, so that a change of size changes nothing."""
    small = cv2.resize(rgb, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)


def edges(grey: np.ndarray) -> np.ndarray:
    """Where the picture changes, blurred a little: what stays of a street by day and by night."""
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength = np.sqrt(across * across + down * down)
    return strength - strength.mean()


def compared(grey: np.ndarray, reference: np.ndarray) -> tuple[float, float | None]:
    """How alike two pictures' edges are, and how far one is moved against the other, in shares of the width."""
    here, there = edges(grey), edges(reference)
    spread = float(here.std() * there.std())
    alike = float((here * there).mean()) / spread if spread > 0 else 0.0
    (right, down), response = cv2.phaseCorrelate(there, here, WINDOW)
    if response < SURE:
        return alike, None
    return alike, float((right * right + down * down) ** 0.5) / WIDTH


def measured(grey: np.ndarray, reference: np.ndarray | None = None) -> Figures:
    """A portrait in numbers, and against the reference where there is one."""
    sharp = float(cv2.Laplacian(grey, cv2.CV_32F).var())
    told = (float(grey.mean()), float(grey.std()), sharp, float((grey >= WHITE).mean()))
    if reference is None or reference.shape != grey.shape:
        return Figures(*told)
    return Figures(*told, *compared(grey, reference))
