"""./run prove restore: a city is brought back to one second before a mass change, with every file.

A base backup is taken, the log is streamed, the city goes on working (cases with pictures, reported through the door);
then a wrong script changes every account, every case's words and every component. The restore to one second before must
hold the same rows in every table, by count and by sum, and every file by its seal.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.models import User
from assets.models import Asset
from bench.harness import manage, private_database, wait_until
from bench.result import Result
from cases.contracts import Photo
from cases.models import Case
from cityops.backups import drilling, restoring, taking, verifying
from tests.cases.factories import Town, build_town, picture, reported


def asked(sql: str) -> object:
    """The one answer of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@contextmanager
def streaming(url: str, folder: Path) -> Iterator[None]:
    """Inside, the log is received; afterwards nobody holds it back."""
    receiver = manage("backup", "--stream", environment={"DATABASE_URL": url, "BACKUP_DIR": str(folder)}).start()
    try:
        wait_until(lambda: taking.held_back() is not None, 60, "a receiver of the log")
        yield
    finally:
        receiver.stop()
        wait_until(lambda: taking.held_back() is None, 60, "the end of the receiver")
        mine = f"slot_name = '{taking.SLOT}'"
        asked(f"SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE {mine}")


def received() -> None:
    """Return when all that was written so far lies with the backups."""
    mine = f"slot_name = '{taking.SLOT}' AND restart_lsn >= '{asked('SELECT pg_current_wal_lsn()')}'"
    wait_until(lambda: asked(f"SELECT count(*) FROM pg_replication_slots WHERE {mine}") == 1, 60, "the log")


def work(town: Town, numbers: range) -> None:
    """A case of each number is reported in the town, every fifth with a picture of its own."""
    chance = random.Random(numbers.start)
    for number in numbers:
        shade = f"#{chance.randrange(2**24):06x}"
        photos = [Photo(picture(shade), f"{number}.jpg")] if number % 5 == 0 else []
        reported(town, photos=photos, description=f"第{number}件")


def spoil() -> int:
    """A wrong script at work: rows of several tables are changed by the thousand; answers how many."""
    return sum((
        User.objects.update(label="?"),
        Case.objects.update(description="?"),
        Asset.objects.update(names={"zh": "?", "en": "?"}),
    ))  # fmt: skip


def compare(cluster: restoring.Cluster, before: dict[str, tuple[int, str]]) -> tuple[int, int]:
    """How many tables hold another number of rows, and how many other content."""
    wrapper = connection.copy()
    wrapper.settings_dict = {**connection.settings_dict, "HOST": str(cluster.home), "PORT": restoring.PORT}
    after = verifying.sums(wrapper)
    wrapper.close()
    tables = before.keys() | after.keys()
    counts = sum(before.get(name, (-1, ""))[0] != after.get(name, (-1, ""))[0] for name in tables)
    return counts, sum(before.get(name) != after.get(name) for name in tables)


def main() -> int:
    """Works, spoils, restores, compares."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cases", type=int, default=1500)
    given = reader.parse_args()
    result = Result("restore")
    home = Path(tempfile.mkdtemp(prefix="cityops-restore-", dir="/var/tmp"))
    home.chmod(0o755)
    settings.MEDIA_ROOT = str(home / "media")
    try:
        with private_database("restore") as url, streaming(url, home / "backups"):
            prove(home, given.cases, result)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return result.finish()


def prove(home: Path, cases: int, result: Result) -> None:
    """The story of this proof."""
    folder = home / "backups"
    town = build_town()
    work(town, range(cases // 3))
    began = time.perf_counter()
    taking.take(folder, keep=2)
    result.add("base backup, checked", time.perf_counter() - began, "s")
    work(town, range(cases // 3, cases))
    before = verifying.sums()
    at = mistake_at()
    time.sleep(1)  # the restore goes to one second before the first wrong row
    result.add("rows that the mistake changed", spoil())
    spoiled = verifying.sums()
    changed = sum(before[name] != spoiled.get(name) for name in before)
    result.expect("tables that the mistake changed", changed, at_least=2)
    taking.keep_files(folder)
    received()
    began = time.perf_counter()
    cluster = restoring.restore(folder, home / "c", at)
    files = restoring.bring_files(folder, home / "new")
    with restoring.running(cluster):
        result.add("restore to the moment", time.perf_counter() - began, "s")
        counts, contents = compare(cluster, before)
        wrong = drilling.settle(cluster, home / "new", "proved")
    result.add("tables compared", len(before))
    result.expect("rows compared", sum(rows for rows, _sum in before.values()), at_least=cases)
    result.expect("files brought back", files, at_least=cases // 5)
    result.expect("tables with another number of rows", counts, at_most=0)
    result.expect("tables with other content", contents, at_most=0)
    result.expect("faults that amcheck, journal, migrations and seals show", len(wrong), at_most=0)
    for sentence in wrong[:5]:
        result.note(sentence)


def mistake_at() -> datetime:
    """The moment of the database's own clock to which the city is brought back: what was committed by now stays."""
    found = asked("SELECT clock_timestamp()")
    if not isinstance(found, datetime):
        raise TypeError(found)
    return found.astimezone(UTC)


if __name__ == "__main__":
    sys.exit(main())
