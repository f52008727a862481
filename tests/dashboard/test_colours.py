"""The colours of the wall and the desk stay apart for every viewer, and text stands out (references/web.md 5.4)."""

import re
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "frontend/tokens.css").read_text(encoding="utf-8")
STATUS = ("critical", "serious", "caution", "normal", "info")
# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
VIEWERS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def tokens(block):
    """The colours of one theme by name."""
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


LIGHT = tokens(CSS.split(':root[data-theme="wall"]')[0])
DARK = LIGHT | tokens(CSS.split(':root[data-theme="wall"]')[1])


def linear(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, other):
    """WCAG 2 contrast ratio."""
    light = [0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 for r, g, b in (linear(one), linear(other))]
    return max(light) / min(light)


def lab(rgb):
    """CIE L*a*b* (D65) of linear RGB."""
    r, g, b = (min(1.0, max(0.0, part)) for part in rgb)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour, viewer):
    return lab([sum(w * part for w, part in zip(row, linear(colour), strict=True)) for row in VIEWERS[viewer]])


def ciede2000(one, other):
    """Colour difference by CIE 142-2001."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    c1, c2 = hypot(a1 * (1 + g), b1), hypot(a2 * (1 + g), b2)
    h1, h2 = degrees(atan2(b1, a1 * (1 + g))) % 360, degrees(atan2(b2, a2 * (1 + g))) % 360
    turn = h2 - h1 if abs(h2 - h1) <= 180 else h2 - h1 - 360 * (1 if h2 > h1 else -1)
    middle = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1 - 0.17 * cos(radians(middle - 30)) + 0.24 * cos(radians(2 * middle))
        + 0.32 * cos(radians(3 * middle + 6)) - 0.20 * cos(radians(4 * middle - 63))
    )  # fmt: skip
    sl = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = 60 * exp(-(((middle - 275) / 25) ** 2))
    rt = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(rotation))
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / sh
    return sqrt(dl**2 + dc**2 + dh**2 + rt * dc * dh)


def test_the_measure_of_difference_agrees_with_its_published_example():
    assert ciede2000((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485)) == pytest.approx(2.0425, abs=1e-3)


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize(("theme", "least"), [(DARK, 12), (LIGHT, 10)], ids=["wall", "desk"])
def test_no_two_levels_look_alike_to_any_viewer(theme, least, viewer):
    for one, other in combinations(STATUS, 2):
        assert ciede2000(seen(theme[one], viewer), seen(theme[other], viewer)) >= least, (one, other)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["wall", "desk"])
def test_text_and_shapes_stand_out(theme):
    assert contrast(theme["text-hi"], theme["bg-1"]) >= 7
    assert contrast(theme["text-md"], theme["bg-1"]) >= 7
    assert contrast(theme["text-lo"], theme["bg-1"]) >= 4.5
    for level in STATUS:
        assert contrast(theme[f"{level}-ink"], theme[level]) >= 4.5, level


def test_the_shapes_of_the_wall_stand_out_from_its_panels():
    for level in STATUS:
        assert contrast(DARK[level], DARK["bg-1"]) >= 4.5, level
