"""Personal data: words withheld, what was done about them, legal holds, erasure; the record stays as it is."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER cases_personalact_stays BEFORE UPDATE OR DELETE ON cases_personalact
    FOR EACH ROW EXECUTE FUNCTION cases_history_stays();

CREATE FUNCTION cases_evidence_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
       AND to_jsonb(NEW) - 'erased_at' = to_jsonb(OLD) - 'erased_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of %: evidence stays, but that its original may be erased once', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
DROP TRIGGER cases_evidence_stays ON cases_evidence;
CREATE TRIGGER cases_evidence_stays BEFORE UPDATE OR DELETE ON cases_evidence
    FOR EACH ROW EXECUTE FUNCTION cases_evidence_guard();
"""
BACKWARD = """
DROP TRIGGER cases_evidence_stays ON cases_evidence;
CREATE TRIGGER cases_evidence_stays BEFORE UPDATE OR DELETE ON cases_evidence
    FOR EACH ROW EXECUTE FUNCTION cases_history_stays();
DROP FUNCTION cases_evidence_guard();
DROP TRIGGER cases_personalact_stays ON cases_personalact;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0027_words_filled"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonalAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=10)),
                ("ground", models.CharField(blank=True, default="", max_length=20)),
                ("note", models.TextField(blank=True, default="")),
                ("counts", models.JSONField(default=dict)),
                ("actor", models.CharField(max_length=120)),
                ("actor_label", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="PersonalRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("keep_days", models.PositiveIntegerField(default=365)),
                ("looks_per_hour", models.PositiveSmallIntegerField(default=20)),
                ("pack", models.CharField(blank=True, default="", max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="Withheld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=60)),
                ("text", models.TextField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="evidence",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reporter",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reporter",
            name="held_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(("email", ""), ("held_at", None), ("name", ""), ("phone", "")),
                    _connector="OR",
                ),
                name="reporter_erased_whole",
            ),
        ),
        migrations.AddField(
            model_name="personalact",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="personal_acts", to="cases.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="personalrule",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="personal_rule_is_one"),
        ),
        migrations.AddConstraint(
            model_name="personalrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("keep_days__gte", 1), ("looks_per_hour__gte", 1)), name="personal_rule_counts"
            ),
        ),
        migrations.AddField(
            model_name="withheld",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="withheld", to="cases.case"
            ),
        ),
        migrations.AddIndex(
            model_name="personalact",
            index=models.Index(condition=models.Q(("verb", "look")), fields=["actor", "at"], name="personal_looks_of"),
        ),
        migrations.AddIndex(
            model_name="personalact",
            index=models.Index(condition=models.Q(("verb", "look")), fields=["-id"], name="personal_looks_newest"),
        ),
        migrations.AddConstraint(
            model_name="personalact",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", ["look", "keep", "release", "erase"])), name="personal_verb_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="personalact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verb", "look"), _negated=True),
                    models.Q(models.Q(("ground", ""), _negated=True), models.Q(("note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="personal_look_why",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
