"""The letters that are drawn into pictures: Chinese as well as English, by Pillow, because OpenCV cannot."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
)
SIMPLIFIED = 2
"""The face of a collection that writes Chinese as the mainland does."""


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Letters of so many pixels; where the machine has none for Chinese, Pillow's own."""
    for path in FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size, index=SIMPLIFIED if path.endswith(".ttc") else 0)
    return ImageFont.load_default(size)
