"""Fills a bench's database with the cases of years by plain SQL: what our verbs would write, a thousand times faster.

Two years of cases stand on the cells of the city: most have ended, a share is open in every stage, the newest wait to
be accepted. The newest and every open one have their whole history: moves, running clocks, entries of the journal.
Triggers and foreign keys rest meanwhile (`session_replication_role`); every CHECK of the tables judges each row.
"""

from dataclasses import asdict, dataclass

from django.db import connection

SPOTS = """
    CREATE TEMPORARY TABLE IF NOT EXISTS bench_spot AS
    SELECT row_number() OVER () AS spot, cell, area, split_part(area, '.', 2) AS district, place, point
      FROM (SELECT c.code AS cell, c.area, r.full_names AS place,
                   (ST_Dump(ST_GeneratePoints(c.geom, 3, 7))).geom AS point
              FROM grid_cell c JOIN grid_region r ON r.id = c.region_id) drawn
"""
CLASSES = """
    CREATE TEMPORARY TABLE IF NOT EXISTS bench_class AS
    SELECT row_number() OVER (ORDER BY code) AS class, id AS category_id, kind,
           jsonb_build_object('category', code, 'category_version', version, 'names', names, 'condition',
                              conditions->0->>'code', 'text', conditions->0->'text', 'limit', conditions->0->'limit',
                              'closing', coalesce(conditions->0->'closing', '{}')) AS promise
      FROM cases_category c
     WHERE valid_until IS NULL AND NOT retired
       AND NOT EXISTS (SELECT 1 FROM cases_classswitch s WHERE s.code = c.code AND NOT s.enabled)
"""
OFFICES = """
    CREATE TEMPORARY TABLE IF NOT EXISTS bench_office AS
    SELECT DISTINCT ON (d.district) d.district, o.path
      FROM (SELECT DISTINCT district FROM bench_spot) d
      JOIN accounts_organisation o ON o.kind = 'department' AND o.active AND split_part(o.area, '.', 2) = d.district
     ORDER BY d.district, o.duties ? 'appearance' DESC, o.path
"""
STEPS = """
    CREATE TEMPORARY TABLE IF NOT EXISTS bench_step AS
    SELECT * FROM (VALUES (1, 'report', '', 'reported'), (2, 'accept', 'reported', 'accepted'),
        (3, 'register', 'accepted', 'registered'), (4, 'dispatch_district', 'registered', 'at_district'),
        (5, 'dispatch', 'at_district', 'dispatched'), (6, 'assign', 'dispatched', 'handling'),
        (7, 'submit', 'handling', 'handled'), (8, 'confirm', 'handled', 'fed_back'),
        (9, 'send_check', 'fed_back', 'checking'), (10, 'check_pass', 'checking', 'checked'),
        (11, 'close', 'checked', 'closed')) AS step (version, verb, before, after)
"""
CASES = """
    WITH drawn AS MATERIALIZED (
        SELECT turn, turn + %(before)s AS i, random() AS luck, random() AS slack,
               1 + floor(random() * %(spots)s)::int AS spot, 1 + floor(random() * %(classes)s)::int AS class
          FROM generate_series(1, %(cases)s) turn
    ), staged AS (
        SELECT *, now() - interval '1 hour' - (%(cases)s - turn) * CASE WHEN turn > %(cases)s - %(waiting)s
                     THEN interval '4 seconds' ELSE interval '730 days' / %(cases)s END AS at,
               CASE WHEN turn > %(cases)s - %(waiting)s THEN 1
                    WHEN turn > %(cases)s - %(waiting)s - %(open)s THEN 2 + floor(luck * 9)::int
                    WHEN luck < 0.03 THEN 0 ELSE 11 END AS step
          FROM drawn
    )
    INSERT INTO cases_case (
        number, version, stage_version, stage, stage_since, source, source_ref, reported_by, category_id, kind,
        description, attributes, component, point, address, cell, area, district, place, org, handler, collector,
        priority, promise, callback_wanted, has_photo, rework_count, return_count, returned_by, extension_count,
        exempt, coordination, bound_to, incident, trace, due_at, warn_at, handled_late, reported_at, accepted_at,
        registered_at, dispatched_at, confirmed_at, closed_at, created_at)
    SELECT p.district || to_char(at, 'YYYYMMDD') || lpad(right(i::text, 6), 6, '0'),
           greatest(step, 1) + (step = 0)::int,
           greatest(step, 1) + (step = 0)::int, coalesce(after, 'rejected'),
           at + greatest(step, 1) * interval '20 minutes',
           (ARRAY['collector', 'phone', 'hotline12345', 'citizen', 'camera'])[1 + floor(slack * 5)::int],
           'bench-' || %(series)s || '-' || i, 'user:1', category_id, kind,
           '沿街发现问题，请及时处置 ' || i, '{}', '', point, '路段 ' || i %% 900 || ' 号',
           cell, area, p.district, place,
           CASE WHEN step >= 5 THEN coalesce(path, '') ELSE '' END, '', '', 0,
           CASE WHEN step >= 3 THEN promise ELSE '{}' END, false, false, 0, 0, '[]', 0, false, '', '', '', '',
           CASE WHEN step BETWEEN 1 AND 10 THEN now() + (slack - 0.15) * interval '1 day' END,
           CASE WHEN step BETWEEN 1 AND 10 THEN now() + (slack - 0.25) * interval '1 day' END,
           step = 11 AND slack < 0.04, at,
           CASE WHEN step >= 2 THEN at + interval '5 minutes' END,
           CASE WHEN step >= 3 THEN at + interval '10 minutes' END,
           CASE WHEN step >= 4 THEN at + interval '15 minutes' END,
           CASE WHEN step >= 8 THEN at + interval '2 hours' END,
           CASE WHEN step = 11 THEN at + interval '3 hours' + slack * interval '1 day' END, at
      FROM staged
      JOIN bench_spot p USING (spot)
      JOIN bench_class USING (class)
      LEFT JOIN bench_office o ON o.district = p.district
      LEFT JOIN bench_step s ON s.version = step
     ORDER BY i
"""
WITH_HISTORY = """
    c.id > (SELECT max(id) FROM cases_case) - %(told)s AND c.stage <> 'rejected'
      AND c.source_ref LIKE 'bench-' || %(series)s || '-%%'
"""
MOVES = f"""
    INSERT INTO cases_move (case_id, version, verb, before, after, actor, actor_label, org, given, at, trace)
    SELECT c.id, s.version, s.verb, s.before, s.after, 'user:1', '信息采集员',
           CASE WHEN s.version >= 5 THEN c.org ELSE '' END, '{{"note": "bench"}}',
           c.reported_at + s.version * interval '20 minutes', ''
      FROM cases_case c JOIN bench_step s ON s.version <= c.version
     WHERE {WITH_HISTORY}
     ORDER BY c.id, s.version
"""
ENTRIES = f"""
    INSERT INTO journal_entry (seq, kind, subject, actor, actor_label, org, area, scopes, data, at, trace)
    SELECT (SELECT coalesce(max(seq), 0) FROM journal_entry) + row_number() OVER (ORDER BY c.id, s.version),
           'case.' || s.after || '.v1', c.number, 'user:1', '信息采集员', c.org, c.area,
           ARRAY['city', 'd:' || c.district],
           jsonb_build_object('number', c.number, 'verb', s.verb, 'stage', s.after, 'version', s.version,
                              'kind', c.kind, 'cell', c.cell, 'place', c.place, 'district', c.district,
                              'reported_at', c.reported_at),
           c.reported_at + s.version * interval '20 minutes', ''
      FROM cases_case c JOIN bench_step s ON s.version <= c.version
     WHERE {WITH_HISTORY}
"""
CLOCKS = f"""
    INSERT INTO cases_clock (case_id, kind, stage, round, minutes, calendar, why, started_at, warn_at, due_at,
                             extended_minutes, paused_minutes, term, next_at, rungs)
    SELECT c.id, clock.kind, c.stage, 1, 30, 'round_the_clock',
           '{{"rule": "post", "unit": "urgent_hour", "value": 0.5}}',
           least(c.stage_since, c.warn_at), c.warn_at, c.due_at, 0, 0, 0,
           CASE WHEN c.warn_at > now() THEN c.warn_at WHEN c.due_at > now() THEN c.due_at END,
           jsonb_build_array(
               jsonb_build_object('code', 'w75', 'share', 0.75, 'tell', jsonb_build_array('post'), 'at', c.warn_at,
                                  'told', CASE WHEN c.warn_at <= now() THEN c.warn_at END),
               jsonb_build_object('code', 'breach', 'late', 0, 'tell', jsonb_build_array('post', 'leader'),
                                  'at', c.due_at, 'told', CASE WHEN c.due_at <= now() THEN c.due_at END))
      FROM cases_case c, (VALUES ('stage', 1, 11), ('total', 3, 11), ('handling', 4, 8)) AS clock (kind, since, until)
     WHERE c.version >= clock.since AND c.version < clock.until AND c.due_at IS NOT NULL AND {WITH_HISTORY}
"""
WORDS = """
    INSERT INTO cases_casewords (case_id, words)
    SELECT c.id, cases_words_of(c) FROM cases_case c WHERE c.source_ref LIKE 'bench-' || %(series)s || '-%%'
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
      FROM pg_index WHERE indrelid = 'cases_case'::regclass AND NOT indisunique
"""
AT_REST = ("cases_case", "cases_casewords", "cases_move", "cases_clock", "journal_entry")


@dataclass(frozen=True)
class Series:
    """So many cases after those before, of which so many are open and so many wait; the newest have a history."""

    series: int
    before: int
    cases: int
    open: int
    waiting: int

    @property
    def told(self) -> int:
        """How many have their history: the open ones, those that wait, and twenty thousand before them."""
        return self.open + self.waiting + 20_000


def fill(series: Series) -> None:
    """The cases stand, and the planner knows them."""
    with connection.cursor() as cursor:
        for table in (SPOTS, CLASSES, OFFICES, STEPS):
            cursor.execute(table)
        cursor.execute("SELECT (SELECT count(*) FROM bench_spot), (SELECT count(*) FROM bench_class)")
        spots, classes = cursor.fetchone()
        given = {**asdict(series), "told": series.told, "spots": spots, "classes": classes}
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT setseed(0.7)")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()  # built once at the end, as any large import would
        cursor.execute(f"DROP INDEX {', '.join(name for name, _how in indexes)}")
        cursor.execute(CASES, given)
        for _name, how in indexes:
            cursor.execute(how)
        for statement in (MOVES, ENTRIES, CLOCKS, WORDS):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(f"VACUUM ANALYZE {', '.join(AT_REST)}")
