"""Positions: every fix in a table of its own for each day, and the newest of each device."""

from typing import ClassVar

from django.contrib.gis.db import models

from telemetry.models.devices import Device


class FixRow(models.Model):
    """A fix as it came, with its quality code. The table is partitioned by day: only SQL makes and fills it."""

    pk = models.CompositePrimaryKey("device_id", "at", "digest")
    device_id = models.BigIntegerField()
    at = models.DateTimeField()
    digest = models.BigIntegerField()
    received_at = models.DateTimeField()
    lon = models.FloatField()
    lat = models.FloatField()
    speed = models.FloatField()
    heading = models.SmallIntegerField()
    altitude = models.IntegerField()
    alarm = models.BigIntegerField()
    status = models.BigIntegerField()
    mileage = models.FloatField(null=True)
    quality = models.SmallIntegerField()
    extra = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "telemetry_fix"
        ordering: ClassVar = ["device_id", "at"]

    def __str__(self) -> str:
        return f"{self.device_id} {self.at:%F %T}"


class Latest(models.Model):
    """Where a device was last: the newest usable fix by its own clock, whatever came in later."""

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE, related_name="latest")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    geom = models.PointField(srid=4326)
    speed = models.FloatField()
    heading = models.SmallIntegerField()
    alarm = models.BigIntegerField()
    status = models.BigIntegerField()
    quality = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.device_id} {self.at:%F %T}"
