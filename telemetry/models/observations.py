"""Stations and the streams of readings they have, the readings by the day, and where it is said to rain."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q

from telemetry.models.devices import Device


class Indicator(models.Model):
    """What a pack says is measured: by which type of component, at which, in which unit; its rules are apart."""

    code = models.CharField(max_length=40, unique=True)
    pack = models.CharField(max_length=60)
    document = models.JSONField()
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class Station(models.Model):
    """A place where something is measured by one gauge or several: a flood-prone point, a river, a stack.

    `asset` is the component that it is, `bands` its own where it has any, by metric; `camera` looks at it.
    """

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    system = models.CharField(max_length=60, blank=True)
    asset = models.CharField(max_length=24, blank=True)
    camera = models.CharField(max_length=64, blank=True)
    area = models.CharField(max_length=64)
    geom = models.PointField(srid=4326, spatial_index=False)
    bands = models.JSONField(default=dict)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="telemetry_station_area"),
            GistIndex(fields=["geom"], name="telemetry_station_geom"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset"], condition=~Q(asset=""), name="telemetry_station_asset"),
        ]

    def __str__(self) -> str:
        return self.code


class Stream(models.Model):
    """What one gauge measures at a station, in which unit, above which datum, how often; and its newest reading.

    `machine` is the only one that may send it; without one any sensor may that reports in its area.
    """

    code = models.CharField(max_length=60, unique=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="streams")
    names = models.JSONField(default=dict)
    metric = models.CharField(max_length=40)
    unit = models.CharField(max_length=20, blank=True)
    datum = models.CharField(max_length=40, blank=True)
    interval_s = models.PositiveIntegerField(default=300)
    low = models.FloatField(default=-5)
    high = models.FloatField(default=1000)
    asset = models.CharField(max_length=24, blank=True)
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.PROTECT, related_name="streams")
    machine = models.CharField(max_length=40, blank=True)
    newest_at = models.DateTimeField(null=True)
    newest_value = models.FloatField(null=True)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "metric"], condition=Q(device__isnull=False), name="telemetry_stream_of_device"
            ),
            models.CheckConstraint(name="telemetry_stream_range", condition=Q(low__lt=F("high"))),
            models.CheckConstraint(name="telemetry_stream_interval", condition=Q(interval_s__gt=0)),
            models.CheckConstraint(
                name="telemetry_stream_newest", condition=Q(newest_at__isnull=True, newest_value__isnull=True)
                | Q(newest_at__isnull=False, newest_value__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class Observation(models.Model):
    """A reading as it came. The table is partitioned by day: only SQL makes and fills it.

    `flag` is what its own range says of it; tests that look at its neighbours are asked when the series is read, so
    that no reading that comes later makes a kept flag wrong.
    """

    pk = models.CompositePrimaryKey("stream_id", "at")
    stream_id = models.BigIntegerField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    value = models.FloatField()
    flag = models.SmallIntegerField()

    class Meta:
        ordering: ClassVar = ["stream_id", "at"]

    def __str__(self) -> str:
        return f"{self.stream_id} {self.at:%F %T}"


class RainWarning(models.Model):
    """Somebody says that it rains hard, or will: in this area, from then until it ends, gauges must tell more often."""

    area = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=120)
    by_label = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-since", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="telemetry_rain_order", condition=Q(since__lte=F("until"))),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.since:%F %T}"
