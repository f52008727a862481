"""Choosing pictures for a form, before a real browser: in the page's language, seen before sending, by keyboard too."""

import re
import time
from io import BytesIO
from typing import Any

from PIL import Image

from cases.models import Annotation, Evidence
from exchange.models import Upload
from tests.browser.conftest import PATIENCE_S, faults_of, until
from tests.cases.factories import brought_to, point, reported
from tests.dashboard.stories import published

DESK = (1600, 1000)
PIECES = re.compile("/api/uploads/[0-9a-f]")
STATES = "[...document.querySelectorAll('.files__state')].map((one) => one.dataset.state).join()"


def photo(name: str, colour: str = "red") -> dict[str, Any]:
    """A small JPEG of one colour, as the browser is given it."""
    written = BytesIO()
    Image.new("RGB", (640, 480), colour).save(written, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": written.getvalue()}


def names(page: Any) -> list[str]:
    return page.locator(".files__name").all_inner_texts()


def test_pictures_are_seen_before_sending_added_taken_away_and_sent(visit, town):
    told = reported(town, photos=[photo("路口.jpg")["buffer"]])
    window = visit(town.people["acceptor"], size=DESK)
    page = window.open("/cases/new/")
    field = page.locator("input[name=photos]")
    field.set_input_files([photo("路口.jpg"), photo("近景.jpg", "green")])
    field.set_input_files([photo("远景.jpg", "blue")])
    assert names(page) == ["路口.jpg", "近景.jpg", "远景.jpg"]
    assert page.locator(".files__status").inner_text().startswith("已选 3 张，共 ")
    shown = "[...document.querySelectorAll('.files__picture')].map((one) => one.naturalWidth)"
    until(page, f"{shown}.every((wide) => wide > 0)")
    assert page.evaluate(shown) == [640] * 3
    for name, degrees in zip(("lat", "lon"), reversed(point()), strict=True):
        page.locator(f"[name={name}]").fill(str(degrees))
        page.keyboard.press("Tab")
    page.locator(f"#alike-pictured a[href='/cases/{told.number}/']").wait_for()
    page.get_by_role("button", name="移除 近景.jpg").press("Enter")
    assert names(page) == ["路口.jpg", "远景.jpg"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "移除 远景.jpg"
    page.locator("[name=description]").fill("路边有垃圾")
    page.locator("[name=address]").fill("海滨路 1 号")
    page.get_by_role("button", name="上报").click()
    page.wait_for_url("**/cases/4*/")
    assert Evidence.objects.exclude(case__number=told.number).count() == 2
    assert window.complaints == []
    assert window.strangers() == []


def test_the_control_speaks_the_pages_language_and_opens_by_keyboard(visit, town):
    page = visit(town.people["acceptor"], size=DESK).open("/cases/new/")
    page.locator("cc-files:defined").wait_for()
    assert page.locator(".files__choose").inner_text() == "选择图片"
    assert page.locator(".files__status").inner_text() == "尚未选择图片"
    field = page.locator("input[name=photos]")
    assert field.bounding_box()["width"] <= 1, "the browser's own button, in the browser's own language, is not seen"
    page.locator("[name=component]").focus()
    page.keyboard.press("Tab")
    assert field.evaluate("one => one === document.activeElement")
    assert page.locator(".files__choose").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    opened = []
    page.on("filechooser", lambda chooser: opened.append(chooser))
    end = time.monotonic() + PATIENCE_S
    while not opened:  # a press that a browser out of breath has lost is repeated, as whoever sits there would
        assert time.monotonic() < end, "no press of the space bar opens the choice of files"
        page.keyboard.press("Space")
        page.wait_for_timeout(1000)
    assert opened[0].is_multiple()


def test_a_picture_that_would_be_refused_is_told_before_it_is_sent(visit, town, tmp_path):
    page = visit(town.people["acceptor"], language="en", size=DESK).open("/cases/new/")
    large = tmp_path / "film.jpg"
    large.write_bytes(bytes(21 * 1024 * 1024))
    page.locator("input[name=photos]").set_input_files(large)
    assert page.locator(".files__file .field__error").inner_text() == "Larger than 20 MB, so it would be refused."
    assert page.locator(".files__status").inner_text() == "1 chosen, 21 MB"
    assert not page.locator("input[name=photos]").evaluate("one => one.checkValidity()")
    page.get_by_role("button", name="Remove film.jpg").click()
    assert page.locator("input[name=photos]").evaluate("one => one.checkValidity() && document.activeElement === one")


def test_a_step_asks_for_pictures_in_the_same_way_and_a_cut_network_or_a_reload_loses_none(visit, town):
    case = brought_to(town, "handling")
    published()
    window = visit(town.people["handler"], size=DESK)
    page = window.open(f"/cases/{case.number}/")
    field = page.locator('form[action$="/submit/"] input[name=photos]')
    page.route(PIECES, lambda one: one.abort() if one.request.method == "PATCH" else one.continue_())
    field.set_input_files([photo("处置后.jpg")])
    until(page, STATES + " == 'offline'")
    page.unroute(PIECES)
    page.reload()
    until(page, STATES + " == 'there'")
    assert names(page) == ["处置后.jpg"]
    page.context.set_offline(True)
    field.set_input_files([photo("另一面.jpg", "green")])
    until(page, STATES + " == 'there,offline'")
    page.locator('form[action$="/submit/"] textarea[name=result]').fill("已清理")
    page.locator('form[action$="/submit/"] button:not([type=button])').click()
    page.locator('form[action$="/submit/"] .files__status', has_text="图片传完后表单会自动提交。").wait_for()
    with page.expect_navigation():
        page.context.set_offline(False)
    assert Evidence.objects.filter(case__number=case.number, phase="handle").count() == 2
    row = Evidence.objects.filter(case__number=case.number, phase="handle").earliest("pk")
    assert Upload.objects.filter(used_for=case.number).count() == 2
    window.complaints.clear()  # of the network that was cut
    drawn_on(window, f"/cases/{case.number}/evidence/{row.pk}/marks/")
    marks = [mark for one in Annotation.objects.filter(evidence=row) for mark in one.marks]
    assert [mark["kind"] for mark in marks] == ["arrow", "box", "text"]
    assert [round(marks[0][side], 1) for side in ("x1", "y1", "x2", "y2")] == [0.2, 0.2, 0.6, 0.5]
    assert [round(marks[1][side], 2) for side in ("x1", "y1", "x2", "y2")] == [0.6, 0.5, 0.64, 0.52]
    assert marks[2]["text"] == "已清理"


def drawn_on(window: Any, address: str) -> None:
    """An arrow by the pointer, a box by keys, words by a click; saved, seen over the picture, switched off."""
    page = window.open(address)
    stage = page.locator(".annotate__stage[tabindex]")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.up()
    page.get_by_label("方框").click()
    stage.focus()
    for key in ("Enter", "ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.get_by_label("文字", exact=True).click()
    page.locator("#annotation_text").fill("已清理")
    stage.click(position={"x": 30, "y": 200})
    assert page.locator(".annotate__list li").count() == 3
    with page.expect_navigation():
        page.get_by_role("button", name="保存标注").click()
    assert page.locator(".annotate__marks path.mark").count() == 2
    page.locator("#marks_on").click()
    assert not page.locator(".annotate__marks").is_visible()
    assert window.complaints == []


def test_without_scripts_the_browsers_own_control_is_there(visit, town):
    page = visit(town.people["acceptor"], size=DESK, java_script_enabled=False).open("/cases/new/")
    assert page.locator("input[name=photos]").bounding_box()["width"] > 100
    assert not page.locator(".files__choose").is_visible()


def test_axe_finds_nothing_on_the_report_with_pictures_chosen(visit, town):
    page = visit(town.people["acceptor"], size=DESK, bypass_csp=True).open("/cases/new/")
    page.locator("input[name=photos]").set_input_files([photo("路口.jpg")])
    assert faults_of(page) == []
