"""Schemes in force and the marks of closed cases."""

from django.db import models
from django.db.models import Q


class Scheme(models.Model):
    """A formula as data, from a pack; `document` is what `rules.scheme_from` reads."""

    code = models.CharField(max_length=60, unique=True)
    names = models.JSONField()
    document = models.JSONField()
    pack = models.CharField(max_length=60)
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Mark(models.Model):
    """What one closed case earned. One row per case; it stops counting while the case is open again."""

    case = models.CharField(max_length=30, unique=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT)
    organisation = models.CharField(max_length=300, db_index=True)
    area = models.CharField(max_length=120, db_index=True)
    category = models.CharField(max_length=20)
    score = models.DecimalField(max_digits=5, decimal_places=1)
    level = models.CharField(max_length=2)
    facts = models.JSONField(help_text="metric -> 0 or 1")
    parts = models.JSONField()
    reworks = models.PositiveSmallIntegerField(default=0)
    handle_minutes = models.PositiveIntegerField(null=True)
    closed_at = models.DateTimeField(db_index=True)
    counts = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=0), name="mark_score_not_negative")]

    def __str__(self) -> str:
        return f"{self.case}: {self.score}"
