"""Evaluation plays in the town of the cases, with a scheme in force."""

import pytest

from evaluation import actions
from tests.cases.conftest import standing_town, time, town
from tests.evaluation.test_rules import JINNIU

__all__ = ["scheme", "standing_town", "time", "town"]


@pytest.fixture
def scheme(db: None):
    """The scheme of the tests, in force."""
    return actions.save_scheme({**JINNIU, "names": {"zh": "百分制", "en": "Out of 100"}}, pack="test")
