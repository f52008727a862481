"""Zones drawn on a picture, and the review by its keys, before a real browser."""

from accounts.actions import create_user, grant, upsert_role
from tests.browser.conftest import faults_of, until
from tests.cases.factories import CITY, PASSWORD, SETUP, names
from tests.video.factories import ADMIN, classes, put_up, template, zones
from tests.video.painted import ELSEWHERE, SPOT
from tests.video.test_incidents import START, stand, taken
from video import actions
from video.models import Incident, Zone

HEARD = "document.documentElement.dataset.keys === 'heard'"
FIELD = "document.querySelector('#id_polygon').value"
RIGHTS = ("admin", "camera.see", "accept")


def keeper(town):
    """Somebody who draws zones and judges, in a town with a camera that has seen two things too long."""
    classes()
    everywhere = [[0.0, 0.02], [0.98, 0.02], [0.98, 0.98], [0.0, 0.98]]
    put_up(zones=[{**zones(8, mode="review")[0], "polygon": everywhere}])
    actions.upsert_template({**template("street-stall"), "labels": ["stall"], "mode": "review"}, actor=ADMIN)
    stand(taken(), START, START + 12, SPOT, ELSEWHERE)
    upsert_role(code="keeper", names=names("管", "Keeps"), permissions=RIGHTS, actor=SETUP)
    user = create_user(username="keeper", password=PASSWORD, label="管", organisation="centre", actor=SETUP)
    grant(user=user, role="keeper", area=CITY, actor=SETUP)
    return user


def test_a_zone_is_drawn_by_pointer_and_keys_and_incidents_are_judged_by_keys(visit, town):
    window = visit(keeper(town), size=(1440, 900))
    page = window.open("/video/cameras/corner/zones/kerb/")
    page.locator("cc-zone[data-ready]").wait_for()
    assert page.locator(".zoner__corner").count() == 4
    page.locator(".zoner__corner").first.focus()
    page.keyboard.press("ArrowRight")
    until(page, f"{FIELD}.startsWith('1, 2\\n')")
    box = page.locator(".zoner__stage").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.15)
    until(page, f"{FIELD}.split('\\n').length === 5")
    page.keyboard.press("Tab")
    page.locator(".zoner__corner").nth(1).focus()
    page.keyboard.press("Delete")
    until(page, f"{FIELD}.split('\\n').length === 4")
    assert faults_of(page) == []
    page.locator("button[value=save]").click()
    page.locator(".messages").wait_for()
    assert Zone.objects.get().polygon[0] == [0.01, 0.02]

    page = window.open("/video/review/")
    page.locator("[data-key=y]").wait_for()
    assert faults_of(page) == []
    until(page, HEARD)
    page.keyboard.press("2")
    until(page, "document.querySelector('input[name=reason][value=other_thing]').checked")
    page.keyboard.press("n")
    page.locator("[data-key=u]").wait_for()
    until(page, HEARD)
    page.keyboard.press("y")
    until(page, "!document.querySelector('[data-key=y]')")
    assert sorted(Incident.objects.values_list("review", "reason")) == [("confirmed", ""), ("dismissed", "other_thing")]
    for path in ("/video/precision/", "/video/health/"):
        assert faults_of(window.open(path)) == [], path
    assert window.complaints == []
    assert window.strangers() == []
