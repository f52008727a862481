"""Read models of the wall, kept by reactions at a cursor of their own in the journal; drafts of units that join."""

from uuid import uuid4

from django.db import models


class Tile(models.Model):
    """How often something happened on a day in a scope of the feed (`city`, `d:449901`)."""

    scope = models.CharField(max_length=40)
    day = models.DateField()
    measure = models.CharField(max_length=40)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "day", "measure"], name="tile_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.day} {self.measure} {self.value}"


class WallCase(models.Model):
    """What the wall has in mind of a case after the entry of the global number `seq`; an ended case keeps only that."""

    number = models.CharField(max_length=20, primary_key=True)
    district = models.CharField(max_length=12, blank=True, default="")
    open = models.BooleanField(default=True)
    data = models.JSONField(default=dict)
    seq = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["district", "number"], name="wallcase_open", condition=models.Q(open=True))]

    def __str__(self) -> str:
        return self.number


class Joining(models.Model):
    """A draft of units that join: the rows of each sheet as texts by field, and the import that checks them.

    Once made it keeps only how many rows there were on each sheet.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    title = models.CharField(max_length=80)
    sheets = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    job = models.UUIDField(null=True, db_index=True)
    made_by = models.CharField(max_length=100)
    made_label = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.title
