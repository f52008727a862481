"""The first set-up of a city: every step says what is really there, can be left, and stands in nobody's way."""

import pytest
from django.test import Client

from accounts.actions import change_person, first_administrator, grant
from accounts.models import User
from core.errors import Conflict, Forbidden
from core.scope import Actor, Duty, Ground
from dashboard import selectors
from grid import actions as grid
from grid.models import GridVersion, Region
from packs.actions import apply
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP
from tests.dashboard.test_wall import signed_in

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


def done():
    return {step.code: step.done for step in selectors.first_steps()}


def test_the_first_administrator_starts_at_the_set_up_of_the_city(first):
    answer = first.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/setup/")
    page = first.get("/setup/").content.decode()
    assert page.count('data-done="false"') == 8
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


@pytest.mark.django_db
def test_a_city_with_districts_is_not_renamed_into_another(town):
    with pytest.raises(Conflict):
        grid.name_city(**SHANTOU, actor=SETUP)
    assert set(done()) == {
        "city", "divisions", "boundaries", "cells", "publish", "organisations", "classes", "people",
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
    free = {step.code: step.facts for step in selectors.first_steps()}["people"]["free"]
    assert "command.district" not in free
    for user in User.objects.all():
        change_person(user.pk, active=False, actor=SETUP)
    assert {step.code: step.facts for step in selectors.first_steps()}["people"]["free"] == [
        duty.value for duty in Duty
    ]
