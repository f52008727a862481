"""The app of the field before a real browser: without a network, over killed tabs and lost answers, exactly once."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from cases.actions import switch_classes
from cases.models import Case, Evidence, Move
from exchange.models import Upload
from tests.browser.conftest import faults_of, until
from tests.browser.test_pictures import photo
from tests.cases.factories import SETUP, brought_to, point, reported, take

PHONE = (390, 844)
LON, LAT = point()
READY = "已存到本机"
API = re.compile(r"/api/cases$")


def on_the_spot(visit: Any, user: Any, language: str = "zh-hans", **options: Any) -> Any:
    """A phone whose owner has signed in and which says where it is."""
    place = {"longitude": LON, "latitude": LAT, "accuracy": 8}
    return visit(user, language, size=PHONE, permissions=["geolocation"], geolocation=place, has_touch=True, **options)


def prepared(window: Any) -> Any:
    """The app is open, kept by its worker, with the map and the classes: from here no network is needed."""
    page = window.open("/field/")
    until(page, "navigator.serviceWorker.controller !== null")
    page.get_by_text(READY).wait_for()
    return page


def fill(page: Any, category: str = "E0407", pictures: int = 2) -> None:
    """A report as far as the button: pictures, class, place by satellite, a word."""
    page.locator(".fhero").click()
    page.locator("input[capture]").wait_for(state="attached")
    for number in range(pictures):
        page.locator("input[capture]").set_input_files(photo(f"{number}.jpg", ("red", "green", "blue")[number % 3]))
        page.locator(".fphoto").nth(number).wait_for()
    choose(page, category)
    page.locator(".fwhere", has_text="误差约 8 米").wait_for()
    page.get_by_label("情况描述").fill("占道停放")


def choose(page: Any, category: str) -> None:
    page.locator(".fclasses > .fbtn").click()
    page.locator(".fdialog input").fill(category)
    page.locator(".fdialog .fclass").click()


def states(page: Any) -> list[str]:
    """Of what the page lists as sent or waiting, as it stands."""
    return page.locator(".fentry").evaluate_all("rows => rows.map((row) => row.dataset.state)")


def arrived(page: Any, many: int) -> None:
    rows = "[...document.querySelectorAll('.fentry')].map((row) => row.dataset.state)"
    until(page, f"{rows}.length === {many} && {rows}.every((one) => one === 'accepted')")


def test_a_report_made_without_a_network_survives_its_tab_and_arrives_once(visit, town):
    window = on_the_spot(visit, town.people["collector"])
    page = prepared(window)
    context = page.context
    context.set_offline(True)
    page.reload()
    fill(page)
    page.get_by_role("button", name="发送").click()
    until(page, "location.hash === '#sent'")
    page.locator(".fentry").wait_for()
    assert states(page) == ["queued"]
    page.close()
    assert not Case.objects.exists()
    page = context.new_page()
    page.goto(window.server + "/field/#sent")
    page.locator(".fentry").wait_for()
    heard: list[str] = []

    def lost(route: Any) -> None:
        """The server does what it was asked, and the phone never hears of it."""
        heard.append(route.request.headers["idempotency-key"])
        if len(heard) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route(API, lost)
    context.set_offline(False)
    arrived(page, 1)
    found = Case.objects.get()
    assert len(heard) > 1
    assert set(heard) == {found.source_ref.partition("/")[2]}
    assert Evidence.objects.filter(case=found).count() == 2
    assert Upload.objects.count() == 2, "no picture went twice"
    assert (found.attributes["place_by"], found.attributes["accuracy_m"]) == ("gnss", 8)
    assert page.locator(".fentry").inner_text().count(found.number) == 1


def test_what_is_refused_says_why_and_is_sent_again_and_a_phone_keeps_its_people_apart(visit, town):
    window = on_the_spot(visit, town.people["collector"])
    page = prepared(window)
    context = page.context
    context.set_offline(True)
    fill(page, "E0506", pictures=1)
    page.get_by_role("button", name="发送").click()
    page.locator(".fentry").wait_for()
    visit.sign_in(context, town.people["collector2"], "zh-hans")
    context.set_offline(False)
    page.reload()
    page.goto(window.server + "/field/#home")
    page.get_by_text("您好，Collector2").wait_for()
    page.goto(window.server + "/field/#sent")
    page.get_by_text("本机还没有发送记录。").wait_for()
    assert not Case.objects.exists()
    switch_classes(["E0506"], enabled=False, actor=SETUP)
    visit.sign_in(context, town.people["collector"], "zh-hans")
    page.reload()
    page.locator(".fentry[data-state=refused] .fnotice").wait_for()
    why = page.locator(".fentry .fnotice").inner_text()
    assert "E0506" in why
    page.locator(".fentry").get_by_role("link", name="修改").click()
    page.locator(".froom > .fnotice", has_text=why).wait_for()
    choose(page, "E0407")
    page.get_by_role("button", name="发送").click()
    arrived(page, 1)
    found = Case.objects.get()
    assert (found.category_code, found.reported_by) == ("E0407", town.key("collector"))
    assert Evidence.objects.filter(case=found).count() == 1


def test_a_handler_hands_in_pictures_of_the_repair_and_a_collector_checks_them_by_a_few_taps(visit, town):
    case = brought_to(town, "handling")
    window = on_the_spot(visit, town.people["handler"])
    page = prepared(window)
    page.get_by_role("link", name="任务").first.click()
    page.locator(".ftask", has_text="机动车乱停放").click()
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("alert").get_by_text("请说明处置结果。").wait_for()
    page.get_by_label("处置结果").fill("已劝离")
    page.locator("input[capture]").set_input_files(photo("处置后.jpg"))
    page.locator(".fphoto").wait_for()
    page.get_by_role("button", name="提交", exact=True).click()
    arrived(page, 1)
    assert Case.objects.get().stage == "handled"
    assert Evidence.objects.filter(case__number=case.number, phase="handle").count() == 1
    assert window.complaints == []
    assert window.strangers() == []
    for verb, who, given in (("confirm", "desk", {}), ("send_check", "acceptor", {"collector": "@collector"})):
        take(town, Case.objects.get(), verb, who, **given)
    page = prepared(on_the_spot(visit, town.people["collector"]))
    page.get_by_role("link", name="任务").first.click()
    page.locator(".ftask").click()
    page.locator("input[capture]").set_input_files(photo("核查.jpg", "blue"))
    page.locator(".fphoto").wait_for()
    page.get_by_role("button", name="已处置").click()
    arrived(page, 1)
    assert Case.objects.get().stage == "checked"
    assert Move.objects.filter(verb="check_pass").count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_any_screen_and_nothing_runs_off_its_side(visit, town, language):
    verifying = take(town, reported(town, category="E0110"), "send_verify", "acceptor", collector="@collector")
    window = on_the_spot(visit, town.people["collector"], language, bypass_csp=True)
    page = window.open("/field/")
    page.locator(".fhero").wait_for()
    for path in ("#home", "#report", "#tasks", f"#task/{verifying.number}", "#sent", "#phone"):
        page.goto(f"{window.server}/field/{path}")
        name = path[1:].split("/")[0]
        page.locator(f"main[data-ready={name}]").wait_for()
        look(page, f"{name}-{language}")
        if name == "report":
            page.locator(".fclasses > .fbtn").click()
            look(page, f"classes-{language}")
            page.keyboard.press("Escape")
    assert window.complaints == []


def look(page: Any, name: str) -> None:
    """Nothing for axe to find, nothing small under a thumb, nothing beside the screen; with a picture where asked."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.wait_for_timeout(1500)
        page.screenshot(path=Path(folder) / f"field-{name}.png", full_page=True)
    assert faults_of(page) == [], name
    small = (
        "[...document.querySelectorAll('a, button, input:not(.visually-hidden), select, summary')].filter((one) => {"
        " const { width, height } = one.getBoundingClientRect();"
        " return width && (width < 44 || height < 44); }).map((one) => one.outerHTML.slice(0, 90))"
    )
    assert page.evaluate(small) == [], name
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
