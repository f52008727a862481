"""Cases go where their organisations go; what was said of them before stays as it was said."""

import pytest

from accounts.actions import close_organisation, create_organisation, move_organisation, preview_move
from cases import actions
from cases.models import Case, Move
from cases.selectors import visible_to
from core.errors import Conflict
from journal.actions import deliver, number
from journal.models import Entry
from tests.cases.factories import CITY, HERE, SETUP, Town, brought_to, build_town, names

pytestmark = pytest.mark.django_db
DEPARTMENT = f"d{HERE}-appearance"


@pytest.fixture
def town() -> Town:
    made = build_town()
    create_organisation(
        code="bureau", names=names("城管局", "Bureau"), kind="department", level="city", parent="centre", area=CITY,
        actor=SETUP,
    )  # fmt: skip
    return made


def relay() -> None:
    while number() or deliver():
        pass


def test_the_cases_of_a_department_that_moves_go_along_and_it_still_sees_them(town: Town) -> None:
    case = brought_to(town, "dispatched")
    row = Case.objects.get(number=case.number)
    before, moves = row.org, list(Move.objects.values_list("org", flat=True))
    told = preview_move(DEPARTMENT, parent="bureau", actor=SETUP)
    assert {one.code: one.count for one in told.counted}["open_cases"] == 1
    move_organisation(DEPARTMENT, parent="bureau", actor=SETUP)
    relay()
    row.refresh_from_db()
    assert (row.org, row.version) == (f"centre.bureau.{DEPARTMENT}", case.version)
    assert visible_to(town.actor("desk")).filter(number=case.number).exists()
    assert list(Move.objects.values_list("org", flat=True)) == moves, "history says what was true"
    assert Entry.objects.filter(kind="case.dispatched.v1", org=before).exists()
    entry = Entry.objects.get(kind="case.organisation_followed.v1")
    assert (entry.data["before"], entry.data["cases"]) == (before, 1)


def test_a_case_that_was_written_down_during_the_move_is_brought_along_by_the_sweep(town: Town) -> None:
    case = brought_to(town, "dispatched")
    stale = Case.objects.get(number=case.number).org
    move_organisation(DEPARTMENT, parent="bureau", actor=SETUP)
    relay()
    Case.objects.filter(number=case.number).update(org=stale)
    assert [actions.follow_organisations() for _ in range(2)] == [1, 0]
    assert Case.objects.get(number=case.number).org == f"centre.bureau.{DEPARTMENT}"


def test_a_department_with_open_cases_is_not_closed(town: Town) -> None:
    brought_to(town, "dispatched")
    with pytest.raises(Conflict) as caught:
        close_organisation(DEPARTMENT, actor=SETUP)
    assert caught.value.code == "accounts.closing_hindered"
    assert caught.value.params["count"] == 1
