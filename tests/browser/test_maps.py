"""Maps before a real browser: places found by keyboard, help beside the page, a shifted map bent to ours."""

import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import asinh, pi, radians, tan

import numpy as np
import pytest
import yaml
from PIL import Image, ImageDraw

from core.geo import wgs84_to_gcj02
from tests.browser.conftest import PATIENCE_S, database_url, faults_of, serving, until
from tests.cases.factories import HERE, point, reported

READY = "document.querySelector('cc-atlas')?.dataset.ready !== undefined"
SIDE, MARK_PX = 256, 12
PAPER, MARK = (228, 228, 228), (220, 0, 200)


class Painter(BaseHTTPRequestHandler):
    """Tiles of a shifted map on which one place is marked; of another map that never answers well."""

    def do_GET(self):
        """A picture, or a failure below /broken/."""
        kind, z, x, y = self.path.strip("/").split("/")
        self.send_response(500 if kind == "broken" else 200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        if kind != "broken":
            self.wfile.write(self.painted(int(z), int(x), int(y)))

    def painted(self, z, x, y):
        """The tile as a map in GCJ-02 draws it."""
        at_x, at_y = pixel(*wgs84_to_gcj02(*point(HERE)), z)
        image = Image.new("RGB", (SIDE, SIDE), PAPER)
        left, top = at_x - x * SIDE, at_y - y * SIDE
        ImageDraw.Draw(image).rectangle((left - MARK_PX, top - MARK_PX, left + MARK_PX, top + MARK_PX), fill=MARK)
        held = io.BytesIO()
        image.save(held, "PNG")
        return held.getvalue()

    def log_message(self, *given):
        """Quiet."""


def pixel(lon, lat, z):
    """Where a place lies in the pixels of the whole world."""
    world = SIDE * 2**z
    return (lon + 180) / 360 * world, (1 - asinh(tan(radians(lat))) / pi) / 2 * world


@pytest.fixture
def outside(django_db_blocker, folder, tmp_path):
    """A server of ours that offers two maps of a tile server on this machine: one shifted, one broken."""
    tiles = ThreadingHTTPServer(("127.0.0.1", 0), Painter)
    threading.Thread(target=tiles.serve_forever, daemon=True).start()
    words = {"names": {"zh": "偏移图", "en": "Shifted"}, "credit": {"zh": "某图商", "en": "Somebody"}, "zoom": [3, 17]}
    host = f"http://127.0.0.1:{tiles.server_port}"
    told = {
        "shifted": words | {"datum": "gcj02", "tiles": [f"{host}/good/{{z}}/{{x}}/{{y}}"]},
        "broken": words | {"names": {"zh": "坏图", "en": "Broken"}, "tiles": [f"{host}/broken/{{z}}/{{x}}/{{y}}"]},
    }
    (tmp_path / "maps.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    told_of = {"BASE_MAPS": "shifted,broken", "BASE_MAPS_FILE": str(tmp_path / "maps.yaml")}
    try:
        with serving(folder, "outside.log", DATABASE_URL=database_url(), **told_of) as url:
            yield url, host
    finally:
        tiles.shutdown()
        tiles.server_close()


def marked(page):
    """How far from the middle of the map the mark of the shifted map is drawn, in pixels; None where it is not."""
    image = Image.open(io.BytesIO(page.locator("cc-atlas canvas").screenshot())).convert("RGB")
    high, wide = image.height, image.width
    rows, columns = np.nonzero((np.abs(np.asarray(image, dtype=int) - MARK) < 40).all(axis=2))
    return (columns.mean() - wide / 2, rows.mean() - high / 2) if len(rows) > MARK_PX else None


def lies_true(page):
    """The mark is drawn in the middle of the map, to three pixels."""
    off = marked(page)
    return off is not None and abs(off[0]) <= 3 and abs(off[1]) <= 3


def test_a_shifted_map_is_bent_to_the_true_place_and_a_broken_one_gives_way_to_ours(visit, town, outside):
    server, host = outside
    visit.server = server
    window = visit(town.people["leader"], size=(1200, 700))
    page = window.open("/map/")
    until(page, READY)
    page.locator("[data-layer=cells]").uncheck()
    lon, lat = point(HERE)
    page.get_by_label("偏移图").click()
    page.locator("cc-place-search input").fill(f"{lon}, {lat}")
    page.locator("[role=option]").wait_for()
    page.keyboard.press("Enter")
    end = time.monotonic() + PATIENCE_S
    while not lies_true(page):
        assert time.monotonic() < end, f"the mark lies {marked(page)} pixels off its true place"
        page.wait_for_timeout(200)
    assert "某图商" in page.locator(".mapbar__credit").inner_text()
    # Clicked, not "checked": the map may have given way before one could look whether the choice took.
    page.get_by_label("坏图").click()
    page.get_by_text("坏图 没有响应").wait_for()
    page.get_by_label("本地地图").and_(page.locator(":checked")).wait_for(state="attached")
    assert {url.split("/", 3)[2] for url in window.strangers()} == {host.removeprefix("http://")}


def test_a_place_is_found_by_keyboard_and_a_cell_by_the_list(visit, town):
    case = reported(town, HERE)
    window = visit(town.people["leader"], size=(1400, 900))
    page = window.open("/map/")
    until(page, READY)
    box = page.get_by_role("combobox", name="查找地点")
    box.fill("街道")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == page.get_by_role("option").first.get_attribute("id")
    page.keyboard.press("Enter")
    assert box.get_attribute("aria-expanded") == "false"
    page.locator(f'[data-fly="{case.cell}"]').click()
    page.locator("#map-chosen").get_by_text(case.cell).first.wait_for()
    page.select_option("#map-metric", "overdue")
    page.get_by_text("没有网格有数据").wait_for()
    until(page, "document.querySelector('cc-atlas').dataset.metric === 'overdue'")
    assert window.strangers() == []
    assert window.complaints == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_help_opens_beside_the_page_and_axe_finds_nothing(visit, town, language):
    reported(town, HERE)
    window = visit(town.people["leader"], language, size=(1400, 900), bypass_csp=True)
    for path in ("/map/", "/help/", "/help/map/"):
        page = window.open(path)
        if path == "/map/":
            until(page, READY)
            page.locator("a.topbar__help").click()
            page.locator(".helppanel [data-topic=map]").wait_for()
            assert page.url.endswith("/map/")
        assert faults_of(page) == [], path
    page = window.open("/map/")
    page.locator("a.topbar__help").click()
    page.locator(".helppanel [data-topic=map]").wait_for()
    page.keyboard.press("Escape")
    page.locator(".helppanel").wait_for(state="hidden")
    until(page, "document.activeElement.className === 'topbar__help'")
