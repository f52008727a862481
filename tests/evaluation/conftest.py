"""Evaluation plays in the town of the cases, with a scheme in force."""

import pytest

from evaluation import actions, selectors
from journal.actions import deliver
from tests.cases.conftest import real_town, standing_town, time, town
from tests.evaluation.test_rules import JINNIU
from tests.journal.factories import number_all

__all__ = ["real_town", "scheme", "standing_town", "time", "town"]


@pytest.fixture
def scheme(db: None):
    """The scheme of the tests, in force."""
    return actions.save_scheme({**JINNIU, "names": {"zh": "百分制", "en": "Out of 100"}}, pack="test")


@pytest.fixture
def news_taken():
    """Called, it gives evaluation all the news of cases that there is."""

    def take() -> None:
        number_all()
        while deliver(selectors.FOLLOWS):
            pass

    return take
