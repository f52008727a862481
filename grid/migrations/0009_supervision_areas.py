import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import grid.models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0008_published_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="SupervisionArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("area", models.CharField(max_length=60)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
                ("dissolved_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["area"], name="grid_supervision_area", opclasses=["text_pattern_ops"])
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_-]+$")), name="grid_supervision_code_shape"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisedCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cell", models.CharField(max_length=15)),
                (
                    "supervision_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cells", to="grid.supervisionarea"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["cell"], name="grid_supervised_cell")],
                "constraints": [
                    models.UniqueConstraint(fields=("supervision_area", "cell"), name="grid_supervised_cell_once"),
                    models.CheckConstraint(
                        condition=models.Q(("cell__regex", "^\\d{15}$")), name="grid_supervised_cell_shape"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Patrol",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("assigned_by", models.CharField(max_length=100)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supervision_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="patrols", to="grid.supervisionarea"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="grid_patrol_ends_after_it_begins",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supervision_area", "="),
                            ("person", "="),
                            (grid.models.TsTzRange("valid_from", "valid_until"), "&&"),
                        ],
                        name="grid_patrol_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
