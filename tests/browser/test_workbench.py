"""The workbench before a real browser: the list follows the city, and what somebody types is left alone."""

from tests.browser.conftest import until
from tests.cases.factories import brought_to, reported, take
from tests.dashboard.stories import published


def test_a_case_that_comes_in_stands_in_the_list_without_reloading(visit, town):
    window = visit(town.people["acceptor"], size=(1600, 1000))
    first = reported(town)
    published()
    page = window.open("/cases/")
    page.locator(f'tr[data-case="{first.number}"]').wait_for()
    page.locator("cc-live[state=fresh]").wait_for()
    second = reported(town)
    published()
    page.locator(f'tr[data-case="{second.number}"]').wait_for()
    until(page, "document.querySelector('#queues [aria-current=page] b').textContent === '2'")
    take(town, first, "accept", "acceptor")
    published()
    page.locator(f'tr[data-case="{first.number}"]').wait_for(state="detached")
    assert page.locator("tr[data-case]").count() == 1
    assert window.complaints == []
    assert window.strangers() == []


def test_who_looks_at_a_case_hears_that_it_changed_and_loses_no_word(visit, town):
    case = reported(town)
    published()
    window = visit(town.people["acceptor"], size=(1600, 1000))
    page = window.open(f"/cases/{case.number}/?queue=mine")
    page.locator("cc-live[state=fresh]").wait_for()
    page.get_by_text("不予受理").first.click()
    box = page.locator("textarea[name=reason]").first
    box.fill("重复上报，")
    assert page.locator("#case-changed a").count() == 0
    take(town, case, "accept", "acceptor")
    published()
    page.locator("#case-changed a").wait_for()
    assert box.input_value() == "重复上报，"
    with page.expect_navigation():
        page.locator("#case-changed a").click()
    assert page.locator("#case-changed a").count() == 0
    assert page.locator('form[action$="/reject/"]').count() == 0
    assert window.complaints == []


def test_a_step_taken_on_an_old_view_is_refused_and_says_what_happened_meanwhile(visit, town):
    case = brought_to(town, "accepted")
    published()
    window = visit(town.people["leader"], size=(1600, 1000))
    page = window.open(f"/cases/{case.number}/?queue=mine")
    take(town, case, "register", "leader2", condition="a")
    page.locator("details.step[open] button").first.click()
    notice = page.locator(".notice--critical")
    notice.wait_for()
    assert "立案" in notice.inner_text()
    assert page.locator('form[action$="/register/"]').count() == 0
