"""The first set-up of a city: every step says what is really there, can be left, and stands in nobody's way."""

import pytest
from django.test import Client

from accounts.actions import change_person, first_administrator, grant
from accounts.models import User
from assets import selectors as assets
from cases.models import Category
from core.errors import Conflict, Forbidden
from core.scope import Actor, Duty, Ground
from dashboard import selectors
from grid import actions as grid
from grid import selectors as selectors_of_grid
from grid.models import GridVersion, Region
from packs.actions import apply
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP
from tests.dashboard.test_wall import signed_in

OWN = {
    "standard": "CJJ/T 213", "edition": "2005", "district": 6, "street": 9, "community": 11, "cell": 14,
    "component_standard": "CJJ/T 213", "component_edition": "2005", "digits": 15,
}  # fmt: skip
SHANTOU = {"code": "440500", "zh": "汕头市", "en": "Shantou"}


@pytest.fixture
def first(db):
    """The first administrator of an installation in which nothing else is."""
    apply(["base"], actor=SETUP)
    user = first_administrator(username="root", password=PASSWORD, label="Root", actor=SETUP)
    grant(user=user, role="administrator", actor=SETUP)
    client = Client()
    client.force_login(user)
    return client


def steps():
    return {step.code: step for step in selectors.first_steps(SETUP)}


def done():
    return {code: step.done for code, step in steps().items()}


def test_the_first_administrator_starts_at_the_set_up_of_the_city(first):
    answer = first.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/setup/")
    page = first.get("/setup/").content.decode()
    assert page.count('data-done="false"') == 12
    assert 'id="step-city"' in page
    assert first.get("/imports/").status_code == 200, "nothing waits for the set-up"


def test_naming_the_city_is_the_first_step_and_it_stays_named(first):
    answer = first.post("/setup/", SHANTOU)
    assert answer.status_code == 302
    assert done()["city"] is True
    assert Region.objects.get().names == {"zh": "汕头市", "en": "Shantou"}
    assert GridVersion.objects.get().state == "draft"
    first.post("/setup/", SHANTOU | {"en": "Shantou City"})
    assert Region.objects.get().names["en"] == "Shantou City"
    assert "440500" in first.get("/setup/").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "440501"}, "440501"),
        ({"code": "4405"}, "4405"),
        ({"code": "四四〇五〇〇"}, "四四〇五〇〇"),
        ({"en": " "}, "field__error"),
    ],
)
def test_a_city_that_cannot_be_is_refused_and_what_was_typed_stays(first, change, said):
    answer = first.post("/setup/", SHANTOU | change)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert "汕头市" in page
    assert Region.objects.count() == 0


def test_another_city_takes_the_place_of_one_that_has_nothing_beneath_it(first):
    first.post("/setup/", SHANTOU)
    first.post("/setup/", {"code": "440300", "zh": "深圳市", "en": "Shenzhen"})
    assert [row.code for row in Region.objects.all()] == ["440300"]


def test_the_plan_of_codes_is_saved_on_a_page_of_its_own_and_given_up_again(first):
    assert done()["codes"] is False
    old = first.get("/setup/codes/").context["version"]
    assert first.post("/setup/codes/", OWN).status_code == 412, "a form without a version changes nothing"
    assert first.post("/setup/codes/", OWN | {"version": old}).status_code == 302
    assert (selectors_of_grid.code_plan().cell, assets.component_plan().digits) == (14, 15)
    late = first.post("/setup/codes/", OWN | {"version": old, "cell": 15})
    assert (late.status_code, 'name="cell" value="15"' in late.text) == (412, True)
    assert [(one.before, one.now) for one in late.context["meanwhile"]][-1] == ("16", "15")
    assert first.post("/setup/codes/drop/", {"version": old}).status_code == 412
    assert selectors_of_grid.code_plan().cell == 14, "what the other saved stays"
    assert done()["codes"] is True
    shown = first.get("/setup/codes/")
    page = shown.content.decode()
    assert "44050100102" in page, "an example in the digits of the plan"
    assert "14" in first.get("/setup/").content.decode()
    assert first.post("/setup/codes/drop/", {"version": shown.context["version"]}).status_code == 302
    assert (selectors_of_grid.code_plan().cell, assets.component_plan().digits) == (15, 16)


