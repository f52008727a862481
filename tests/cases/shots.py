"""Pictures for tests: scenes that look like nothing else, with what a phone writes into them."""

import io
from datetime import datetime
from typing import Any

import numpy as np
from PIL import Image


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture of its own: soft patches of light, another for each seed."""
    patches = np.random.default_rng(seed).integers(0, 255, (7, 9, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)


def saved(image: Image.Image, quality: int = 90, **options: Any) -> bytes:
    """The picture as a JPEG."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def photo(
    seed: int, lon: float | None = None, lat: float | None = None, taken: datetime | None = None, offset: str = ""
) -> bytes:
    """A scene as a phone saves it: with the place and the time of the phone, where it says them."""
    exif = Image.Exif()
    if lon is not None and lat is not None:
        exif.get_ifd(0x8825).update({1: "N", 2: _parts(lat), 3: "E", 4: _parts(lon)})
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
        if offset:
            exif.get_ifd(0x8769)[0x9011] = offset
    return saved(scene(seed), exif=exif)


def _parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = (degrees - whole) * 60
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 4)
