"""A city can be brought back to a moment, with its files; a drill says so, and the health page says when it was."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from cases.contracts import Photo
from cityops import health_page
from cityops.backups import drilling, programs, restoring, taking, verifying
from core import clock
from journal.models import Epoch
from tests.browser.conftest import ROOT, database_url
from tests.cases.factories import build_town, picture, reported

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
    yield
    running.terminate()
    running.wait(timeout=60)
    end = time.monotonic() + WAITED_S
    while asked(f"SELECT active FROM pg_replication_slots WHERE slot_name = '{taking.SLOT}'"):
        assert time.monotonic() < end, "the server still sends the log to somebody"
        time.sleep(0.1)
    asked(f"SELECT pg_drop_replication_slot('{taking.SLOT}')")


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


def received() -> None:
    """Return when all that was written so far lies with the backups."""
    written, end = asked("SELECT pg_current_wal_lsn()"), time.monotonic() + WAITED_S
    arrived = (
        f"SELECT '{written}' <= ALL (SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '{taking.SLOT}')"
    )
    while not asked(arrived):
        assert time.monotonic() < end, "the log did not arrive"
        time.sleep(0.1)


def other(cluster: restoring.Cluster):
    """A connection to the restored city."""
    wrapper = connection.copy()
    wrapper.settings_dict = {**connection.settings_dict, "HOST": str(cluster.home), "PORT": ""}
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
def test_the_health_page_says_how_old_backup_and_drill_are_and_what_went_wrong(kept, settings):
    settings.BACKUP_DIR = ""
    assert levels() == ["off"]
    settings.BACKUP_DIR = str(kept)
    assert levels() == ["critical", "caution"], "no backup yet, no drill yet"
    told(kept, hours=3)
    (kept / drilling.TOLD).write_text(drill_of(hours=30))
    assert levels() == ["normal", "normal"]
    (kept / drilling.TOLD).write_text(drill_of(hours=30, wrong=["The feed city lacks 2 numbers."]))
    assert levels() == ["normal", "critical"]
    assert "The feed city lacks 2 numbers." in list(health_page.backups())[1].said
    (kept / drilling.TOLD).write_text(drill_of(hours=50))
    assert levels() == ["normal", "caution"]
    told(kept, hours=40)
    assert levels() == ["caution", "caution"]


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
