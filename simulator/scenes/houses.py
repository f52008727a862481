"""House fronts along a street: shops with signs below, windows above; drawn flat, then hung in perspective."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from simulator.scenes.camera import Camera
from simulator.scenes.light import Light

PPM = 20
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
SIGNS = (
    "便民超市",
    "老街面馆",
    "鲜果园",
    "济民大药房",
    "工夫茶行",
    "肠粉店",
    "五金建材",
    "理发",
    "海鲜酒楼",
    "打印复印",
    "手机维修",
    "花店",
    "早餐铺",
    "文具书店",
    "粿条汤",
    "房产中介",
    "洗衣店",
    "小吃店",
    "茶叶",
    "自行车行",
)
WALLS = (
    (196, 206, 214),
    (176, 190, 206),
    (150, 170, 196),
    (206, 210, 206),
    (168, 176, 180),
    (136, 150, 178),
    (186, 196, 190),
    (120, 140, 168),
    (210, 214, 222),
)
BOARDS = ((40, 36, 176), (40, 110, 50), (150, 70, 30), (30, 130, 220), (50, 50, 54), (120, 40, 110), (160, 130, 20))


@dataclass(frozen=True)
class House:
    """A house from y0 to y1 along the road, on one side, with its front and the windows lit at night."""

    side: int
    y0: float
    y1: float
    height: float
    front: np.ndarray
    lit: np.ndarray
    wall: tuple[float, float, float]


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    found = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(found, size) if found else None


def houses(rng: np.random.Generator, start: float, end: float, side: int) -> list[House]:
    """A row of houses on one side (1 right, -1 left) of the road."""
    row, y = [], start
    while y < end:
        length, storeys = float(rng.uniform(9, 20)), int(rng.integers(2, 8))
        front, lit, wall = _front(rng, length, storeys)
        row.append(House(side, y, y + length, 3.6 + storeys * 3.0 + 0.6, front, lit, wall))
        y += length + (float(rng.uniform(1.5, 5)) if rng.random() < 0.3 else 0.0)
    return row


def _front(
    rng: np.random.Generator, length: float, storeys: int
) -> tuple[np.ndarray, np.ndarray, tuple[float, float, float]]:
    height = 3.6 + storeys * 3.0 + 0.6
    blue, green, red = np.clip(np.array(WALLS[rng.integers(len(WALLS))]) + rng.normal(0, 7, 3), 60, 235)
    wall = (float(blue), float(green), float(red))
    picture = Image.new("RGB", (int(length * PPM), int(height * PPM)), tuple(int(v) for v in wall[::-1]))
    lamps = Image.new("RGB", picture.size)
    pens = (ImageDraw.Draw(picture), ImageDraw.Draw(lamps))
    for storey in range(storeys):
        _storey(rng, pens, length, height - 3.6 - storey * 3.0, wall)
    x = 0.0
    while x < length - 2.5:
        wide = min(float(rng.uniform(3.2, 6.0)), length - x)
        if length - x - wide < 2.5:
            wide = length - x
        _shop(rng, pens, x, wide, height)
        x += wide
    flat = np.asarray(picture)[:, :, ::-1].copy()
    stain = cv2.resize(
        rng.normal(0, 7, (8, 10)).astype(np.float32), (flat.shape[1], flat.shape[0]), interpolation=cv2.INTER_CUBIC
    )
    flat = np.clip(flat + stain[:, :, None] + rng.normal(0, 2.5, flat.shape[:2])[:, :, None], 0, 255).astype(np.uint8)
    return flat, np.asarray(lamps)[:, :, ::-1].copy(), wall


def _storey(
    rng: np.random.Generator,
    pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw],
    length: float,
    floor: float,
    wall: tuple[float, float, float],
) -> None:
    count = max(2, int(length / 3.2))
    step, balcony = length / count, rng.random() < 0.35
    dark = tuple(int(v * 0.78) for v in wall[::-1])
    pens[0].rectangle([0, int((floor - 0.1) * PPM), int(length * PPM), int(floor * PPM)], fill=dark)
    for k in range(count):
        x, wide = (k + 0.22) * step, step * 0.56
        box = [int(x * PPM), int((floor - 2.35) * PPM), int((x + wide) * PPM), int((floor - 0.85) * PPM)]
        glass = int(rng.uniform(60, 110))
        pens[0].rectangle(
            [box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2], fill=tuple(int(v * 0.88) for v in wall[::-1])
        )
        pens[0].rectangle(box, fill=(glass, glass + 10, glass + 22))
        pens[0].polygon(
            [(box[0], box[3]), (box[0], box[1]), ((box[0] + box[2]) // 2, box[1])],
            fill=(glass + 30, glass + 42, glass + 56),
        )
        pens[0].line([(box[0] + box[2]) // 2, box[1], (box[0] + box[2]) // 2, box[3]], fill=(220, 222, 222), width=2)
        if rng.random() < 0.4:
            tone = int(rng.uniform(150, 235))
            pens[1].rectangle(box, fill=(tone, int(tone * 0.86), int(tone * 0.6)))
        if rng.random() < 0.4:
            left = box[2] + 4
            pens[0].rectangle([left, box[3] - 14, left + 18, box[3]], fill=(214, 216, 216), outline=(150, 150, 152))
            pens[0].ellipse([left + 5, box[3] - 12, left + 15, box[3] - 2], fill=(120, 122, 124))
        if balcony:
            for bar in range(box[0] - 6, box[2] + 6, 5):
                pens[0].line([bar, box[3] - 6, bar, int(floor * PPM)], fill=(96, 98, 100), width=1)
            pens[0].line([box[0] - 6, box[3] - 6, box[2] + 6, box[3] - 6], fill=(96, 98, 100), width=2)


def _shop(
    rng: np.random.Generator,
    pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw],
    x: float,
    wide: float,
    height: float,
) -> None:
    left, right, base = int((x + 0.18) * PPM), int((x + wide - 0.18) * PPM), int(height * PPM)
    top, board = base - int(2.65 * PPM), base - int(3.5 * PPM)
    shut = rng.random() < 0.2
    inside = (128, 132, 136) if shut else (58, 54, 48)
    pens[0].rectangle([left, top, right, base], fill=inside)
    if shut:
        for line in range(top, base, 4):
            pens[0].line([left, line, right, line], fill=(104, 108, 112))
    else:
        _wares(rng, pens, (left, top, right, base))
    tone = BOARDS[rng.integers(len(BOARDS))][::-1]
    pens[0].rectangle([left, board, right, top], fill=tone, outline=tuple(int(v * 0.7) for v in tone))
    pens[1].rectangle([left, board, right, top], fill=tuple(int(v * 0.62) for v in tone))
    text, font = SIGNS[rng.integers(len(SIGNS))], _font(13)
    if font:
        start = (left + right) // 2 - len(text) * 7
        for pen, ink in ((pens[0], (244, 240, 226)), (pens[1], (255, 244, 214))):
            pen.text((start, board + 1), text, font=font, fill=ink)
    if rng.random() < 0.35:
        stripe = BOARDS[rng.integers(len(BOARDS))][::-1]
        for k, edge in enumerate(range(left, right, 9)):
            pens[0].polygon(
                [(edge, top), (min(edge + 9, right), top), (min(edge + 9, right), top + 11), (edge, top + 11)],
                fill=stripe if k % 2 else (232, 232, 230),
            )


def _wares(
    rng: np.random.Generator, pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw], box: tuple[int, int, int, int]
) -> None:
    left, top, right, base = box
    for _ in range(int((right - left) / 3)):
        tall, x = int(rng.uniform(4, 14)), int(rng.uniform(left, right - 6))
        y = int(rng.choice([base - 4, base - 18, base - 32]))
        pens[0].rectangle(
            [x, y - tall, x + int(rng.uniform(3, 8)), y], fill=tuple(int(v) for v in rng.uniform(50, 210, 3))
        )
    for shelf in (base - 4, base - 18, base - 32):
        pens[0].line([left, shelf, right, shelf], fill=(120, 112, 100))
    door = left + int((right - left) * rng.uniform(0.3, 0.6))
    pens[0].rectangle([door, top + 4, door + 19, base], outline=(190, 192, 192), width=2)
    pens[0].rectangle([left, top, right, base], outline=(176, 180, 182), width=2)
    pens[1].rectangle([left + 2, top + 2, right - 2, base], fill=(190, 180, 150))


def hang(image: np.ndarray, lamps: np.ndarray, camera: Camera, light: Light, house: House, wall: float) -> None:
    """Draw a house into the picture and its lit windows into `lamps` (both of the camera's size)."""
    _gable(image, camera, light, house, wall)
    for height in (min(house.height, camera.z + 0.6), house.height):
        ends = _visible(camera, house.side * wall, house, height)
        if ends is not None:
            _panel(image, lamps, camera, light, house, (house.side * wall, height, *ends))


def _panel(
    image: np.ndarray,
    lamps: np.ndarray,
    camera: Camera,
    light: Light,
    house: House,
    part: tuple[float, float, float, float],
) -> None:
    """Hang the front from y `start` to `end` and up to `height`."""
    x, height, start, end = part
    columns = slice(int((start - house.y0) * PPM), max(int((start - house.y0) * PPM) + 1, int((end - house.y0) * PPM)))
    rows, facing = slice(int((house.height - height) * PPM), None), slice(None, None, -house.side)
    texture, lit = (flat[rows, facing][:, columns].copy() for flat in (house.front, house.lit))
    plane = camera.plane(np.array([x, start, height]), np.array([0, 1 / PPM, 0.0]), np.array([0, 0, -1 / PPM]))
    corners = np.array(
        [[0, 0], [texture.shape[1], 0], [texture.shape[1], texture.shape[0]], [0, texture.shape[0]]], np.float32
    )
    outline = cv2.perspectiveTransform(corners[None], plane)[0]
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(np.clip(outline, -20000, 20000) * 16).astype(np.int32)], 255, cv2.LINE_8, 4)
    size = (image.shape[1], image.shape[0])
    shade = np.array(light.shade((100, 100, 100), np.array([-house.side, 0, 0.0]))) / 100
    warped = cv2.warpPerspective(texture, plane, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    np.copyto(image, np.clip(warped * shade, 0, 255).astype(np.uint8), where=mask[:, :, None] > 0)
    if light.dark > 0.2:
        glowing = cv2.warpPerspective(lit, plane, size, flags=cv2.INTER_LINEAR)
        np.copyto(lamps, glowing, where=mask[:, :, None] > 0)


def _visible(camera: Camera, x: float, house: House, height: float) -> tuple[float, float] | None:
    """The part of the front, up to a height, that lies well in front of the lens."""
    stops = np.linspace(house.y0, house.y1, 48)
    good = [y for y in stops if min(camera.depth(x, y, 0), camera.depth(x, y, height)) > 0.5]
    return (float(min(good)), float(max(good))) if len(good) > 1 else None


def _gable(image: np.ndarray, camera: Camera, light: Light, house: House, wall: float) -> None:
    """The end wall, turned to or from the camera, and a hint of the roof."""
    near = house.y0 if camera.y < house.y0 else house.y1
    normal = np.array([0, -1.0 if camera.y < house.y0 else 1.0, 0])
    corners = np.array(
        [
            [house.side * wall, near, 0],
            [house.side * (wall + 11), near, 0],
            [house.side * (wall + 11), near, house.height],
            [house.side * wall, near, house.height],
        ]
    )
    pixels, depth = camera.project(corners)
    if (depth > 1.0).all():
        fixed = np.round(np.clip(pixels, -20000, 20000) * 16).astype(np.int32)
        cv2.fillPoly(image, [fixed], light.shade(tuple(v * 0.93 for v in house.wall), normal), cv2.LINE_AA, 4)
