"""`manage.py import_city`: the same import from a shell, in this process."""

import io
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assets import selectors as components
from exchange.models import ImportJob
from grid import selectors
from packs import actions as packs
from tests.exchange.factories import ADMIN, BOUNDARIES, DIVISIONS, TREE
from tests.exchange.test_real_files import there
from tests.grid.factories import middle, put_map

pytestmark = pytest.mark.django_db
TWICE = TREE + "440304001001,又是园岭,440304001000,community\n"


def shell(file: Path, *arguments: str, kind: str = "divisions") -> str:
    """What the command prints."""
    told = io.StringIO()
    call_command("import_city", str(file), "--kind", kind, *arguments, stdout=told)
    return told.getvalue()


@pytest.fixture
def tree(tmp_path) -> Path:
    file = tmp_path / "tree.csv"
    file.write_text(TREE + "4.4E+11,坏,440304000000,street\n", encoding="utf-8")
    return file


def state() -> str:
    return ImportJob.objects.get().state


def test_a_dry_run_tells_everything_and_stores_nothing(tree):
    told = shell(tree, "--dry-run", "--yes", "--language", "en")
    assert told.startswith("Divisions: 5  (")
    assert "add 4" in told
    assert "Row 5 (line 6), column code: 4.4E+11 was a code" in told
    assert (state(), selectors.newest_draft()) == ("cancelled", 0)


def test_yes_takes_it_over_and_says_how_many(tree):
    told = shell(tree, "--yes")
    assert "done: {'add': 4" in told
    assert state() == "done"
    assert len(selectors.draft_regions(selectors.newest_draft())) == 4


@pytest.mark.parametrize(("answer", "end"), [("y", "done"), ("n", "cancelled"), ("", "cancelled")])
def test_without_yes_it_asks(tree, monkeypatch, answer, end):
    monkeypatch.setattr("builtins.input", lambda _asked: answer)
    shell(tree)
    assert state() == end


def test_a_grave_suspicion_stops_it_with_status_1_and_a_sentence_until_it_was_read(tmp_path):
    file = tmp_path / "twice.csv"
    file.write_text(TWICE, encoding="utf-8")
    with pytest.raises(CommandError, match="There are suspicions about this file") as stopped:
        shell(file, "--yes", "--language", "en")
    assert stopped.value.returncode == 1
    assert (state(), selectors.newest_draft()) == ("cancelled", 0)
    shell(file, "--yes", "--accept-suspicions")
    assert len(selectors.draft_regions(selectors.newest_draft())) == 4


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "The file is empty"),
        ("a.exe", b"MZ", "is no CSV, XLSX"),
        ("a.csv", b"wrong,header\n1,2\n", "Choose the column of the field Code"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(tmp_path, name, content, sentence):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        shell(file, "--yes", "--language", "en")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="no such file"):
        shell(tmp_path / "nowhere.csv", "--yes")


def test_settings_and_columns_are_given_as_pairs_and_attributes_of_a_type_are_guessed(tmp_path):
    put_map()
    packs.apply(["catalogue-components"], actor=ADMIN)
    lon, lat = middle(0, 0)
    file = tmp_path / "covers.csv"
    file.write_text(f"no,东,北,材质,直径\n7,{lon},{lat},铸铁,700mm\n", encoding="utf-8")
    pairs = ("--map", "sequence=no", "--map", "lon=东", "--map", "lat=北", "--set", "type=water_cover")
    shell(file, *pairs, "--yes", kind="components")
    made = components.asset("4499010101000007", actor=ADMIN)
    assert made.attributes == {"material": "铸铁", "diameter_mm": 700}


def test_an_empty_installation_gets_the_tree_and_the_outlines_of_real_cities():
    assert "5057" in shell(there(DIVISIONS), "--yes")
    told = shell(there(BOUNDARIES), "--yes", kind="boundaries")
    assert "done: {'add': 9" in told
    version = selectors.newest_draft()
    tree = selectors.draft_regions(version)
    assert Counter(one.level for one in tree.values()) == {"city": 3, "district": 27, "street": 324, "community": 4700}
    assert all(one.parent in tree for one in tree.values() if one.level != "city")
    outlines = selectors.draft_outlines(version)
    assert len(outlines) == 9
    assert {tree[code].level for code in outlines} == {"district"}
    assert all(code.startswith("4403") for code in outlines)
