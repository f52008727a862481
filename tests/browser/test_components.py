"""The register before a real browser: a change proposed from the field by a click, on the map; no fault of access."""

import time

import pytest

from accounts.actions import create_user, grant, upsert_role
from assets import actions
from assets.models import Asset, ChangeRequest
from core.scope import machine
from tests.assets.factories import KERB, LAMP
from tests.browser.conftest import PATIENCE_S, drawn, faults_of, in_one_breath, until
from tests.browser.test_responsibility import shot
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, names, point

ROOT = machine("test", "admin")
CODE = f"{HERE}0137000001"
RULES = {
    "grounds": [{"code": "open_area", "names": names("公共开放区域", "Open areas")}],
    "sampling": {"share": 0.1, "least": 1, "threshold": 0.05},
}


@pytest.fixture
def people(town):
    """A keeper of the register and a collector; a lamp, a kerb and a census that runs."""
    for kind in (LAMP, KERB):
        actions.save_type(kind, actor=ROOT)
    lon, lat = point()
    kerb = {"type": "LineString", "coordinates": [[lon - 0.0002, lat], [lon + 0.0002, lat + 0.0002]]}
    rows = [{"code": CODE, "lon": lon, "lat": lat}, {"code": f"{HERE}0286000001", "geometry": kerb}]
    actions.import_assets(rows, actor=ROOT)
    found = {}
    for name, rights in {"keeper": ["component.edit", "case.see"], "lin": ["component.propose", "case.see"]}.items():
        upsert_role(code=name, names=names(name, name), permissions=rights, actor=SETUP)
        found[name] = create_user(username=name, password=PASSWORD, label=name, organisation="centre", actor=SETUP)
        grant(user=found[name], role=name, area=CITY, actor=SETUP)
    actions.save_census_rules(RULES, pack="test")
    streets = [{"code": f"{HERE}001", "surveyor": found["lin"].pk}]
    census = actions.plan_census(actor=ROOT, title="普查", area=CITY, types=["street_light"], streets=streets)
    actions.start_census(census.pk, actor=ROOT)
    found["survey"] = f"/census/{census.pk}/streets/{HERE}001/"
    found["census"] = f"/census/{census.pk}/"
    return found


def test_a_click_on_the_map_proposes_where_a_component_stands_now(visit, people):
    window = visit(people["lin"], size=(1500, 900))
    page = window.open(f"/component-requests/new/?code={CODE}")
    page.wait_for_selector("cc-map[data-ready]")
    page.select_option("#id_kind", "moved")
    before = page.input_value("#id_lon")
    page.locator("cc-map canvas").click(position={"x": 260, "y": 400})
    until(page, f"document.querySelector('#id_lon').value !== {before!r}")
    clicked = float(page.input_value("#id_lon"))
    drawn(page, "cc-map", "points", 260, 400)
    box = page.locator("cc-map canvas").bounding_box()
    page.mouse.move(box["x"] + 260, box["y"] + 400)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 380, steps=4)
    page.mouse.up()
    until(page, f"Number(document.querySelector('#id_lon').value) > {clicked}")  # the mark is carried on
    page.fill("#id_reason", "台账位置有偏差")
    page.locator("form.form button").first.click()
    page.locator(".notice--normal").wait_for()
    request = ChangeRequest.objects.get()
    assert (request.kind, request.asset.code) == ("moved", CODE)
    assert window.complaints == []
    assert window.strangers() == []


SHAPE = "document.querySelector('cc-shape-editor')"


def drawing(page) -> None:
    page.wait_for_selector("cc-shape-editor[data-ready]")
    until(page, f"!!{SHAPE}.hand")


def corner(page, number: int) -> tuple[float, float]:
    """Where on the page a corner of the shape can be taken hold of."""
    at = page.evaluate(f"{SHAPE}.map.project({SHAPE}.hand.vertices()[{number}])")
    drawn(page, "cc-shape-editor", "corners", at["x"], at["y"])
    box = page.locator("cc-shape-editor canvas").bounding_box()
    return box["x"] + at["x"], box["y"] + at["y"]


def at_rest(page) -> None:
    """Neither the page nor the map moves any more."""
    before, now, end = None, [True], time.monotonic() + PATIENCE_S
    while now != before or now[0]:
        assert time.monotonic() < end, f"still moving after {PATIENCE_S} s: {before}, {now}"
        page.wait_for_timeout(100)
        before, now = now, page.evaluate(f"[{SHAPE}.map.isMoving(), scrollY, {SHAPE}.clientHeight]")


def clicked(page, *points: tuple[float, float]) -> None:
    """Clicks at these shares of the map's width and height."""
    box = page.locator("cc-shape-editor canvas").bounding_box()
    for across, down in points:
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def corners(page) -> int:
    return page.evaluate(f"{SHAPE}.hand.vertices().length")


