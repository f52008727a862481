"""What questions about a million cases cost: insights, causes, hotspots, trends, changes, seasons, scores (issue 4, 9).

    ./run bench insights [--cases 100000 1000000] [--rounds 5] [--cells 2400]

The cases are those of `bench.filling`, with rework, returns and facts beside them. Asked in process by a shift leader;
judged is the processor time of the database, which others on the same machine do not change, beside wall-clock times.
Queries are those of the second round; a plan that reads every case is told, with the question that has it.
"""

import argparse
import os
import sys
import time
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.cases import OPEN_SHARE, TURNS, WAITING, postmaster, reads_all_cases, seed
from bench.filling import Series, fill
from bench.harness import percentile, private_database
from bench.load import Inside, spent_ms
from bench.result import Result
from cases import selectors
from evaluation.models import Fact

SLOW_MS = 1000
WRONG = """
    UPDATE cases_case SET rework_count = (id %% 20 = 0)::int, return_count = (id %% 33 = 0)::int
     WHERE stage = 'closed' AND (id %% 20 = 0 OR id %% 33 = 0) AND source_ref LIKE 'bench-' || %(series)s || '-%%'
"""
SAID = """
    INSERT INTO cases_move (case_id, version, verb, before, after, actor, actor_label, org, given, at, trace)
    SELECT c.id, said.version, said.verb, said.before, said.after, 'user:1', 'bench', c.org,
           jsonb_build_object('reason', (ARRAY['现场仍有残留', '权属不清', '修复后再次损坏', '照片与现场不符',
                                               '只处理了一部分'])[1 + c.id %% 5]), c.closed_at, ''
      FROM cases_case c,
           (VALUES (20, 'check_fail', 'checking', 'rework', 20), (21, 'send_back', 'dispatched', 'returned', 33))
             AS said (version, verb, before, after, nth)
     WHERE c.stage = 'closed' AND c.id %% said.nth = 0 AND c.source_ref LIKE 'bench-' || %(series)s || '-%%'
"""
FACTS = """
    INSERT INTO evaluation_fact ("case", {columns})
    SELECT c.number, {values}
      FROM cases_case c LEFT JOIN cases_category k ON k.id = c.category_id
     WHERE c.source_ref LIKE 'bench-' || %(series)s || '-%%'
"""
TOLD = {
    "stage": "c.stage", "source": "c.source", "category": "coalesce(k.code, '')", "area": "c.area",
    "district": "c.district", "street": "split_part(c.area, '.', 3)", "community": "split_part(c.area, '.', 4)",
    "org": "c.org", "reported_by": "c.reported_by", "handle_by": "c.reported_by", "reported_at": "c.reported_at",
    "accepted_at": "c.accepted_at", "registered_at": "c.registered_at",
    "dispatch_owed": "c.dispatched_at", "dispatch_at": "c.dispatched_at",
    "handle_owed": "c.dispatched_at + interval '4 hours'", "handle_at": "c.confirmed_at",
    "close_owed": "c.dispatched_at + interval '2 days'", "closed_at": "c.closed_at", "handle_late": "c.handled_late",
    "close_late": "c.handled_late", "valid": "c.registered_at IS NOT NULL", "alive": "c.stage <> 'rejected'",
    "reworks": "c.rework_count", "returns": "c.return_count", "kept_at": "c.reported_at",
}  # fmt: skip
"""What a fact says by its case; everything else is as if it had not come up."""


def more_of(series: int) -> None:
    """Some were reworked or returned, with reasons; every one has its fact."""
    columns = [one for one in Fact._meta.concrete_fields if one.column not in ("id", "case")]
    usual = {"BooleanField": "false", "PositiveSmallIntegerField": "0", "CharField": "''", "DateTimeField": "NULL"}
    told = {one.column: TOLD.get(str(one.column), usual[one.get_internal_type()]) for one in columns}
    facts = FACTS.format(columns=", ".join(f'"{name}"' for name in told), values=", ".join(told.values()))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (WRONG, SAID, facts):
            cursor.execute(statement, {"series": series})
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE cases_case, cases_move, evaluation_fact")


def questions() -> dict[str, str]:
    """What is asked, of a month and of a year that lie in the past."""
    today = selectors.today()
    month = f"since={today - timedelta(days=60)}&until={today - timedelta(days=31)}"
    named = month.replace("since", "from").replace("until", "to")
    year = f"since={today - timedelta(days=365)}&until={today - timedelta(days=1)}"
    return {
        "question by source, a month": f"/insights/?by=source&{month}",
        "question by month, a year": f"/insights/?by=month&{year}",
        "question by cell, a year": f"/insights/?by=cell&measure=on_time&{year}",
        "question by organisation, a year": f"/insights/?by=org&measure=on_time&{year}",
        "sources compared, a month": f"/insights/sources/?{month}",
        "sources compared, a year": f"/insights/sources/?{year}",
        "causes: returned, a month": f"/insights/causes/?why=returned&{month}",
        "causes: reworked, a year": f"/insights/causes/?why=reworked&{year}",
        "causes: late, a year": f"/insights/causes/?why=late&{year}",
        "cases behind a reason": f"/api/cases?limit=50&why=reworked:%E6%9D%83%E5%B1%9E%E4%B8%8D%E6%B8%85&{month}",
        "seasons, two years": "/insights/seasons/",
        "hotspots, a month": f"/insights/hotspots/?{month}",
        "trends, a year": f"/insights/trends/?{year}",
        "changes": "/insights/changes/",
        "scores by department, a month": f"/api/scores/board?level=organisation&{named}",
    }


def main() -> int:
    """Fills, asks, judges."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cases", type=int, nargs="+", default=[100_000, 1_000_000])
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--cells", type=int, default=2400)
    given = reader.parse_args()
    result = Result("insights")
    with private_database("bench_insights") as database:
        seed(database, given.cells)
        stand = 0
        for series, size in enumerate(sorted(given.cases)):
            more, began = size - stand, time.monotonic()
            fill(Series(series, stand, more, round(OPEN_SHARE * more), min(WAITING, more // 10)))
            more_of(series)
            result.add(f"{size:,}: filled in", time.monotonic() - began, "s")
            stand = size
            visitor = Inside(User.objects.get(username="leader"))
            for name, path in questions().items():
                measure(f"{size:,}: {name}", path, visitor, given.rounds, result)
    result.note(f"load when it ended: {os.getloadavg()[0]:.1f}; wall-clock times hold on a machine without other load")
    return result.finish()


def measure(name: str, path: str, visitor: Inside, rounds: int, result: Result) -> None:
    """One question, asked some times after once."""
    answer = visitor.get(path)
    result.expect(f"{name}, HTTP status", answer.status, at_most=200)
    with CaptureQueriesContext(connection) as seen:
        visitor.get(path)
    asked = [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(TURNS)]
    walks = [sql for sql in asked if reads_all_cases(sql)]
    took, spent = [], spent_ms(postmaster())
    for _round in range(rounds):
        began = time.monotonic()
        visitor.get(path)
        took.append((time.monotonic() - began) * 1000)
    spent = (spent_ms(postmaster()) - spent) / rounds
    result.expect(f"{name}, processor of database", spent, unit="ms", at_most=SLOW_MS)
    result.add(f"{name}, p50", percentile(took, 0.5), "ms")
    result.add(f"{name}, p95", percentile(took, 0.95), "ms")
    result.add(f"{name}, queries", len(asked))
    result.add(f"{name}, plans that read every case", len(walks))
    for sql in walks:
        result.note(f"{name} reads every case: {sql[:400]}")


if __name__ == "__main__":
    sys.exit(main())
