"""Organisations, people and rosters before a real browser: a move is looked at and made; axe finds nothing."""

from datetime import timedelta

import pytest

from accounts.actions import (
    adopt_shifts,
    create_crew,
    create_organisation,
    create_post,
    create_user,
    grant,
    make_contract,
    upsert_role,
)
from accounts.models import Organisation, Watch
from core import clock
from tests.browser.conftest import faults_of, until
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, names

PAGES = ("/organisations/", "/organisations/centre/", "/organisations/new/", "/people/", "/people/{boss}/", "/rosters/",
         "/sessions/", "/grid/", "/classes/", "/organisations/contractors/", "/organisations/firm/contracts/",
         "/organisations/firm/crews/", "/people/new/", "/classes/new/", "/classes/E0407/retire/", "/setup/",
         "/setup/codes/", "/alarms/", "/alarm-rules/", "/flooding/",
         "/devices/", "/devices/new/")  # fmt: skip

WHOLE_BAR = ("wall.see", "case.see", "case.report", "camera.see", "score.see", "register.see", "person.erase",
             "audit.see", "alarm.see", "alarm.handle")  # fmt: skip
"""The rights with which the bar above every page has all its entries."""

SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll("main, main *")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && (one === document.documentElement
        || ["auto", "scroll"].includes(getComputedStyle(one).overflowX))).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.fixture
def boss(town):
    """Somebody who administers the city, with somewhere to move a department to."""
    upsert_role(code="boss", names=names("管", "Boss"), permissions=["admin", "device.see", *WHOLE_BAR], actor=SETUP)
    user = create_user(username="boss", password=PASSWORD, label="管理员", organisation="centre", actor=SETUP)
    grant(user=user, role="boss", actor=SETUP)
    create_organisation(code="bureau", names=names("城管局", "Bureau"), kind="department", level="city",
                        parent="centre", area=CITY, actor=SETUP)  # fmt: skip
    create_organisation(code="firm", names=names("保洁公司", "Cleaning Co."), kind="contractor", level="city",
                        parent="bureau", area=CITY, actor=SETUP)  # fmt: skip
    now = clock.now()
    make_contract("firm", number="HT-1", scope="清扫", valid_from=now, valid_until=now + timedelta(20), actor=SETUP)
    create_user(username="sweeper", password=PASSWORD, label="保洁员", organisation="firm", actor=SETUP)
    create_crew(organisation="firm", code="crew-1", names=names("一班", "One"), actor=SETUP)
    create_post(organisation="centre", role="leader", actor=SETUP)
    adopt_shifts({"day": {"names": names("早班", "Day"), "hours": "08:00-16:00"}}, pack="base", actor=SETUP)
    return user


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_these_pages(visit, boss, language):
    window = visit(boss, language)
    for path in PAGES:
        page = window.open(path.format(boss=boss.pk))
        assert faults_of(page) == [], path
        page.set_viewport_size({"width": 390, "height": 844})
        until(page, "innerWidth === 390")
        assert page.evaluate(SIDEWAYS) == [], path
        page.set_viewport_size({"width": 1920, "height": 1080})
        until(page, "innerWidth === 1920")
    for width in (1440, 1280, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        until(page, f"innerWidth === {width}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, "the bar with all its entries has room"


def test_a_move_is_looked_at_then_made_and_a_shift_is_ticked_by_keyboard(visit, boss):
    window = visit(boss, "zh-hans")
    page = window.open(f"/organisations/d{HERE}-appearance/")
    page.select_option("#move_parent", "bureau")
    page.click("form[action$='/move/'] button[value=look]")
    page.wait_for_url("**/move/")
    page.click("button[value=save]")
    page.wait_for_url("**/organisations/d449901-appearance/")
    assert Organisation.objects.get(code=f"d{HERE}-appearance").path == f"centre.bureau.d{HERE}-appearance"
    page = window.open("/rosters/?organisation=centre&week=2026-11-23")
    page.focus(f"input[name=turn][value='{boss.pk}:2026-11-24:day']")
    page.keyboard.press("Space")
    page.click("button[value=save]")
    page.wait_for_selector(".messages .notice--normal")
    assert faults_of(page) == [], "with a message"
    assert Watch.objects.get().day.isoformat() == "2026-11-24"
    page = window.open("/people/")
    table = page.locator(".table-wrap").first
    assert table.get_attribute("tabindex") is None, "what need not be scrolled is no stop"
    table.evaluate("(one) => { one.style.maxWidth = '120px'; }")
    page.locator(".table-wrap[role=region][aria-label][tabindex='0']").first.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.table-wrap').scrollLeft > 0")
    assert faults_of(page) == [], "with a table that is scrolled"
