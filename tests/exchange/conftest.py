"""Every test keeps its uploads in a folder of its own."""

import pytest

from tests.cases.conftest import real_town, standing_town, time, town

__all__ = ["real_town", "standing_town", "time", "town"]


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings, tmp_path):
    """Files of imports lie beside the test."""
    settings.DATA_DIR = tmp_path
