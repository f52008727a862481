"""Keys, sessions, roles and calendars before a real browser, in both languages; and what the signed-out see."""

import os
from pathlib import Path

import pytest

from accounts.actions import change_person, make_key, sign_out_everywhere
from accounts.selectors import actor_of
from grid.actions import save_calendar
from packs.adapters.library import read_library
from tests.browser.conftest import faults_of, until
from tests.browser.test_administration import boss
from tests.cases.factories import SETUP

__all__ = ["boss"]
PATHS = ("/keys/", "/sessions/", "/sessions/everybody/", "/roles/", "/roles/boss/", "/calendars/",
         "/calendars/office_hours/?year=2026", "/texts/", "/texts/new/", "/accounts/2fa/",
         "/imports/", "/todo/", "/search/?q=E0407")  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_the_settings_pages(visit, boss, language):
    calendars = read_library().packs["base"].document["calendars"]
    save_calendar(next(row for row in calendars if row["code"] == "office_hours"), actor=SETUP, pack="base")
    make_key(label="QGIS", days=30, actor=actor_of(boss))
    window = visit(boss, language, size=(1600, 1000), bypass_csp=True)
    for path in PATHS:
        page = window.open(path)
        found = faults_of(page)
        if folder := os.environ.get("SCREENSHOTS"):
            name = path.strip("/").replace("/", "-").split("?")[0]
            page.screenshot(path=Path(folder) / f"{name}-{language}.png", full_page=True)
        assert found == [], path
    assert window.complaints == []


def test_whoever_is_switched_off_stands_before_the_sign_in_page_within_five_seconds(visit, town):
    person = town.people["wall"]
    page = visit(person, "en").open("/wall/")
    until(page, "window.cityopsLive?.fresh === true")
    change_person(person.pk, active=False, actor=SETUP)
    # The page goes when its socket ends. That it ends at the next look, and how often there is one, is asserted in
    # tests/dashboard/test_ended.py; how many seconds it takes is measured by `./run prove live`.
    page.wait_for_url("**/accounts/login/**")
    assert "Your session was ended" in page.inner_text("main")
    assert page.locator("#id_login").is_visible()


def test_who_is_typing_when_signed_out_keeps_what_was_typed(visit, town):
    person = town.people["desk"]
    page = visit(person, "en").open("/cases/")
    until(page, "document.querySelector('cc-live')?.getAttribute('state') === 'fresh'")
    page.evaluate("() => { const area = document.createElement('textarea'); area.id = 'mine'; "
                  "document.getElementById('main').append(area); }")  # fmt: skip
    page.fill("#mine", "half a report")
    sign_out_everywhere(person.pk, actor=SETUP)
    page.get_by_role("alert").get_by_text("You are signed out here").wait_for()
    assert page.input_value("#mine") == "half a report"
    assert page.url.endswith("/cases/")


def test_a_click_on_the_year_makes_a_day_of_rest_that_is_looked_at_and_saved(visit, boss):
    calendars = read_library().packs["base"].document["calendars"]
    save_calendar(next(row for row in calendars if row["code"] == "office_hours"), actor=SETUP, pack="base")
    page = visit(boss, "en").open("/calendars/office_hours/?year=2026")
    day = page.locator("[data-day='2026-12-24']")
    until(page, "document.querySelector('[data-year]') !== null")
    day.click()
    until(page, "document.querySelector(\"[data-day='2026-12-24']\").className.includes('closed')")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_text("A promise already made keeps its hour").wait_for()
    assert "2026-12-24" in page.inner_text("#diff ~ dl")
    page.get_by_role("button", name="Save the calendar").click()
    page.get_by_text("No promise already made has moved").wait_for()
    assert "day--closed" in (page.locator("[data-day='2026-12-24']").get_attribute("class") or "")
