"""A city can be brought back to a moment, with its files; a drill says so, and the health page says when it was."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from cases.contracts import Photo
from cityops import health_page
from cityops.backups import drilling, programs, restoring, taking, verifying
from cityops.backups.named import SOURCES
from core import clock
from journal.models import Epoch
from tests.browser.conftest import ROOT, database_url
from tests.cases.factories import build_town, picture, reported
from tests.video.factories import put_up
from video.adapters import pictures
from video.models import Incident, ModelVersion, Rule, Still

WAITED_S = 60


@pytest.fixture
def kept(tmp_path: Path, settings) -> Path:
    """An empty place for backups, and an empty vault."""
    settings.BACKUP_DIR = str(tmp_path / "backups")
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "backups"


@pytest.fixture
def stream(kept: Path) -> Iterator[None]:
    """The log arrives there, as in a running city; afterwards nobody holds it back for us."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "BACKUP_DIR": str(kept)}
    command = [sys.executable, str(ROOT / "manage.py"), "backup", "--stream"]
    running = subprocess.Popen(command, env=environment)
    try:
        until(lambda: taking.held_back() is not None, "nobody receives the log")
        yield
    finally:
        running.kill()
        running.wait(timeout=WAITED_S)
        until(lambda: taking.held_back() is None, "the receiver is gone and its slot in use")
        mine = f"slot_name = '{taking.SLOT}'"
        asked(f"SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE {mine}")


