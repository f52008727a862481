"""Filters of the list that people keep under a name and share."""

from typing import Any

from django.db import models
from django.db.models import Q

from core.clock import now


class SavedFilter(models.Model):
    """The filters of a list's URL under a name, for its owner and for those it is shared with.

    `shared` is "" for nobody else, "all", "org:<code>" for an organisation and all beneath it, or "duty:<duty>".
    What somebody sees through it is what their own rights allow.
    """

    name = models.CharField(max_length=60)
    options = models.JSONField()
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    shared = models.CharField(max_length=60, blank=True, default="")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="case_filter_name_once"),
            models.CheckConstraint(
                condition=Q(shared__in=["", "all"]) | Q(shared__startswith="org:") | Q(shared__startswith="duty:"),
                name="case_filter_shared_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="case_filter_has_a_name"),
        ]
        indexes = [models.Index(fields=["shared"], condition=~Q(shared=""), name="case_filter_shared")]

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What it says: what `core.versions` compares."""
        return {"name": self.name, "shared": self.shared, "options": self.options}
