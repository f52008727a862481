"""Who reported, what the case does not say of them, and what was done about it: looked at, kept, erased."""

from django.db import models
from django.db.models import Q

from cases.contracts.personal import PersonalVerb
from cases.models.case import Case
from core.personal import Person

KEEP_DAYS, LOOKS_PER_HOUR = 365, 20
"""What holds before a pack says otherwise: `personal_data` of the base pack has the same."""


class Reporter(models.Model):
    """Who told us, whole; kept apart so that nothing else of the case carries it.

    `held_at` is since when a legal hold keeps it, `erased_at` since when nothing of it is there any more.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reporter")
    name = models.CharField(max_length=80, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="", db_default="")
    held_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", phone="", email="", held_at=None), name="reporter_erased_whole"
            ),
        ]

    @property
    def person(self) -> Person:
        """What is known."""
        return Person(self.name, self.phone, self.email)


class Withheld(models.Model):
    """Words of a case as they were written, where the case itself shows them masked; `place` says which words."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="withheld")
    place = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.place}"


class PersonalAct(models.Model):
    """Somebody looked at the personal data of a case, kept it or let it go, or it was erased. It stays as it is."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="personal_acts")
    verb = models.CharField(max_length=10)
    ground = models.CharField(max_length=20, blank=True, default="")
    note = models.TextField(blank=True, default="")
    counts = models.JSONField(default=dict)
    actor = models.CharField(max_length=120)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["actor", "at"], condition=Q(verb="look"), name="personal_looks_of"),
            models.Index(fields=["-id"], condition=Q(verb="look"), name="personal_looks_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=[v.value for v in PersonalVerb]), name="personal_verb_known"),
            models.CheckConstraint(condition=~Q(verb="look") | (~Q(ground="") & ~Q(note="")), name="personal_look_why"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"


class PersonalRule(models.Model):
    """How long after its end a case keeps who reported it, and how often an hour one person may look; one row."""

    keep_days = models.PositiveIntegerField(default=KEEP_DAYS)
    looks_per_hour = models.PositiveSmallIntegerField(default=LOOKS_PER_HOUR)
    pack = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="personal_rule_is_one"),
            models.CheckConstraint(condition=Q(keep_days__gte=1, looks_per_hour__gte=1), name="personal_rule_counts"),
        ]
