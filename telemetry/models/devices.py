"""Devices, the terminals they speak by, what a model of terminal means by its bits, and what is told to them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from telemetry.contracts import DeviceKind, DownlinkState, Protocol


class TerminalModel(models.Model):
    """A model of terminal: which of its bits and vendor items mean what (`io_map`), as data."""

    code = models.SlugField(max_length=64, unique=True)
    vendor = models.CharField(max_length=120, blank=True)
    io_map = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class Device(models.Model):
    """Something that reports by itself: a vehicle, an officer's phone, a gauge, a pump, a stack."""

    code = models.SlugField(max_length=64, unique=True)
    names = models.JSONField(default=dict)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in DeviceKind])
    organisation = models.CharField(max_length=255, blank=True)
    area = models.CharField(max_length=64, blank=True)
    asset = models.ForeignKey("assets.Asset", null=True, blank=True, on_delete=models.PROTECT, related_name="devices")
    interval_s = models.PositiveIntegerField(default=60)
    enabled_from = models.DateTimeField(null=True, blank=True)
    enabled_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["area"], name="telemetry_device_area", opclasses=["text_pattern_ops"]),
            models.Index(fields=["organisation"], name="telemetry_device_org", opclasses=["text_pattern_ops"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="telemetry_device_kind", condition=Q(kind__in=[kind.value for kind in DeviceKind])
            ),
            models.CheckConstraint(name="telemetry_device_interval", condition=Q(interval_s__gt=0)),
            models.CheckConstraint(
                name="telemetry_device_enabled",
                condition=Q(enabled_from__isnull=True)
                | Q(enabled_until__isnull=True)
                | Q(enabled_until__gt=models.F("enabled_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Terminal(models.Model):
    """What a device speaks by. `address` is what it calls itself: phone (no leading zeros), station, or MN.

    `secret_hash` is the SHA-256 of a random code of 32 characters: that much chance needs no slow hash.
    """

    device = models.OneToOneField(Device, on_delete=models.CASCADE, related_name="terminal")
    protocol = models.CharField(max_length=8, choices=[(p.value, p.value) for p in Protocol])
    address = models.CharField(max_length=40)
    model = models.ForeignKey(TerminalModel, null=True, blank=True, on_delete=models.PROTECT, related_name="terminals")
    plate = models.CharField(max_length=32, blank=True)
    plate_colour = models.PositiveSmallIntegerField(default=0)
    terminal_id = models.CharField(max_length=40, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    registered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["device"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["protocol", "address"], name="telemetry_terminal_once"),
            models.CheckConstraint(
                name="telemetry_terminal_protocol", condition=Q(protocol__in=[one.value for one in Protocol])
            ),
            models.CheckConstraint(
                name="telemetry_terminal_registered",
                condition=Q(secret_hash="", registered_at__isnull=True)
                | (~Q(secret_hash="") & Q(registered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol}:{self.address}"


class Downlink(models.Model):
    """Something to be told to a terminal: kept until the terminal has answered, or its time is over."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="downlinks")
    key = models.CharField(max_length=80, unique=True)
    message = models.PositiveIntegerField()
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=DownlinkState.QUEUED, choices=[(s, s) for s in DownlinkState])
    tries = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    queued_by = models.CharField(max_length=120)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["device", "id"],
                condition=Q(state__in=[DownlinkState.QUEUED, DownlinkState.SENT]),
                name="telemetry_downlink_open",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="telemetry_downlink_state", condition=Q(state__in=[state.value for state in DownlinkState])
            ),
            models.CheckConstraint(
                name="telemetry_downlink_ended",
                condition=Q(state__in=[DownlinkState.QUEUED, DownlinkState.SENT], ended_at__isnull=True)
                | (~Q(state__in=[DownlinkState.QUEUED, DownlinkState.SENT]) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.key}"
