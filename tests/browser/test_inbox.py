"""The inbox before a real browser: the badge of every page goes up by itself, and down when another window reads."""

from datetime import time

from accounts.selectors import actor_of
from exchange import actions
from tests.browser.conftest import until
from tests.cases.factories import brought_to, take
from tests.dashboard.stories import published
from tests.exchange.post import adopt_base, carried, newest

COUNT = "document.querySelector('cc-inbox b')?.hidden ? 0 : Number(document.querySelector('cc-inbox b')?.textContent)"
SAID = "document.querySelector('cc-inbox [role=status]')?.textContent"


def arrived() -> None:
    """The news was brought to whom it concerns, and rung."""
    carried()
    published()


def test_the_badge_follows_what_arrives_and_what_is_read_without_reloading(visit, town):
    adopt_base()
    case = brought_to(town, "dispatched")
    arrived()
    window = visit(town.people["handler"], language="en", size=(1440, 900))
    page = window.open("/help/")
    page.locator("cc-inbox[state=fresh]").wait_for()
    until(page, f"({COUNT}) === 0")
    page.evaluate("window.stayed = true")
    case = take(town, case, "assign", "desk", handler="@handler")
    arrived()
    until(page, f"({COUNT}) === 1")
    until(page, f"({SAID}) === 'New message: Assigned to you: Vehicle mis-parking'")
    until(page, "document.title.startsWith('(1) ')")
    handler = actor_of(town.people["handler"])
    actions.read_message(newest(town.people["handler"]).pk, actor=handler)
    arrived()
    until(page, f"({COUNT}) === 0")
    actions.prefer(actor=handler, quiet_from=time(0), quiet_until=time(23, 59, 59))
    page.evaluate("document.querySelector('cc-inbox [role=status]').textContent = ''")
    case = take(town, case, "submit", "handler", result="已办", photos="@")
    take(town, case, "redo", "desk", reason="不合格")
    arrived()
    until(page, f"({COUNT}) === 1")
    assert page.evaluate(SAID) == "", "in quiet hours it is counted and not announced"
    assert page.evaluate("window.stayed") is True
    page.locator("cc-inbox a").click()
    page.get_by_role("button", name="To be worked again").first.click()
    page.wait_for_url(f"**/cases/{case.number}/")
    until(page, f"({COUNT}) === 0")
    assert window.complaints == []
    assert window.strangers() == []
