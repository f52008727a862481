"""What became of a component cannot be changed or deleted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION assets_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: the history of a component stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER assets_change_stays BEFORE UPDATE OR DELETE ON assets_change
    FOR EACH ROW EXECUTE FUNCTION assets_history_stays();
"""
BACKWARD = """
DROP TRIGGER assets_change_stays ON assets_change;
DROP FUNCTION assets_history_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0010_component_pictures")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
