"""Readings into their daily tables by COPY, and out of them by time: nothing here goes through the ORM."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any, NamedTuple

from django.db import connection

from telemetry.contracts.observations import Flag
from telemetry.rules.levels import Reading

ARRIVED = """
    CREATE TEMP TABLE IF NOT EXISTS telemetry_arrived (LIKE telemetry_observation) ON COMMIT DELETE ROWS;
    TRUNCATE telemetry_arrived;
"""
COPY = "COPY telemetry_arrived (stream_id, at, received_at, value, flag) FROM STDIN"
KEEP = """
    INSERT INTO telemetry_observation (stream_id, at, received_at, value, flag)
    SELECT stream_id, at, received_at, value, flag FROM telemetry_arrived
    ON CONFLICT (stream_id, at) DO NOTHING RETURNING stream_id, at
"""
HELD = """
    SELECT o.stream_id, o.at, o.value FROM telemetry_observation o
    JOIN telemetry_arrived a ON a.stream_id = o.stream_id AND a.at = o.at
    WHERE o.at BETWEEN %s AND %s
"""
READ = """
    SELECT extract(epoch FROM at)::double precision, stream_id, value FROM telemetry_observation
    WHERE stream_id = ANY(%s) AND at >= %s AND at < %s AND flag <> %s ORDER BY at, stream_id
"""
MOMENTS = """
    SELECT stream_id, extract(epoch FROM at)::double precision FROM telemetry_observation
    WHERE stream_id = ANY(%s) AND at >= %s ORDER BY stream_id, at
"""
BEFORE = """
    SELECT s.id, (SELECT max(o.at) FROM telemetry_observation o WHERE o.stream_id = s.id AND o.at < %s)
    FROM unnest(%s::bigint[]) AS s(id)
"""
EVER, NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """A reading as its table has it."""

    stream_id: int
    at: datetime
    received_at: datetime
    value: float
    flag: Flag


def keep_rows(rows: Sequence[Row]) -> tuple[set[tuple[int, datetime]], dict[tuple[int, datetime], float]]:
    """Which of the rows are new, and what stands now at the place of each; their days have tables (`make_days`).

    Called within a transaction; of two rows for one moment of a stream the first stays.
    """
    if not rows:
        return set(), {}
    text = StringIO()
    for row in rows:
        text.write(
            f"{row.stream_id}\t{row.at.isoformat()}\t{row.received_at.isoformat()}\t{row.value!r}\t{row.flag:d}\n"
        )
    with connection.cursor() as cursor:
        cursor.execute(ARRIVED)
        _copy(cursor, text.getvalue())
        cursor.execute(KEEP)
        new = {(stream, at) for stream, at in cursor.fetchall()}
        cursor.execute(HELD, [min(row.at for row in rows), max(row.at for row in rows)])
        return new, {(stream, at): value for stream, at, value in cursor.fetchall()}


def _copy(cursor: Any, text: str) -> None:
    """By whichever driver there is: psycopg 2 copies from a file, psycopg 3 from a context."""
    expert = getattr(cursor, "copy_expert", None)
    if expert is not None:
        expert(COPY, StringIO(text))
        return
    with cursor.copy(COPY) as copying:
        copying.write(text)


def make_days(days: Iterable[date]) -> int:
    """Each of these days has a table for its readings; answers how many were made."""
    made = 0
    with connection.cursor() as cursor:
        for day in sorted(days):
            cursor.execute("SELECT telemetry_make_day(%s)", [day])
            made += bool(cursor.fetchone()[0])
    return made


def drop_days(before: date) -> int:
    """The tables of days before that one are gone, with their readings; answers how many went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'telemetry_observation'::regclass AND c.relname < %s AND c.relname LIKE %s",
            [f"telemetry_observation_{before:%Y%m%d}", "telemetry\\_observation\\_2%"],
        )
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f'DROP TABLE "{name}"')
    return len(names)


def readings(streams: Sequence[int], since: datetime = EVER, until: datetime = NEVER) -> list[Reading]:
    """What the gauges measured from then until then, by time; without what their range refuses."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(streams), since, until, int(Flag.FAIL)])
        return [Reading(*row) for row in cursor.fetchall()]


def how_many(streams: Sequence[int], since: datetime, most: int) -> int:
    """How many readings there are from then on; counting stops at one more than `most`."""
    counted = (
        "SELECT count(*) FROM (SELECT 1 FROM telemetry_observation WHERE stream_id = ANY(%s) AND at >= %s LIMIT %s) s"
    )
    with connection.cursor() as cursor:
        cursor.execute(counted, [list(streams), since, most + 1])
        return int(cursor.fetchone()[0])


def moments(streams: Sequence[int], since: datetime) -> dict[int, list[float]]:
    """When each gauge told anything at all, beginning with its last reading before that moment."""
    found: dict[int, list[float]] = {stream: [] for stream in streams}
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, [since, list(streams)])
        for stream, at in cursor.fetchall():
            found[stream] += [at.timestamp()] if at else []
        cursor.execute(MOMENTS, [list(streams), since])
        for stream, at in cursor.fetchall():
            found[stream].append(at)
    return found


def seconds(moment: datetime) -> float:
    """The moment as rules count it."""
    return moment.timestamp()


def moment(at: float) -> datetime:
    """What rules count, as a moment."""
    return datetime.fromtimestamp(at, UTC)


def days_ahead(today: date, many: int = 2) -> list[date]:
    """Today and the next days."""
    return [today + timedelta(days=step) for step in range(many + 1)]
