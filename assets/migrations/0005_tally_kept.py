"""Triggers that keep the tally and the stamps with every statement, whoever writes it."""

from django.db import migrations

WORLD = 20037508.342789244

FUNCTION = """
CREATE FUNCTION assets_tallied_{event}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO assets_tally AS kept (level, bx, "by", area, type_id, n, sx, sy)
    SELECT s.level, floor((p.x + {world}) / {around} * (1 << s.level))::int AS bx,
           floor(({world} - p.y) / {around} * (1 << s.level))::int AS "by",
           r.area, r.type_id, sum(r.sign), sum(r.sign * round(p.x))::bigint, sum(r.sign * round(p.y))::bigint
      FROM ({rows}) r
     CROSS JOIN LATERAL (SELECT ST_X(c.at) AS x, ST_Y(c.at) AS y FROM (SELECT ST_Centroid(r.shape3857) AS at) c) p
     CROSS JOIN (VALUES (15), (17)) AS s (level)
     WHERE r.state <> 'removed' AND p.x IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5
    HAVING sum(r.sign) <> 0 OR sum(r.sign * round(p.x)) <> 0 OR sum(r.sign * round(p.y)) <> 0
     ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (level, bx, "by", area, type_id)
    DO UPDATE SET n = kept.n + excluded.n, sx = kept.sx + excluded.sx, sy = kept.sy + excluded.sy;
    INSERT INTO assets_stamp AS stamp (xid, times) VALUES (pg_current_xact_id()::text::bigint, 1)
    ON CONFLICT (xid) DO UPDATE SET times = stamp.times + 1;
    DELETE FROM assets_stamp WHERE xid IN (
        SELECT past.xid FROM assets_stamp past ORDER BY past.xid DESC OFFSET 64 FOR UPDATE SKIP LOCKED
    );
    RETURN NULL;
END
$body$
"""
TRIGGER = """
CREATE TRIGGER assets_tallied_{event} AFTER {event} ON assets_asset REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION assets_tallied_{event}()
"""
FRESH = "SELECT 1 AS sign, f.area, f.type_id, f.state, f.shape3857 FROM fresh f"
GONE = "SELECT -1 AS sign, g.area, g.type_id, g.state, g.shape3857 FROM gone g"
EVENTS = {
    "insert": ("NEW TABLE AS fresh", FRESH),
    "update": ("OLD TABLE AS gone NEW TABLE AS fresh", f"{FRESH} UNION ALL {GONE}"),
    "delete": ("OLD TABLE AS gone", GONE),
}
FIRST = FUNCTION.split("INSERT INTO assets_stamp")[0].split("BEGIN")[1]


def filled(text: str, event: str) -> str:
    """The statement for one of the three events."""
    tables, rows = EVENTS[event]
    return text.format(event=event, tables=tables, rows=rows, world=WORLD, around=2 * WORLD)


STANDING = FIRST.format(
    rows="SELECT 1 AS sign, a.area, a.type_id, a.state, a.shape3857 FROM assets_asset a", world=WORLD, around=2 * WORLD
)


class Migration(migrations.Migration):
    dependencies = [("assets", "0004_tally")]
    operations = [
        migrations.RunSQL(STANDING, "DELETE FROM assets_tally"),
        *[
            migrations.RunSQL(
                [filled(FUNCTION, event), filled(TRIGGER, event)],
                [
                    f"DROP TRIGGER assets_tallied_{event} ON assets_asset",
                    f"DROP FUNCTION assets_tallied_{event}()",
                ],
            )
            for event in EVENTS
        ],
    ]
