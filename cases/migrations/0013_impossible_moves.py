"""The database refuses the impossible by itself: illegal moves, versions and clocks that run backwards, own signatures.

The pairs are those of the table of steps when this was written; whoever adds a step adds its pair in a migration, and
`tests/cases/test_database_guards.py` compares the two.
"""

from django.db import migrations

FORWARD = """
CREATE TABLE cases_legal_move (before varchar(12) NOT NULL, after varchar(12) NOT NULL, PRIMARY KEY (before, after));
INSERT INTO cases_legal_move VALUES
    ('reported', 'verifying'), ('verifying', 'reported'), ('reported', 'accepted'), ('reported', 'rejected'),
    ('accepted', 'registered'), ('accepted', 'rejected'), ('registered', 'at_district'), ('returned', 'at_district'),
    ('registered', 'dispatched'), ('returned', 'dispatched'), ('at_district', 'dispatched'),
    ('dispatched', 'handling'), ('handling', 'handled'), ('handled', 'handling'), ('handled', 'fed_back'),
    ('dispatched', 'returned'), ('at_district', 'returned'), ('fed_back', 'checking'), ('checking', 'checked'),
    ('checking', 'rework'), ('fed_back', 'rework'), ('rework', 'dispatched'), ('checked', 'closed'),
    ('closed', 'registered'), ('reported', 'voided'), ('verifying', 'voided'), ('accepted', 'voided'),
    ('registered', 'voided'), ('at_district', 'voided'), ('dispatched', 'voided'), ('handling', 'voided'),
    ('handled', 'voided'), ('returned', 'voided'), ('reported', 'closed');

CREATE FUNCTION cases_no(said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', said USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE FUNCTION cases_case_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version < OLD.version THEN
        PERFORM cases_no('the version of a case never goes back');
    END IF;
    IF NEW.stage <> OLD.stage THEN
        IF NEW.version <> OLD.version + 1 THEN
            PERFORM cases_no('a case moves one version at a time');
        END IF;
        IF OLD.held_until IS NOT NULL AND NEW.stage <> 'voided' THEN
            PERFORM cases_no('a held case moves nowhere');
        END IF;
        IF NOT EXISTS (SELECT 1 FROM cases_legal_move WHERE before = OLD.stage AND after = NEW.stage) THEN
            PERFORM cases_no(format('no step leads from %s to %s', OLD.stage, NEW.stage));
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_case_moves BEFORE UPDATE OF stage, version ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_case_guard();

CREATE FUNCTION cases_clock_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER cases_clock_runs BEFORE UPDATE ON cases_clock
    FOR EACH ROW EXECUTE FUNCTION cases_clock_guard();

CREATE FUNCTION cases_request_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' AND NEW.state <> OLD.state THEN
        PERFORM cases_no('a request that is decided stays decided');
    END IF;
    IF NEW.state = 'approved' AND NEW.signed <> jsonb_array_length(NEW.chain) THEN
        PERFORM cases_no('an approved request has every signature');
    END IF;
    IF (NEW.reason, NEW.ground_names, NEW.chain, NEW.asked_by, NEW.minutes, NEW.until)
       IS DISTINCT FROM (OLD.reason, OLD.ground_names, OLD.chain, OLD.asked_by, OLD.minutes, OLD.until) THEN
        PERFORM cases_no('what was asked stays as it was asked');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_request_stays BEFORE UPDATE ON cases_request
    FOR EACH ROW EXECUTE FUNCTION cases_request_guard();

CREATE FUNCTION cases_signature_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE paper cases_request%ROWTYPE;
BEGIN
    SELECT * INTO paper FROM cases_request WHERE id = NEW.request_id;
    IF paper.asked_by = NEW."by" OR paper.state <> 'open' OR NEW.place <> paper.signed + 1 THEN
        PERFORM cases_no('a request is signed in turn, by others than who asked');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_signature_in_turn BEFORE INSERT ON cases_signature
    FOR EACH ROW EXECUTE FUNCTION cases_signature_guard();
CREATE TRIGGER cases_signature_stays BEFORE UPDATE OR DELETE ON cases_signature
    FOR EACH ROW EXECUTE FUNCTION cases_history_stays();
"""
BACKWARD = """
DROP TRIGGER cases_signature_stays ON cases_signature;
DROP TRIGGER cases_signature_in_turn ON cases_signature;
DROP FUNCTION cases_signature_guard();
DROP TRIGGER cases_request_stays ON cases_request;
DROP FUNCTION cases_request_guard();
DROP TRIGGER cases_clock_runs ON cases_clock;
DROP FUNCTION cases_clock_guard();
DROP TRIGGER cases_case_moves ON cases_case;
DROP FUNCTION cases_case_guard();
DROP FUNCTION cases_no(text);
DROP TABLE cases_legal_move;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_requests_kept")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
