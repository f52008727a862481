"""Fixes into their daily tables by COPY, and the newest of each device; nothing here goes through the ORM."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any, NamedTuple

from django.db import connection, transaction

from telemetry.contracts import Fix

ARRIVED = """
    CREATE TEMP TABLE IF NOT EXISTS telemetry_fix_arrived (LIKE telemetry_fix INCLUDING DEFAULTS) ON COMMIT DELETE ROWS
"""
COLUMNS = (
    "device_id, at, digest, received_at, lon, lat, speed, heading, altitude, alarm, status, mileage, quality, extra"
)
COPY = f"COPY telemetry_fix_arrived ({COLUMNS}) FROM STDIN"
KEEP = f"""
    INSERT INTO telemetry_fix ({COLUMNS}) SELECT {COLUMNS} FROM telemetry_fix_arrived
    ORDER BY device_id, at, digest ON CONFLICT DO NOTHING
"""
NEWEST = """
    INSERT INTO telemetry_latest (device_id, at, received_at, geom, speed, heading, alarm, status, quality)
    SELECT DISTINCT ON (a.device_id) a.device_id, a.at, a.received_at, ST_SetSRID(ST_MakePoint(a.lon, a.lat), 4326),
           a.speed, a.heading, a.alarm, a.status, a.quality
      FROM telemetry_fix_arrived a JOIN telemetry_device d ON d.id = a.device_id
     WHERE a.quality IN (0, 5, 7)
     ORDER BY a.device_id, a.at DESC, a.digest
    ON CONFLICT (device_id) DO UPDATE SET at = excluded.at, received_at = excluded.received_at, geom = excluded.geom,
           speed = excluded.speed, heading = excluded.heading, alarm = excluded.alarm, status = excluded.status,
           quality = excluded.quality
     WHERE telemetry_latest.at < excluded.at
"""
SPIKED = (
    "UPDATE telemetry_fix SET quality = 4 WHERE device_id = %s AND at = %s AND digest = %s AND quality IN (0, 5, 7)"
)
LAST = """
    SELECT device_id, extract(epoch FROM at)::double precision, ST_X(geom), ST_Y(geom), speed, status
      FROM telemetry_latest WHERE device_id = ANY(%s)
"""
_LOCK = 808_001


class Correction(NamedTuple):
    """A fix that turned out to be a spike when the next one came."""

    device_id: int
    at: datetime
    digest: int


@transaction.atomic
def keep(fixes: Sequence[Fix], corrections: Iterable[Correction] = ()) -> int:
    """The fixes stand in the tables of their days, once each, and the newest of each device is its latest.

    Answers how many were new. The days must have their tables.
    """
    text = StringIO()
    for fix in fixes:
        text.write(_line(fix))
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(ARRIVED)
        cursor.execute("TRUNCATE telemetry_fix_arrived")
        _copy(cursor, text)
        cursor.execute(KEEP)
        new = int(cursor.rowcount)
        for wrong in corrections:
            cursor.execute(SPIKED, list(wrong))
        cursor.execute(NEWEST)
    return new


def _line(fix: Fix) -> str:
    extra = json.dumps(fix.extra).replace("\\", "\\\\") if fix.extra else "{}"
    mileage = "\\N" if fix.mileage is None else repr(fix.mileage)
    return (
        f"{fix.device_id}\t{fix.at.isoformat()}\t{fix.digest}\t{fix.received_at.isoformat()}\t{fix.lon!r}\t{fix.lat!r}"
        f"\t{fix.speed!r}\t{fix.heading}\t{fix.altitude}\t{fix.alarm}\t{fix.status}\t{mileage}\t{fix.quality:d}\t{extra}\n"
    )


def _copy(cursor: Any, text: StringIO) -> None:
    """By whichever driver there is: psycopg 2 copies from a file, psycopg 3 from a context."""
    if hasattr(cursor, "copy_expert"):
        cursor.copy_expert(COPY, text)
        return
    with cursor.copy(COPY) as copying:
        copying.write(text.read())


def lasts(device_ids: Iterable[int]) -> dict[int, tuple[float, float, float, float, int]]:
    """Where devices were last, for a consumer that has just begun: seconds, lon, lat, speed, status."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [list(device_ids)])
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def table_of(day: date) -> str:
    """What the table of a day is called."""
    return f"telemetry_fix_{day:%Y%m%d}"


def days_standing() -> set[date]:
    """The days that have a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right(c.relname, 8) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'telemetry_fix'::regclass AND c.relname ~ '^telemetry_fix_[0-9]{8}$'"
        )
        return {datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date() for (text,) in cursor.fetchall()}


def make_days(days: Iterable[date]) -> int:
    """Each of the days has a table, and in it what came before it was there; answers how many tables are new."""
    return sum(_make_day(day) for day in sorted(set(days) - days_standing()))


@transaction.atomic
def _make_day(day: date) -> bool:
    name, since = table_of(day), datetime(day.year, day.month, day.day, tzinfo=UTC)
    span = [since, since + timedelta(days=1)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return False
        cursor.execute(f"CREATE TABLE {name} (LIKE telemetry_fix INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        cursor.execute("LOCK TABLE telemetry_fix_other IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            f"WITH moved AS (DELETE FROM telemetry_fix_other WHERE at >= %s AND at < %s RETURNING *)"
            f" INSERT INTO {name} SELECT * FROM moved", span,
        )  # fmt: skip
        cursor.execute(f"ALTER TABLE telemetry_fix ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)", span)
    return True


def drop_days(before: date) -> int:
    """The tables of days before that one are gone, and what came before it for days without one; how many tables."""
    gone = sorted(day for day in days_standing() if day < before)
    with connection.cursor() as cursor:
        for day in gone:
            cursor.execute(f"DROP TABLE {table_of(day)}")
        cursor.execute(
            "DELETE FROM telemetry_fix_other WHERE received_at < %s",
            [datetime(before.year, before.month, before.day, tzinfo=UTC)],
        )
    return len(gone)
