"""What helps whoever writes a pack: a folder to begin with, and its screens before anything is in force."""

import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.errors import Conflict, Invalid
from packs import selectors
from packs.adapters import beginning
from packs.adapters import library as folders
from packs.models import PackRelease
from registers.models import Register
from tests.accounts.factories import holder
from tests.packs.factories import copied

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A library of its own, of which only what every pack needs is kept."""
    found = copied(tmp_path)
    for folder in found.iterdir():
        if folder.is_dir() and folder.name not in ("base", "trades"):
            shutil.rmtree(folder)
    monkeypatch.setattr(folders, "ROOT", found)
    monkeypatch.setattr(beginning, "ROOT", found)
    return found


@pytest.fixture
def boss(db):
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(holder("boss", "admin", "case.see", "register.see"))
    return client


def test_a_pack_that_was_begun_is_sound_and_its_screens_are_drawn_without_putting_it_in_force(root, boss):
    call_command("packs", "new", "tea-houses")
    assert selectors.problems(selectors.library(root), ["tea-houses"]) == []
    page = boss.get("/systems/tea-houses/preview/").content.decode()
    assert page.count("?screen=") == 3
    system = boss.get("/systems/tea-houses/preview/?screen=0").content.decode()
    assert "有效数量" in system
    form = boss.get("/systems/tea-houses/preview/?screen=2").content.decode()
    assert 'name="attr_name"' in form
    assert not PackRelease.objects.exists()
    assert not Register.objects.exists()
    assert boss.get("/systems/tea-houses/").status_code == 404


def test_the_preview_reads_the_folder_anew_and_names_faults_with_file_and_line(root, boss):
    folder = beginning.begin("tea-houses")
    path = folder / "pack.yaml"
    path.write_text(path.read_text("utf-8").replace("columns: [name, kind]", "columns: [name, goods]"), "utf-8")
    page = boss.get("/systems/tea-houses/preview/?screen=0").content.decode()
    assert "library/tea-houses/pack.yaml:" in page
    assert "tea_houses_record 的属性中没有 goods" in page
    assert boss.get("/systems/fairies/preview/").status_code == 404


def test_two_packs_begun_have_classes_of_their_own(root):
    numbers = set()
    for code in ("one", "two"):
        folder = beginning.begin(code)
        numbers |= {row["code"] for row in selectors.library(root).packs[code].document["categories"]}
        assert json.loads((folder / "registers" / f"{code}_record.schema.json").read_text("utf-8"))
    assert len(numbers) == 2


@pytest.mark.parametrize(("code", "kind"), [("base", Conflict), ("Night", Invalid), ("../x", Invalid), ("a", Invalid)])
def test_no_folder_is_written_over_and_none_outside_the_library(root, code, kind):
    with pytest.raises(kind):
        beginning.begin(code)
    with pytest.raises(CommandError):
        call_command("packs", "new", code)
