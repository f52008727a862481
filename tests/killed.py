"""A server of ours that is killed between its commit and its answer, for tests of what a repeat then finds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings as configured
from django.db import connection


@contextmanager
def dying_server(**more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, which dies with its first answer, and its address; it stands on the database of the test."""
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {**os.environ, "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}", **more}
    command = [sys.executable, "-m", "tests.dying"]
    process = subprocess.Popen(command, cwd=configured.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.communicate()
