"""Appeals are granted by as many people as the city says; those of before were decided by one."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0007_calls")]

    operations = [
        migrations.CreateModel(
            "AppealRule",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed", models.BooleanField(default=True, help_text="Only of a closed case.")),
                ("late", models.BooleanField(default=True, help_text="Only of a late case.")),
                ("reviewers", models.PositiveSmallIntegerField(default=2)),
                ("pack", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(pk=1), name="appeal_rule_one"),
                    models.CheckConstraint(condition=Q(reviewers__in=[1, 2]), name="appeal_rule_reviewers"),
                ],
            },
        ),
        migrations.AddField("appeal", "reviewers", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("appeal", "first_by", models.CharField(blank=True, default="", max_length=120)),
        migrations.AddField("appeal", "first_label", models.CharField(blank=True, default="", max_length=120)),
        migrations.AddField("appeal", "first_answer", models.TextField(blank=True, default="")),
        migrations.AddField("appeal", "first_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "appeal",
            models.CheckConstraint(
                condition=Q(first_by="", first_at=None, first_answer="")
                | (Q(reviewers=2, first_at__isnull=False) & ~Q(first_by="") & ~Q(first_answer="")),
                name="appeal_of_mark_first_whole",
            ),
        ),
        migrations.AddConstraint(
            "appeal",
            models.CheckConstraint(
                condition=Q(first_by="") | (~Q(first_by=F("asked_by")) & ~Q(first_by=F("decided_by"))),
                name="appeal_of_mark_by_two_others",
            ),
        ),
        migrations.AddConstraint(
            "appeal",
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(reviewers=1) | ~Q(first_by=""), name="appeal_of_mark_by_enough"
            ),
        ),
    ]
