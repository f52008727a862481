"""A fact for each time that a case was closed and opened again, and when one was closed by force."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0010_shirks_found"),
    ]

    operations = [
        migrations.AddField(
            model_name="fact",
            name="forced_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="fact",
            name="round",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="fact",
            name="stood_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="fact",
            name="stood_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="fact",
            name="case",
            field=models.CharField(max_length=20),
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                condition=models.Q(("forced_at__isnull", False)), fields=["forced_at"], name="fact_forced"
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(fields=("case", "round"), name="fact_once_a_round"),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("round", 0), ("stood_until", None)),
                    models.Q(("round__gte", 1), ("stood_until__isnull", False)),
                    _connector="OR",
                ),
                name="fact_earlier_has_an_end",
            ),
        ),
    ]
