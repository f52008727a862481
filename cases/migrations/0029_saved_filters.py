"""Filters of the list that people keep under a name and share."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0028_personal_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("options", models.JSONField()),
                ("shared", models.CharField(blank=True, default="", max_length=60)),
                ("changed_at", models.DateTimeField(default=core.clock.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("shared", ""), _negated=True), fields=["shared"], name="case_filter_shared"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="case_filter_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shared__in", ["", "all"]),
                            ("shared__startswith", "org:"),
                            ("shared__startswith", "duty:"),
                            _connector="OR",
                        ),
                        name="case_filter_shared_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="case_filter_has_a_name"
                    ),
                ],
            },
        ),
    ]