def test_a_calendar_without_days_of_this_year_is_not_done(first, time):
    assert done()["calendar"] is True
    time.pass_by(days=365 * 3)
    assert steps()["calendar"].facts["lacking"] == [{"code": "office_hours", "year": time.moment.year}]
    first.force_login(User.objects.get())
    assert "没有休息日" in first.get("/setup/").content.decode()


@pytest.mark.django_db
def test_a_city_with_districts_is_not_renamed_into_another(town):
    with pytest.raises(Conflict):
        grid.name_city(**SHANTOU, actor=SETUP)
    assert set(done()) == {
        "codes", "city", "divisions", "boundaries", "cells", "publish", "organisations", "calendar", "classes",
        "responsibility", "components", "people", "areas",
    }  # fmt: skip
    assert done()["publish"] is True


@pytest.mark.django_db
def test_only_who_administers_the_whole_city_names_it(town):
    with pytest.raises(Forbidden):
        grid.name_city(**SHANTOU, actor=Actor("x", "x", {"admin": (Ground(area=f"{CITY}.{HERE}"),)}))
    assert signed_in("part", "part", ["admin"], f"{CITY}.{HERE}").get("/setup/").status_code == 403
    assert signed_in("sees", "sees", ["case.see"], CITY).get("/setup/").status_code == 403


@pytest.mark.django_db
def test_in_a_city_that_runs_nobody_is_sent_to_the_set_up(town):
    client = signed_in("admin1", "adm", ["admin"], "")
    assert client.get("/")["Location"] != "/setup/"
    page = client.get("/setup/").content.decode()
    assert 'data-step="city" data-done="true"' in page


@pytest.mark.django_db
def test_a_duty_that_somebody_has_in_one_district_is_not_told_as_missing(town):
    free = steps()["people"].facts["free"]
    assert "command.district" not in free
    for user in User.objects.all():
        change_person(user.pk, active=False, actor=SETUP)
    assert steps()["people"].facts["free"] == [duty.value for duty in Duty]


@pytest.mark.django_db
def test_a_plan_that_codes_would_not_fit_is_refused_whole_with_a_sentence(town):
    first = signed_in("admin2", "adm2", ["admin"], "")
    seen = {"version": first.get("/setup/codes/").context["version"]}
    answer = first.post("/setup/codes/", OWN | seen)
    assert answer.status_code == 409
    assert "12" in answer.content.decode()
    impossible = first.post("/setup/codes/", OWN | seen | {"cell": 15, "community": 12, "digits": 11})
    assert impossible.status_code == 400
    assert first.post("/setup/codes/", OWN | seen | {"cell": 10, "community": 12}).status_code == 400
    assert selectors_of_grid.plan_of_pack("") is None, "neither half was kept"
    assert (selectors_of_grid.code_plan().cell, assets.component_plan().digits) == (15, 16)
    assert signed_in("part", "part", ["admin"], f"{CITY}.{HERE}").get("/setup/codes/").status_code == 403


@pytest.mark.django_db
def test_what_keeps_a_city_from_being_ready_is_counted_step_by_step(town, time):
    found = steps()
    assert found["codes"].done, "a map that was begun settles its codes"
    assert found["classes"].facts["kinds"] == {"component": 1, "event": 3}
    Category.objects.filter(kind="component").update(retired=True)
    assert not done()["classes"], "classes of events alone are half a catalogue"
    assert found["areas"].facts["lone"] > 0
    assert not found["areas"].done
    assert not found["components"].done
    assert found["responsibility"].done is not bool(found["responsibility"].facts["holes"])
