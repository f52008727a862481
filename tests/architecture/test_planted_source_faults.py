"""The house rules notice what they forbid: each is given a planted fault and a clean twin."""

import ast

import pytest

from tests.architecture import rules
from tests.architecture.source import Source


def source(text: str, path: str = "cases/rest.py") -> Source:
    return Source(path, text, ast.parse(text))


LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 40
DEEP = """
def f(a):
    if a:
        for b in a:
            while b:
                with b:
                    pass
"""
FLAT_ELIFS = """
def f(a):
    if a == 1:
        pass
    elif a == 2:
        pass
    elif a == 3:
        pass
    elif a == 4:
        pass
    elif a == 5:
        pass
"""

PLANTED = [
    (rules.too_long, "x = 1\n" * 401, "x = 1\n" * 400),
    (rules.too_long, LONG_FUNCTION, "def f():\n" + "    x = 1\n" * 39),
    (rules.too_deep, DEEP, FLAT_ELIFS),
    (rules.queries, "Case.objects.get(pk=1)", "selectors.case(1)"),
    (rules.clock_calls, "from datetime import datetime\ndatetime.now()", "clock.now()"),
    (rules.clock_calls, "import datetime\ndatetime.datetime.now(tz)", "moment.time()"),
    (rules.clock_calls, "timezone.now()", "timezone.localtime(moment)"),
    (rules.clock_calls, "time.time()", "time.monotonic()"),
    (rules.drivers, "import psycopg2.extras", "from django.db import connection"),
    (rules.drivers, "from psycopg import sql", "import psycopgraphy"),
    (rules.inner_imports, "def f():\n    import os", "import os\ndef f():\n    pass"),
]


@pytest.mark.parametrize(("rule", "guilty", "innocent"), PLANTED)
def test_a_planted_fault_is_found_and_its_twin_is_not(rule, guilty, innocent):
    assert list(rule(source(guilty)))
    assert list(rule(source(innocent))) == []


@pytest.mark.parametrize("path", ["cases/utils.py", "cases/rules/helpers.py", "core/common.py"])
def test_a_drawer_is_found_by_its_name(path):
    assert list(rules.drawers(source("", path)))
    assert list(rules.drawers(source("", "cases/rules.py"))) == []


@pytest.mark.parametrize("path", ["cases/rest.py", "cases/rest/views.py", "video/tasks.py", "journal/live.py"])
def test_an_entrance_is_known_by_its_place(path):
    assert rules.is_entrance(source("", path))


@pytest.mark.parametrize("path", ["cases/selectors.py", "cases/actions/steps.py", "core/geo.py"])
def test_other_modules_are_no_entrances(path):
    assert not rules.is_entrance(source("", path))


@pytest.mark.parametrize(
    "line",
    ["import x  # noqa: F401", "y = f()  # type: ignore[arg-type]", "x = 1  # nosec", "  ignore_imports =\n    a -> b"],
)
def test_every_way_of_looking_away_is_found(line):
    assert list(rules.silencers("x.py", line))
    assert list(rules.silencers("x.py", "# this comment only says why")) == []
