"""Every test keeps its uploads in a folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings, tmp_path):
    """Files of imports lie beside the test."""
    settings.DATA_DIR = tmp_path
