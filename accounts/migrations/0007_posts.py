"""Posts, and which grants come with one."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_standings_of_today")]

    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]{0,39}\\Z", code="accounts.bad_code"
                            )
                        ],
                    ),
                ),
                ("names", models.JSONField(default=dict)),
                ("area", models.CharField(blank=True, default="", max_length=80)),
                ("bound", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="accounts.organisation"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="accounts.role"
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__path", "code"],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="held",
                to="accounts.post",
            ),
        ),
    ]
