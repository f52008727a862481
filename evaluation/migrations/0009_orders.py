"""The supervision orders of cases; those of before come with the news of their cases, which are read once more."""

import django.db.models.deletion
from django.db import migrations, models

READ_AGAIN = """
    INSERT INTO evaluation_news ("case", error)
    SELECT DISTINCT held.number, '' FROM cases_order o JOIN cases_case held ON held.id = o.case_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_appeals_by_two"),
        ("cases", "0044_orders_by_themselves"),
    ]

    operations = [
        migrations.CreateModel(
            name="Press",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.BigIntegerField(unique=True)),
                ("org", models.CharField(max_length=400)),
                ("issued_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("replied_at", models.DateTimeField(null=True)),
                ("late", models.BooleanField(default=False)),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="orders", to="evaluation.fact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["issued_at"], name="press_issued"),
                    models.Index(fields=["due_at"], name="press_due"),
                ],
            },
        ),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