@pytest.fixture
def home() -> Iterator[Path]:
    """Where a cluster can be restored: a folder that PostgreSQL's own user reaches."""
    folder = Path(tempfile.mkdtemp(prefix="cityops-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder / "c"
    shutil.rmtree(folder)


def asked(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def until(holds: Callable[[], bool], otherwise: str) -> None:
    """Return when it holds."""
    end = time.monotonic() + WAITED_S
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)


def received() -> None:
    """Return when all that was written so far lies with the backups."""
    mine = f"slot_name = '{taking.SLOT}' AND restart_lsn >= '{asked('SELECT pg_current_wal_lsn()')}'"
    until(lambda: asked(f"SELECT count(*) FROM pg_replication_slots WHERE {mine}") == 1, "the log did not arrive")


def other(cluster: restoring.Cluster):
    """A connection to the restored city."""
    wrapper = connection.copy()
    wrapper.settings_dict = {**connection.settings_dict, "HOST": str(cluster.home), "PORT": restoring.PORT}
    return wrapper


@pytest.mark.django_db(transaction=True)
def test_the_city_comes_back_as_it_stood_just_before_a_mistake_with_every_file(kept, stream, home, tmp_path):
    town = build_town()
    call_command("backup")
    reported(town, photos=[Photo(picture(), "later-than-the-backup.jpg")])
    before = verifying.sums()
    at = asked("SELECT clock_timestamp()").astimezone(UTC)
    User.objects.update(label="a wrong script")
    call_command("backup", "--files")
    received()
    assert verifying.sums() != before

    cluster = restoring.restore(kept, home, at)
    media = tmp_path / "new"
    assert restoring.bring_files(kept, media) == 2, "the original and the public copy"
    with restoring.running(cluster):
        again = other(cluster)
        assert verifying.sums(again) == before
        assert drilling.settle(cluster, media, "after the mistake") == []
        with again.cursor() as cursor:
            cursor.execute("SELECT reason FROM journal_epoch ORDER BY number DESC LIMIT 1")
            assert cursor.fetchone() == ("after the mistake",)
        again.close()
    lost = next(path for path in (media / "evidence").rglob("*") if path.is_file())
    lost.unlink()
    assert [lost.name in sentence for sentence in verifying.faults(media)] == [True]
    assert set(User.objects.values_list("label", flat=True)) == {"a wrong script"}, "the running city is not touched"
    assert not Epoch.objects.filter(reason="after the mistake").exists()
    assert town.people


@pytest.mark.django_db
def test_a_moment_before_the_first_backup_is_refused_and_nothing_is_written(kept, tmp_path):
    with pytest.raises(programs.BackupFailed, match="No backup is old enough: there is none"):
        restoring.restore(kept, tmp_path / "c", None)
    told = {"name": "n", "began": "2026-11-01T02:00:00+00:00", "ended": "2026-11-01T02:01:00+00:00", "major": 15,
            "wal": "0" * 24, "files": 0, "database": "city"}  # fmt: skip
    (kept / "base" / "n").mkdir(parents=True)
    (kept / "base" / "n" / taking.TOLD).write_text(json.dumps(told))
    with pytest.raises(programs.BackupFailed, match="the first ended at 2026-11-01T02:01"):
        restoring.restore(kept, tmp_path / "c", datetime(2026, 11, 1, 2, 0, 30, tzinfo=UTC))
    assert not (tmp_path / "c").exists()


@pytest.mark.django_db
def test_pictures_that_cameras_let_go_are_in_no_backup_and_what_nobody_names_leaves_with_time(kept, settings):
    put_up()
    rule, at = Rule.objects.select_related("zone__camera").get(), clock.now()
    incident = Incident.objects.create(
        uid=uuid4(), camera=rule.zone.camera, rule=rule, category="E0407", place="p", place_cell="1:1", label="car",
        anchor=[0, 0, 1, 1], state="violation", mode="review", first_seen=at, last_seen=at, violated_at=at,
        dwell_seconds=9, epoch=1, trace="t",
    )  # fmt: skip
    of_incident, latest = pictures.keep(picture("navy")), pictures.keep(picture("teal"))
    for seal, found in ((of_incident, incident), (latest, None)):
        Still.objects.create(
            camera=rule.zone.camera, incident=found, moment="threshold", at=at, raw_sha256=seal, public_sha256=seal
        )
    ModelVersion.objects.create(name="m", sha256="c" * 64, file="m.pt")
    assert taking.keep_files(kept) == 1
    lies = kept / "files" / pictures.place(of_incident)
    assert lies.exists()
    assert not (kept / "files" / pictures.place(latest)).exists()
    assert list(verifying.faults(kept / "files")) == []
    pictures.drop(latest)
    assert list(verifying.faults(Path(settings.MEDIA_ROOT))) == [], "a detector's weights and drafts are no evidence"

    Still.objects.all().delete()
    taking.keep_files(kept, mark=True)
    taking.forget_files(kept, at)
    assert lies.exists(), "the backups since then may need it"
    taking.forget_files(kept, clock.now() + timedelta(seconds=1))
    assert not lies.exists()


def test_every_column_with_the_hash_of_a_file_is_backed_up_or_said_not_to_be():
    held = {(source.model, column) for source in SOURCES for column in source.columns}
    elsewhere = {
        ("video.ModelVersion", "sha256"), ("exchange.ImportJob", "sha256"), ("exchange.ExportJob", "sha256"),
        ("exchange.Upload", "sha256"), ("evaluation.ReportFile", "sha256"),
    }  # fmt: skip
    seals = ("sha256", "public_sha256", "raw_sha256")
    models = [model for model in apps.get_models() if model._meta.app_label not in ("auth", "sessions")]
    found = {(one._meta.label, field.name) for one in models for field in one._meta.fields if field.name in seals}
    assert found == held | elsewhere


@pytest.mark.django_db
def test_half_a_backup_is_none(kept):
    told(kept, hours=3)
    (kept / "base" / "n").rename(kept / "base" / "n.part")
    assert taking.taken(kept) == []


@pytest.mark.django_db
def test_a_drill_that_cannot_even_copy_is_a_failed_drill(kept, monkeypatch):
    told(kept, hours=3)
    assert "cluster" in drilling.drill(kept).wrong[0], "the base copy is not there"
    assert drilling.last_drill(kept).wrong


def test_a_restore_never_writes_into_a_folder_that_holds_something(kept, tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "PG_VERSION").write_text("15")
    with pytest.raises(programs.BackupFailed, match="is not empty"):
        restoring.restore(kept, tmp_path / "city", None)
    assert [path.name for path in (tmp_path / "city").iterdir()] == ["PG_VERSION"]


@pytest.mark.django_db
def test_without_a_place_for_backups_the_commands_say_what_to_set(settings):
    settings.BACKUP_DIR = ""
    for command in (["backup"], ["drill"], ["restore", "/var/tmp/nowhere"]):
        with pytest.raises(CommandError, match="set BACKUP_DIR"):
            call_command(*command)
    with pytest.raises(CommandError, match="say the zone"):
        call_command("restore", "/var/tmp/nowhere", "--at", "2026-10-01T02:10:00")


@pytest.mark.django_db
def test_the_health_page_says_how_old_backup_and_drill_are_and_what_went_wrong(kept, settings, monkeypatch):
    settings.BACKUP_DIR = ""
    assert levels() == ["off"]
    settings.BACKUP_DIR = str(kept)
    assert levels() == ["critical", "critical", "caution"], "no backup yet, nobody receives the log, no drill yet"
    monkeypatch.setattr(health_page, "held_back", lambda: 4096)
    told(kept, hours=3)
    (kept / drilling.TOLD).write_text(drill_of(hours=30))
    assert levels() == ["normal", "normal", "normal"]
    (kept / drilling.TOLD).write_text(drill_of(hours=30, wrong=["The feed city lacks 2 numbers."]))
    assert levels() == ["normal", "normal", "critical"]
    assert "1" in list(health_page.backups())[2].said
    (kept / drilling.TOLD).write_text(drill_of(hours=50))
    assert levels() == ["normal", "normal", "caution"]
    told(kept, hours=40)
    assert levels() == ["caution", "normal", "caution"]
    monkeypatch.setattr(health_page, "held_back", lambda: 2 * health_page.LONG_LOG)
    assert levels() == ["caution", "caution", "caution"]


def levels() -> list[str]:
    return [one.level for one in health_page.backups()]


def told(kept: Path, hours: int) -> None:
    """The only backup is that old."""
    shutil.rmtree(kept / "base", ignore_errors=True)
    ended = clock.now() - timedelta(hours=hours)
    made = taking.Backup("n", ended - timedelta(minutes=1), ended, 15, "0" * 24, 0, "city")
    (kept / "base" / "n").mkdir(parents=True)
    (kept / "base" / "n" / taking.TOLD).write_text(json.dumps(asdict(made), default=datetime.isoformat))


def drill_of(hours: int, wrong: Sequence[str] = ()) -> str:
    made = drilling.Drill(clock.now() - timedelta(hours=hours), "n", 4.0, list(wrong))
    return json.dumps(asdict(made), default=datetime.isoformat)
