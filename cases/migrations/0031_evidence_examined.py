"""What pictures say of themselves, why they are doubted (that stays as it is), and the limits of doubt."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import core.clock

FORWARD = """
CREATE TRIGGER cases_examination_stays BEFORE UPDATE OR DELETE ON cases_examination
    FOR EACH ROW EXECUTE FUNCTION cases_history_stays();
CREATE TRIGGER cases_doubt_stays BEFORE UPDATE OR DELETE ON cases_doubt
    FOR EACH ROW EXECUTE FUNCTION cases_history_stays();
"""
BACKWARD = """
DROP TRIGGER cases_doubt_stays ON cases_doubt;
DROP TRIGGER cases_examination_stays ON cases_examination;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0030_counted"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("far_metres", models.PositiveIntegerField(default=200)),
                ("early_hours", models.PositiveIntegerField(default=24)),
                ("alike_bits", models.PositiveSmallIntegerField(default=6)),
                ("pack", models.CharField(blank=True, default="", max_length=40)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="evidence_rule_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("alike_bits__lte", 7), ("far_metres__gte", 1)), name="evidence_rule_counts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Examination",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="examination",
                        serialize=False,
                        to="cases.evidence",
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
                ("print", models.BigIntegerField(null=True)),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("print__isnull", False)),
                        fastupdate=False,
                        fields=["bands"],
                        name="examination_alike",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bands", None), ("print", None)),
                            models.Q(("bands__len", 4), ("print__isnull", False)),
                            _connector="OR",
                        ),
                        name="examination_print_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("value", models.PositiveIntegerField()),
                ("most", models.PositiveIntegerField()),
                ("said", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField(default=core.clock.now)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="doubts", to="cases.evidence"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.evidence",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evidence", "kind", "other"), name="doubt_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["far", "early", "seen", "infected"])), name="doubt_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "seen"), ("other__isnull", False)),
                            models.Q(models.Q(("kind", "seen"), _negated=True), ("other", None)),
                            _connector="OR",
                        ),
                        name="doubt_seen_where",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
