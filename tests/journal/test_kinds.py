"""The kinds of the whole project are as promised; the files that show them are generated."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from journal import contracts, rules
from journal.contracts import BY_AREA, register_kind
from tests.journal.factories import News, Other

ROOT = Path(__file__).resolve().parents[2]


def real_kinds():
    return {name: kind for name, kind in contracts.kinds().items() if not name.startswith("test.")}


def test_no_kind_changed_without_a_new_version():
    promised = json.loads((ROOT / "tests" / "journal" / "kinds.json").read_text())
    assert rules.changed_without_version(promised, rules.snapshot(real_kinds())) == []


def test_every_kind_is_promised_and_every_promise_kept():
    promised = json.loads((ROOT / "tests" / "journal" / "kinds.json").read_text())
    assert set(promised) == set(real_kinds()), "run manage.py journal_kinds --write"


@pytest.fixture
def elsewhere(tmp_path, settings, monkeypatch):
    """The command works in a folder of its own, on the kinds of these tests."""
    (tmp_path / "tests" / "journal").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    return tmp_path


def test_the_command_writes_what_the_code_says_and_is_then_content(elsewhere):
    with pytest.raises(CommandError, match="journal_kinds --write: kinds.json, journal.md"):
        call_command("journal_kinds")
    call_command("journal_kinds", "--write")
    call_command("journal_kinds")
    page = (elsewhere / "docs" / "journal.md").read_text()
    assert "| `test.told.v1` | by_area, by_org | `number`: int" in page
    register_kind("test.new.v1", Other, BY_AREA)
    with pytest.raises(CommandError, match="journal_kinds --write"):
        call_command("journal_kinds")
    call_command("journal_kinds", "--write")
    assert "test.new.v1" in json.loads((elsewhere / "tests" / "journal" / "kinds.json").read_text())


def test_the_command_refuses_a_changed_kind_even_to_write(elsewhere):
    call_command("journal_kinds", "--write")
    file = elsewhere / "tests" / "journal" / "kinds.json"
    before = file.read_text()
    with contracts.reopened():
        contracts._kinds["test.said_to.v1"] = contracts.Kind("test.said_to.v1", News, BY_AREA)
        with pytest.raises(CommandError, match=r"changed without a new version: test\.said_to\.v1"):
            call_command("journal_kinds", "--write")
    assert file.read_text() == before
