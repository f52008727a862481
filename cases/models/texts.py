"""Standard texts for the steps: what people say again and again, written once."""

from django.db import models
from django.db.models import Q

from core import clock


class StandardText(models.Model):
    """A sentence offered with a step, for every class or for those whose code begins with `category`."""

    verb = models.CharField(max_length=30)
    category = models.CharField(max_length=20, blank=True, default="")
    texts = models.JSONField(default=dict)
    retired = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["verb", "category", "pk"]
        indexes = [models.Index(fields=["verb"], name="cases_text_verb", condition=Q(retired=False))]

    def __str__(self) -> str:
        return f"{self.verb} {self.category}".strip()
