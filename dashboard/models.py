"""Read models of the wall, kept by reactions at the dashboard's own cursor in the journal."""

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
