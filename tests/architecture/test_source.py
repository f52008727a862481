"""Sizes, entrances, clocks, drivers, names, ignores: every file of ours keeps the house rules."""

import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.architecture import rules
from tests.architecture.source import APPS, ROOT, Source, sources

# These read the machine's clock on purpose: the source of time itself, and programs outside the platform.
OWN_CLOCKS = ("core/clock.py", "simulator/", "bench/")


def faults(rule: Callable[[Source], Iterator[str]], *packages: str) -> str:
    return said([fault for source in sources(*packages) for fault in rule(source)])


def said(found: list[str]) -> str:
    """All of them, one a line, so that a failure names every place at once."""
    return "\n".join(["", *found]) if found else "none"


def test_modules_and_functions_stay_small():
    assert faults(rules.too_long) == "none"


def test_blocks_nest_at_most_three_deep():
    assert faults(rules.too_deep) == "none"


def test_entrances_do_not_query():
    entrances = [source for source in sources(*APPS) if rules.is_entrance(source)]
    assert len(entrances) > 10, "the test sees the entrances"
    assert said([fault for source in entrances for fault in rules.queries(source)]) == "none"


def test_time_comes_from_the_clock_that_tests_can_set():
    found = [fault for source in sources() for fault in rules.clock_calls(source)]
    assert said([fault for fault in found if not fault.startswith(OWN_CLOCKS)]) == "none"


def test_no_file_imports_the_database_driver():
    assert faults(rules.drivers) == "none"


def test_no_import_hides_inside_a_function():
    assert faults(rules.inner_imports) == "none"


def test_no_module_is_a_drawer():
    assert faults(rules.drawers) == "none"


def tracked_files() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [name for name in listing.split("\0") if name]


@pytest.mark.parametrize("suffix", [".py", ".toml", ".importlinter", ".cfg", ".ini", ".js"])
def test_no_checker_is_told_to_look_away(suffix):
    names = [name for name in tracked_files() if name.endswith(suffix) and (ROOT / name).exists()]
    own = {"tests/architecture/rules.py", "tests/architecture/test_planted_source_faults.py"}
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in names if name not in own}
    assert said([fault for name, text in texts.items() for fault in rules.silencers(name, text)]) == "none"


def test_every_app_of_the_architecture_is_installed(settings):
    assert tuple(settings.APPS) == APPS
