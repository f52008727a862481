"""The plan of codes for programs: read, saved as a whole, given up; refused where codes would not fit."""

import pytest
from django.test import Client

from assets import selectors
from assets.models import PlanOfComponentCodes
from grid.models import PlanOfCodes
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import CITY, HERE, build_town
from tests.dashboard.test_wall import signed_in
from tests.seen import tag_at

pytestmark = pytest.mark.django_db
PATH = "/api/code-plan"
OWN = {
    "regions": {"standard": "CJJ/T 213", "edition": "2005", "district": 6, "street": 9, "community": 11, "cell": 14},
    "components": {"standard": "CJJ/T 213", "edition": "2005", "digits": 15},
}


@pytest.fixture
def boss():
    """Who administers all of a city that has no map yet."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


def put(client, given, seen=None):
    return client.put(PATH, given, "application/json", headers=seen or tag_at(client, PATH))


def kinds():
    return list(Entry.objects.filter(kind__contains="code_plan").order_by("pk").values_list("kind", flat=True))


def test_the_plan_is_saved_as_it_is_read_and_given_up_again(boss):
    before = boss.get(PATH).json()
    assert (before["own"], before["regions"]["cell"], before["components"]["digits"]) == (False, 15, 16)
    saved = put(boss, OWN)
    assert (saved.status_code, saved.json()) == (200, {"own": True, **OWN})
    assert saved["ETag"] == boss.get(PATH)["ETag"]
    assert kinds() == ["grid.code_plan_saved.v1", "assets.code_plan_saved.v1"]
    assert boss.delete(PATH, headers=tag_at(boss, PATH)).json() == before
    assert not PlanOfCodes.objects.filter(pack="").exists()


def test_what_somebody_else_changed_since_it_was_read_is_not_overwritten(boss):
    seen = tag_at(boss, PATH)
    put(boss, OWN)
    for answer in (put(boss, OWN, seen), boss.delete(PATH, headers=seen)):
        assert (answer.status_code, answer.json()["code"]) == (412, "version.stale")
    assert boss.put(PATH, OWN, "application/json").status_code == 428
    assert boss.delete(PATH).status_code == 428
    assert selectors.code_plans() == {"own": True, **OWN}


@pytest.mark.parametrize(
    ("regions", "components", "status", "code"),
    [
        ({}, {}, 409, "grid.code_plan_in_use"),
        ({"community": 12, "cell": 10}, {}, 400, "grid.code_plan_widths"),
        ({"community": 12, "cell": 15}, {"digits": 10}, 400, "assets.code_plan_digits"),
        ({"cell": "many"}, {}, 400, "request.invalid"),
    ],
)
def test_a_plan_that_is_none_or_that_codes_would_not_fit_is_refused_whole(boss, regions, components, status, code):
    build_town()
    given = {"regions": OWN["regions"] | regions, "components": OWN["components"] | components}
    answer = put(boss, given)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "%(" not in answer.json()["message"]
    assert not PlanOfCodes.objects.filter(pack="").exists()
    assert not PlanOfComponentCodes.objects.filter(pack="").exists()
    assert kinds() == []


def test_who_administers_a_part_of_the_city_neither_reads_nor_settles_codes():
    build_town()
    part = signed_in("part", "part", ["admin"], f"{CITY}.{HERE}")
    assert part.get(PATH).status_code == 403
    assert part.put(PATH, OWN, "application/json", headers={"If-Match": f'"{"0" * 32}"'}).status_code == 403
    assert part.delete(PATH, headers={"If-Match": f'"{"0" * 32}"'}).status_code == 403
    assert selectors.code_plans()["own"] is False
