from django.db import migrations

KEPT = """
CREATE FUNCTION registers_state_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM registers_registerversion v, jsonb_array_elements(v.document -> 'states') AS state
         WHERE v.id = NEW.written_under_id AND v.register_id = NEW.register_id AND state ->> 'code' = NEW.state
           AND coalesce((state ->> 'end')::boolean, false) = NEW.ended
    ) THEN
        RAISE EXCEPTION 'the register that record % was written under has no state %', NEW.number, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registers_record_state_known
    BEFORE INSERT OR UPDATE OF state, ended, written_under_id, register_id ON registers_record
    FOR EACH ROW EXECUTE FUNCTION registers_state_known();

CREATE FUNCTION registers_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what became of a record stays as it was written (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registers_turn_stays BEFORE UPDATE OR DELETE ON registers_turn
    FOR EACH ROW EXECUTE FUNCTION registers_stays();
CREATE TRIGGER registers_version_stays BEFORE UPDATE OR DELETE ON registers_registerversion
    FOR EACH ROW EXECUTE FUNCTION registers_stays();
"""
GONE = """
DROP TRIGGER registers_version_stays ON registers_registerversion;
DROP TRIGGER registers_turn_stays ON registers_turn;
DROP FUNCTION registers_stays();
DROP TRIGGER registers_record_state_known ON registers_record;
DROP FUNCTION registers_state_known();
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [migrations.RunSQL(KEPT, GONE)]
