"""Case numbers come from a sequence; moves and evidence cannot be changed or deleted."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE cases_number AS bigint MINVALUE 1 MAXVALUE 999999 CYCLE;

CREATE FUNCTION cases_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: the history of a case stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER cases_move_stays BEFORE UPDATE OR DELETE ON cases_move
    FOR EACH ROW EXECUTE FUNCTION cases_history_stays();
CREATE TRIGGER cases_evidence_stays BEFORE UPDATE OR DELETE ON cases_evidence
    FOR EACH ROW EXECUTE FUNCTION cases_history_stays();
"""
BACKWARD = """
DROP TRIGGER cases_evidence_stays ON cases_evidence;
DROP TRIGGER cases_move_stays ON cases_move;
DROP FUNCTION cases_history_stays();
DROP SEQUENCE cases_number;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
