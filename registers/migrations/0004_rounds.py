import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_words_found")]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("after", models.CharField(blank=True, max_length=24)),
                ("entered", models.PositiveIntegerField(default=0)),
                ("waiting", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                (
                    "register",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="registers.register",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("register", "begins"), name="registers_round_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True), ("started_at__isnull", False)),
                        fields=("register",),
                        name="registers_round_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("started_at__isnull", False), ("done_at__isnull", False), _connector="OR"),
                        name="registers_round_missed_is_over",
                    ),
                ],
            },
        ),
    ]
