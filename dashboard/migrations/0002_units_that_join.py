"""Drafts of units that join."""

from uuid import uuid4

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Joining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=80)),
                ("sheets", models.JSONField(default=dict)),
                ("made", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("job", models.UUIDField(db_index=True, null=True)),
                ("made_by", models.CharField(max_length=100)),
                ("made_label", models.CharField(blank=True, max_length=120)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["-changed_at", "-pk"]},
        ),
    ]
