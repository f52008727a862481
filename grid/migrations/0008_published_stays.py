"""The database itself lets nobody change the cells and regions of a map that was published."""

from django.db import migrations

KEEP = """
CREATE FUNCTION grid_keep_published() RETURNS trigger LANGUAGE plpgsql AS $keep$
BEGIN
    IF EXISTS (
        SELECT FROM changed_row r JOIN grid_gridversion v ON v.id = r.version_id WHERE v.state = 'published'
    ) THEN
        RAISE EXCEPTION 'a published map is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$keep$;
"""
TRIGGER = """
CREATE TRIGGER {table}_{event}_keeps_published AFTER {event} ON {table}
    REFERENCING {image} TABLE AS changed_row FOR EACH STATEMENT EXECUTE FUNCTION grid_keep_published();
"""
UNDO = "DROP TRIGGER {table}_{event}_keeps_published ON {table};"
TABLES = ("grid_cell", "grid_region")
EVENTS = {"insert": "NEW", "update": "OLD", "delete": "OLD"}


class Migration(migrations.Migration):
    dependencies = [("grid", "0007_edited_versions")]
    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION grid_keep_published()"),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table, event=event, image=image), UNDO.format(table=table, event=event)
            )
            for table in TABLES
            for event, image in EVENTS.items()
        ],
    ]
