from django.db import migrations

KEPT = """
CREATE FUNCTION enforcement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what became of a file stays as it was written (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER enforcement_move_stays BEFORE UPDATE OR DELETE ON enforcement_move
    FOR EACH ROW EXECUTE FUNCTION enforcement_stays();
CREATE TRIGGER enforcement_payment_stays BEFORE UPDATE OR DELETE ON enforcement_payment
    FOR EACH ROW EXECUTE FUNCTION enforcement_stays();
CREATE TRIGGER enforcement_document_stays BEFORE UPDATE OR DELETE ON enforcement_document
    FOR EACH ROW EXECUTE FUNCTION enforcement_stays();
CREATE TRIGGER enforcement_look_stays BEFORE UPDATE OR DELETE ON enforcement_look
    FOR EACH ROW EXECUTE FUNCTION enforcement_stays();
"""
GONE = """
DROP TRIGGER enforcement_look_stays ON enforcement_look;
DROP TRIGGER enforcement_document_stays ON enforcement_document;
DROP TRIGGER enforcement_payment_stays ON enforcement_payment;
DROP TRIGGER enforcement_move_stays ON enforcement_move;
DROP FUNCTION enforcement_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0001_initial")]

    operations = [migrations.RunSQL(KEPT, GONE)]
