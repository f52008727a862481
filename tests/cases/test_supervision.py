"""Whose supervision area a case lies in is asked first to go and look."""

import pytest
from django.test import Client

from cases import selectors
from cases.models import Case
from grid import actions as grid
from tests.cases.factories import AREA_HERE, SETUP, build_town, names, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return build_town()


def walks(town, who: str) -> None:
    """This collector walks the community of the case."""
    community = AREA_HERE.rpartition(".")[2]
    grid.save_supervision_area("A1", actor=SETUP, names=names("一网", "One"), cells=community)
    grid.assign_collector("A1", actor=SETUP, user_id=town.people[who].pk)


def test_the_collector_of_the_supervision_area_is_proposed_and_marked(town):
    case = Case.objects.get(number=reported(town).number)
    assert selectors.walkers(case) == frozenset()
    walks(town, "collector2")
    assert selectors.walkers(case) == {town.key("collector2")}
    acceptor = Client()
    acceptor.force_login(town.people["acceptor"])
    text = acceptor.get(f"/cases/{case.number}/", headers={"accept-language": "en"}).content.decode()
    chosen = f'<option value="{town.key("collector2")}" selected>Collector2 · supervision area of this cell</option>'
    assert chosen in text
    assert text.index(chosen) < text.index(f'<option value="{town.key("collector")}">Collector</option>')


def test_another_collector_of_the_ground_may_be_sent_all_the_same(town):
    walks(town, "collector2")
    case = Case.objects.get(number=reported(town).number)
    assert {one.key for one in selectors.candidates(case, "collector")} == {
        town.key("collector"), town.key("collector2"),
    }  # fmt: skip