def test_a_line_is_drawn_by_pointer_and_keys_and_a_bad_one_is_refused_with_all_that_was_drawn_kept(visit, people):
    window = visit(people["keeper"], "en", size=(1500, 900))
    page = window.open("/components/new/?type=kerb")
    drawing(page)
    clicked(page, (0.4, 0.4), (0.6, 0.6), (0.6, 0.4), (0.4, 0.6))
    page.keyboard.press("Enter")
    until(page, f"{SHAPE}.shape !== null")
    page.locator("cc-shape-editor [data-part=refusal]").get_by_text("crosses itself").wait_for()
    crossed = page.input_value("#id_shape")
    page.fill("#id_name_zh", "东侧路沿")
    page.fill("#id_reason", "补测")
    shot(page, "shape-crossed")
    page.get_by_role("button", name="Enter", exact=True).click()
    page.wait_for_selector(".field--error")
    drawing(page)
    assert (page.input_value("#id_shape"), page.input_value("#id_name_zh")) == (crossed, "东侧路沿")
    assert corners(page) == 4, "what was drawn is still there to be mended"
    assert Asset.objects.count() == 2

    page.get_by_text("Points by number").click()
    page.locator("[data-at=corner-delete-3]").click()
    page.locator("cc-shape-editor [data-part=refusal]").wait_for(state="hidden")
    page.locator("[data-at=grip-2]").focus()
    in_one_breath(page, f"{SHAPE}.hand", "ArrowUp", 3)
    until(page, f"{SHAPE}.past.gone.length === 2")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    until(page, f"{SHAPE}.hand.vertices().length === 4")
    page.keyboard.press("Control+y")
    until(page, f"{SHAPE}.hand.vertices().length === 3")
    page.get_by_text("Points by number").click()
    at_rest(page)
    x, y = corner(page, 0)
    before = page.input_value("#id_shape")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 8, y - 20, steps=4)
    page.mouse.up()
    until(page, f"document.querySelector('#id_shape').value !== {before!r}")
    carried = page.input_value("#id_shape")

    page.locator("[data-tool=draw]").click()
    page.locator("cc-shape-editor canvas").focus()
    page.keyboard.press("Space")
    west = page.evaluate(f"{SHAPE}.map.getCenter().lng")
    page.keyboard.press("ArrowRight")
    until(page, f"{SHAPE}.map.getCenter().lng > {west} && !{SHAPE}.map.isMoving()")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    until(page, f"{SHAPE}.hand.vertices().length === 2")
    page.locator("[data-act=undo]").click()
    until(page, f"document.querySelector('#id_shape').value === {carried!r}")
    shot(page, "shape-drawn")
    page.get_by_role("button", name="Enter", exact=True).click()
    page.locator(".notice--normal").wait_for()
    made = Asset.objects.exclude(code__in=(CODE, f"{HERE}0286000001")).get()
    assert (made.geom.num_points, made.names) == (3, {"zh": "东侧路沿"})
    assert [text for text in window.complaints if "400" not in text] == []
    assert window.strangers() == []


def test_on_a_phone_a_finger_draws_and_carries_a_point(visit, people):
    window = visit(people["lin"], "zh-hans", size=(390, 844), has_touch=True, is_mobile=True)
    page = window.open(f"/component-requests/new/?code={HERE}0286000001")
    drawing(page)
    page.locator("a[href='#drawing']").click()
    at_rest(page)
    before, (x, y) = page.input_value("#id_shape"), corner(page, 0)
    finger = window.page.context.new_cdp_session(page)
    for sort, (dx, dy) in (
        ("touchStart", (6, 6)),
        ("touchMove", (20, 20)),
        ("touchMove", (30, 40)),
        ("touchEnd", (0, 0)),
    ):
        points = [] if sort == "touchEnd" else [{"x": x + dx, "y": y + dy}]
        finger.send("Input.dispatchTouchEvent", {"type": sort, "touchPoints": points})
    until(page, f"document.querySelector('#id_shape').value !== {before!r}")
    assert corners(page) == 2
    assert page.input_value("#id_kind") == "moved", "whoever carries a point means that the thing stands elsewhere"
    page.locator("[data-tool=draw]").click()
    box = page.locator("cc-shape-editor canvas").bounding_box()
    for many, (across, down) in enumerate(((0.3, 0.5), (0.5, 0.6), (0.7, 0.5)), start=1):
        page.touchscreen.tap(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        until(page, f"{SHAPE}.hand.points.length === {many}")
        page.wait_for_timeout(400)  # two taps that follow one another sooner are a double tap
    page.locator("cc-shape-editor [data-act=finish]").tap()
    until(page, f"{SHAPE}.hand.vertices().length === 3")
    shot(page, "shape-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert window.complaints == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_the_pages_of_the_register(visit, people, language):
    pages = (
        ("keeper", (1600, 1000), ("/components/", "/components/new/", f"/components/{CODE}/",
                                  f"/components/{CODE}/edit/", "/component-requests/", "/census/", people["census"])),
        ("lin", (390, 844), (people["survey"], f"/component-requests/new/?code={CODE}",
                             f"/component-requests/new/?code={HERE}0286000001", "/component-requests/new/?type=kerb")),
    )  # fmt: skip
    for who, size, paths in pages:
        window = visit(people[who], language, size=size, bypass_csp=True)
        for number, path in enumerate(paths):
            page = window.open(path)
            found = faults_of(page)
            shot(page, f"register-{who}-{number}-{language}")
            assert found == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
