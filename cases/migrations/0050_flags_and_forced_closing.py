"""Flags of a case: similar, typical, and closed by force; what leads there, and how that is asked for."""

from django.db import migrations, models

FORCIBLE = (
    "registered", "returned", "at_district", "dispatched", "handling", "handled", "fed_back", "checking", "rework",
)  # fmt: skip
STAGES = ", ".join(f"'{stage}'" for stage in FORCIBLE)
FORWARD = f"""
INSERT INTO cases_legal_move VALUES {", ".join(f"('{stage}', 'closed')" for stage in FORCIBLE)};
CREATE FUNCTION cases_force_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage = 'closed' AND NEW.forced IS DISTINCT FROM
       (CASE WHEN OLD.stage = 'closed' THEN OLD.forced ELSE OLD.stage IN ({STAGES}) END) THEN
        PERFORM cases_no('only closing by force goes past the check');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_case_force BEFORE UPDATE OF stage, forced
    ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_force_guard();
"""
BACKWARD = f"""
DROP TRIGGER cases_case_force ON cases_case;
DROP FUNCTION cases_force_guard();
DELETE FROM cases_legal_move WHERE after = 'closed' AND before IN ({STAGES});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0049_control_areas"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="request",
            name="request_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="requestrule",
            name="request_rule_kind_known",
        ),
        migrations.AddField(
            model_name="case",
            name="forced",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="similar",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="typical",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("forced", False), ("stage", "closed"), _connector="OR"),
                name="case_forced_is_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["extension", "hold", "return", "void", "cancel", "appeal", "force"])),
                name="request_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["extension", "hold", "return", "void", "cancel", "appeal", "force"])),
                name="request_rule_kind_known",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
