"""The town of the cases' tests, for stories that end on the wall."""

from tests.cases.conftest import standing_town, time, town

__all__ = ["standing_town", "time", "town"]
