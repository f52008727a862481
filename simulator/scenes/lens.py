"""What lamps, rain, the sensor and the encoder do to a picture."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from simulator.scenes.camera import Camera
from simulator.scenes.light import Light


def lamp_light(camera: Camera, light: Light, spots: Sequence[tuple[float, float]]) -> np.ndarray:
    """How bright each pixel is under street lamps (float32, BGR factors), computed on the ground and spread upwards."""
    small = replace(camera, width=camera.width // 4, height=camera.height // 4)
    plane = np.linalg.inv(small.plane(np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])))
    rows, columns = np.mgrid[0 : small.height, 0 : small.width]
    flat = np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5, np.ones(rows.size)])
    found = plane @ flat
    x, y = found[0] / found[2], found[1] / found[2]
    pool = np.zeros(rows.size)
    for lamp_x, lamp_y in spots:
        pool += np.exp(-((x - lamp_x) ** 2 + (y - lamp_y) ** 2) / (2 * 5.2**2))
    steep = -(
        ((columns + 0.5 - small.width / 2) * small.axes[0][2] + (rows + 0.5 - small.height / 2) * small.axes[1][2])
        / small.focal
        + small.axes[2][2]
    )
    pool = np.where(steep.ravel() > 0.02, pool, 0.32).reshape(rows.shape)
    dark = light.dark
    level = (1 - dark) + dark * (0.33 + 0.62 * np.clip(pool, 0, 1.1))
    warm = np.stack([level * (1 - 0.16 * dark), level * (1 - 0.05 * dark), level], axis=-1) * np.array(light.tint)
    big = cv2.resize(warm.astype(np.float32), (camera.width, camera.height), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(cv2.GaussianBlur(big, (0, 0), 6))


def glows(
    image: np.ndarray, found: Sequence[tuple[float, float, float, Sequence[float], int]], scale: int, light: Light
) -> np.ndarray:
    """Add lamps (given in pixels of the picture `scale` times as large) with their halo."""
    strength = 0.25 + 0.75 * light.dark
    if not found:
        return image
    halo = np.zeros((image.shape[0] // 2, image.shape[1] // 2, 3), np.uint8)
    for x, y, radius, colour, _ in found:
        spot = (int(x / scale / 2), int(y / scale / 2))
        cv2.circle(halo, spot, max(1, int(min(radius, 34) / scale / 2 * 0.8)), tuple(float(v) for v in colour), -1)
    wide = cv2.GaussianBlur(halo, (0, 0), 3.2)
    both = cv2.resize(
        cv2.addWeighted(wide, 1.2, cv2.GaussianBlur(halo, (0, 0), 0.9), 0.7, 0), (image.shape[1], image.shape[0])
    )
    return cv2.addWeighted(image, 1.0, both, strength, 0)


def rain_over(image: np.ndarray, moment: int) -> np.ndarray:
    """Streaks of rain, other ones at every moment."""
    rng = np.random.default_rng([moment, 31])
    layer = np.zeros(image.shape[:2], np.uint8)
    for x, y, length in zip(
        rng.uniform(0, image.shape[1], 150), rng.uniform(0, image.shape[0], 150), rng.uniform(6, 22, 150), strict=True
    ):
        cv2.line(layer, (int(x), int(y)), (int(x - length * 0.16), int(y + length)), 90, 1, cv2.LINE_AA)
    return cv2.add(
        cv2.convertScaleAbs(image, alpha=0.94, beta=8), cv2.merge([cv2.GaussianBlur(layer, (0, 0), 0.6)] * 3)
    )


class Sensor:
    """The grain of a camera's chip, cheap enough for a stream: one tile of noise, shifted for each frame."""

    def __init__(self, width: int, height: int, strength: float, seed: int = 0) -> None:
        rng = np.random.default_rng([seed, 41])
        noise = rng.normal(0, strength, (height + 64, width + 64)).astype(np.float32)
        self.noise = cv2.GaussianBlur(noise, (0, 0), 0.6) * 1.6
        self.size = (width, height)

    def over(self, image: np.ndarray, moment: int) -> np.ndarray:
        x, y = (moment * 37) % 64, (moment * 23) % 64
        part = self.noise[y : y + self.size[1], x : x + self.size[0]]
        return cv2.add(image, cv2.merge([part] * 3), dtype=cv2.CV_8U)


def as_camera(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A training picture as some camera would have sent it: tones, blur, grain, compression."""
    gain, lift, gamma = rng.uniform(0.82, 1.18), rng.uniform(-14, 14), rng.uniform(0.8, 1.25)
    tint = rng.uniform(0.93, 1.07, 3)
    table = np.clip(((np.arange(256) / 255) ** gamma * 255) * gain + lift, 0, 255).astype(np.float32)
    image = np.clip(table[image] * tint, 0, 255).astype(np.uint8)
    if rng.random() < 0.06:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    if rng.random() < 0.25:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.0)))
    if rng.random() < 0.15:
        sharp = cv2.GaussianBlur(image, (0, 0), 1.5)
        image = cv2.addWeighted(image, 1.7, sharp, -0.7, 0)
    image = Sensor(image.shape[1], image.shape[0], float(rng.uniform(0.5, 5.5)), int(rng.integers(1 << 20))).over(
        image, 0
    )
    if rng.random() < 0.6:
        cv2.putText(
            image,
            f"2026-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d} {rng.integers(24):02d}:{rng.integers(60):02d}",
            (8, 18 if rng.random() < 0.5 else image.shape[0] - 8),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.45,
            (245, 245, 245),
            1,
            cv2.LINE_AA,
        )
    good, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 93))])
    seen = cv2.imdecode(coded, cv2.IMREAD_COLOR) if good else None
    if seen is None:
        raise ValueError("the picture cannot be coded")
    return seen
