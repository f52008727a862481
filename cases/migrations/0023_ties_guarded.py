"""The database keeps what merging and splitting promise: the pairs of their steps, exact undoing, joint closure."""

from django.db import migrations

FORWARD = """
INSERT INTO cases_legal_move VALUES
    ('registered', 'in_parts'), ('returned', 'in_parts'), ('in_parts', 'registered'), ('in_parts', 'closed'),
    ('voided', 'reported'), ('voided', 'verifying'), ('voided', 'accepted'), ('voided', 'registered'),
    ('voided', 'at_district'), ('voided', 'dispatched'), ('voided', 'handling'), ('voided', 'handled'),
    ('voided', 'returned');

CREATE FUNCTION cases_ties_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ends CONSTANT varchar[] := ARRAY['closed', 'rejected', 'voided'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.stage = 'voided' AND NEW.stage <> 'voided'
           AND (OLD.duplicate_of_id IS NULL OR NEW.duplicate_of_id IS NOT NULL OR NEW.stage <> OLD.merged_from) THEN
            PERFORM cases_no('only a merged case lives again, where it stood');
        END IF;
        IF NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
            PERFORM cases_no('a part stays a part of the same case');
        END IF;
        IF NEW.duplicate_of_id IS NOT NULL AND OLD.duplicate_of_id IS NULL THEN
            IF NEW.merged_from <> OLD.stage THEN
                PERFORM cases_no('a merged case remembers where it stood');
            END IF;
            IF NOT EXISTS (SELECT 1 FROM cases_case WHERE number = NEW.duplicate_of_id AND stage <> ALL (ends)) THEN
                PERFORM cases_no('a case is merged into one that is open');
            END IF;
        ELSIF NEW.duplicate_of_id IS DISTINCT FROM OLD.duplicate_of_id AND NEW.duplicate_of_id IS NOT NULL THEN
            PERFORM cases_no('a merged case stays merged into the same case');
        END IF;
    END IF;
    IF NEW.parts > 0 AND NEW.stage = ANY (ends)
       AND EXISTS (SELECT 1 FROM cases_case WHERE parent_id = NEW.number AND stage <> ALL (ends)) THEN
        PERFORM cases_no('a case ends after all its parts');
    END IF;
    IF NEW.parent_id IS NOT NULL AND NEW.stage <> ALL (ends)
       AND EXISTS (SELECT 1 FROM cases_case WHERE number = NEW.parent_id AND stage = ANY (ends)) THEN
        PERFORM cases_no('a part is open only while its whole is');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_case_ties BEFORE INSERT OR UPDATE OF stage, duplicate_of_id, merged_from, parent_id, parts
    ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_ties_guard();

CREATE OR REPLACE FUNCTION cases_clock_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.started_at <> OLD.started_at OR NEW.due_at < OLD.due_at OR NEW.paused_minutes < OLD.paused_minutes
       OR NEW.extended_minutes < OLD.extended_minutes THEN
        PERFORM cases_no('a clock never runs backwards');
    END IF;
    IF OLD.stopped_at IS NOT NULL
       AND (NEW.stopped_at, NEW.due_at) IS DISTINCT FROM (OLD.stopped_at, OLD.due_at)
       AND NOT (NEW.stopped_at IS NULL AND NEW.due_at IS NOT DISTINCT FROM OLD.due_at AND EXISTS (
           SELECT 1 FROM cases_case WHERE id = OLD.case_id AND duplicate_of_id IS NOT NULL
              AND stage_since = OLD.stopped_at)) THEN
        PERFORM cases_no('a stopped clock stays stopped');
    END IF;
    RETURN NEW;
END
$$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION cases_clock_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.started_at <> OLD.started_at OR NEW.due_at < OLD.due_at OR NEW.paused_minutes < OLD.paused_minutes
       OR NEW.extended_minutes < OLD.extended_minutes THEN
        PERFORM cases_no('a clock never runs backwards');
    END IF;
    IF OLD.stopped_at IS NOT NULL
       AND (NEW.stopped_at, NEW.due_at) IS DISTINCT FROM (OLD.stopped_at, OLD.due_at) THEN
        PERFORM cases_no('a stopped clock stays stopped');
    END IF;
    RETURN NEW;
END
$$;
DROP TRIGGER cases_case_ties ON cases_case;
DROP FUNCTION cases_ties_guard();
DELETE FROM cases_legal_move WHERE before IN ('voided', 'in_parts') OR after = 'in_parts';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_merged_and_split")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
