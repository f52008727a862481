"""Supervision orders: somebody above presses for a case, with a deadline and an answer."""

from django.db import models
from django.db.models import F, Q

from cases.contracts import OrderKind
from cases.models.case import Case
from cases.models.ladders import Rung

_KINDS = [kind.value for kind in OrderKind]


class Order(models.Model):
    """What is demanded of the organisation that has a case, by when, and what it answered; answered once.

    `rung` is the breach for which the city's model issued it by itself, once; then `says` has the words in each
    language.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=10)
    level = models.CharField(max_length=12)
    rung = models.OneToOneField(Rung, on_delete=models.PROTECT, null=True, related_name="order")
    requirement = models.TextField()
    says = models.JSONField(default=dict)
    org = models.CharField(max_length=400, blank=True, default="")
    issued_by = models.CharField(max_length=120)
    issued_label = models.CharField(max_length=120)
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_overdue_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True, default="")
    replied_by = models.CharField(max_length=120, blank=True, default="")
    replied_label = models.CharField(max_length=120, blank=True, default="")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["issued_at", "id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(replied_at=None, told_overdue_at=None), name="order_to_breach"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(replied_at=None), name="order_one_open"),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="order_kind_known"),
            models.CheckConstraint(condition=Q(due_at__gt=F("issued_at")), name="order_due_later"),
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="", replied_by="")
                | (Q(replied_at__gte=F("issued_at")) & ~Q(reply="") & ~Q(replied_by="")),
                name="order_replied_whole",
            ),
            models.CheckConstraint(
                condition=Q(replied_by="") | ~Q(replied_by=F("issued_by")), name="order_replied_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
