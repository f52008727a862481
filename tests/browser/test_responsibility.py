"""The matrix of responsibility before a real browser: a click on the map answers who, why and until when."""

import os
from pathlib import Path

import pytest

from accounts.actions import change_organisation, create_user, grant, upsert_role
from tests.browser.conftest import faults_of, until
from tests.cases.factories import HERE, PASSWORD, SETUP, THERE, names, point

PAGES = (
    "/responsibility/?major=E04", "/responsibility/faults/", "/responsibility/rules/",
    "/responsibility/general/",
    "/responsibility/simulator/?category=E0407&lon={lon}&lat={lat}",
)  # fmt: skip


@pytest.fixture
def boss(town):
    """Somebody who administers the city."""
    rights = ["admin", "case.see", "feed.read"]
    upsert_role(code="boss", names=names("管", "Boss"), permissions=rights, actor=SETUP)
    user = create_user(username="boss", password=PASSWORD, label="管理员", organisation="centre", actor=SETUP)
    grant(user=user, role="boss", actor=SETUP)
    return user


def shot(page, name: str) -> None:
    """A picture for whoever looks, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize(("language", "whose"), [("zh-hans", "责任单位"), ("en", "Responsible")])
def test_a_click_on_the_map_and_a_class_answer_who_and_until_when(visit, boss, language, whose):
    window = visit(boss, language, size=(1600, 1000))
    page = window.open("/responsibility/simulator/")
    page.wait_for_selector("cc-map[data-ready]")
    page.select_option("#id_category", "E0407")
    page.locator("cc-map canvas").click(position={"x": 300, "y": 420})
    page.locator("#responsible").wait_for()
    assert "-appearance" in page.locator("#responsible").inner_text()
    assert whose in page.locator("#answer").inner_text()
    assert page.locator("#answer table tbody tr").count() == 2
    page.locator("#id_condition option[value=b]").wait_for(state="attached")
    page.select_option("#id_condition", "b")
    page.locator("#answer table tbody tr").nth(1).wait_for(state="detached")
    shot(page, f"simulator-{language}")
    assert window.complaints == []
    assert window.strangers() == []


def typed(page, code: str) -> None:
    """Typed upon a list it is chosen; a list forgets after a second, so on a machine that falters it is typed again."""
    for _ in range(20):
        page.keyboard.type(code)
        if page.input_value("#id_category") == code:
            return
        page.wait_for_timeout(1500)
    raise AssertionError(f"typing chose {page.input_value('#id_category')}")


def test_with_the_keyboard_alone_the_same_is_answered(visit, boss):
    page = visit(boss, size=(1600, 1000)).open("/responsibility/simulator/")
    lon, lat = point(THERE)
    page.locator("#id_category").focus()
    typed(page, "E0407")
    page.locator("#id_lon").fill(str(lon))
    page.locator("#id_lat").fill(str(lat))
    page.keyboard.press("Enter")
    until(page, f"document.querySelector('#responsible')?.textContent === 'd{THERE}-appearance'")


def test_the_cells_of_a_hole_are_shaded_on_the_map(visit, boss):
    change_organisation(f"d{THERE}-appearance", duties=[], actor=SETUP)
    window = visit(boss, size=(1600, 1000))
    page = window.open("/responsibility/faults/?show=E0407")
    page.wait_for_selector("cc-map[data-ready]")
    until(page, "document.querySelector('cc-map').map.queryRenderedFeatures({layers: ['shade']}).length >= 4")
    shot(page, "faults")
    assert window.complaints == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_the_pages_of_responsibility(visit, boss, language):
    change_organisation(f"d{HERE}-appearance", duties=[], actor=SETUP)
    lon, lat = point(THERE)
    window = visit(boss, language, size=(1600, 1000), bypass_csp=True)
    for number, path in enumerate(PAGES):
        page = window.open(path.format(lon=lon, lat=lat))
        found = faults_of(page)
        shot(page, f"page-{number}-{language}")
        assert found == [], path
