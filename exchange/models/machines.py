"""Tables of machines outside that report: who they are, and every call of theirs with what became of it."""

from django.db import models
from django.db.models import F, Q

from core import clock
from exchange.contracts.machines import UNUSED, CallKind, CallState, MachineKind


class Machine(models.Model):
    """A machine that reports over HTTP: what, where and how often it may.

    Of its key only the digest is kept; the one before opens until `both_until`. No classes or areas: all of them.
    `trouble` is why its last call could not even be read; `hour_calls` counts since `hour_from`.
    """

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    kind = models.CharField(max_length=12)
    organisation = models.CharField(max_length=60, blank=True, default="")
    classes = models.JSONField(default=list)
    areas = models.JSONField(default=list)
    datum = models.CharField(max_length=10, default="wgs84")
    hourly = models.PositiveIntegerField(default=600)
    enabled = models.BooleanField(default=True)
    digest = models.CharField(max_length=64)
    digest_before = models.CharField(max_length=64, blank=True, default="")
    both_until = models.DateTimeField(null=True)
    key_made_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(default=clock.now)
    hour_from = models.DateTimeField(default=clock.now)
    hour_calls = models.PositiveIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    trouble = models.JSONField(default=dict)
    trouble_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in MachineKind]), name="exchange_machine_kind"
            ),
            models.CheckConstraint(condition=Q(hourly__gte=1), name="exchange_machine_reports_at_all"),
            models.CheckConstraint(
                condition=Q(digest_before="", both_until=None) | ~Q(digest_before="") & Q(both_until__isnull=False),
                name="exchange_machine_two_keys_for_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MachineCall(models.Model):
    """A call of a machine, kept before anything is made of it; `event` is the machine's own name for it.

    `body` shows what is personal masked; `whole` is what came, and is emptied as soon as it has been made use of.
    `flags` are codes of sentences with their parameters: what is odd about it, and why it was refused; `error` is
    what broke when it was last tried, for whoever mends it.
    """

    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="calls")
    event = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    about = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=10, default=CallState.RECEIVED)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    whole = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    subject = models.CharField(max_length=120, blank=True, default="")
    photos = models.PositiveSmallIntegerField(default=0)
    times = models.PositiveIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="", db_default="")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["machine", "event"], name="exchange_call_once"),
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in CallKind]), name="exchange_call_kind"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in CallState]), name="exchange_call_state"),
            models.CheckConstraint(
                condition=~Q(state=CallState.TAKEN.value) | ~Q(subject=""), name="exchange_call_taken_as_something"
            ),
        ]
        indexes = [
            models.Index(F("machine"), F("received_at").desc(), F("id").desc(), name="exchange_call_newest"),
            models.Index(fields=["machine", "about"], name="exchange_call_about", condition=~Q(about="")),
            models.Index(
                fields=["received_at", "id"],
                name="exchange_call_unused",
                condition=Q(state__in=[one.value for one in UNUSED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.event}"


class CallPicture(models.Model):
    """A picture of a call as it came, kept with the call and gone as soon as that has been made use of.

    It lies in the database and not in the vault, so that it is there if the call is, and nobody else names its file.
    """

    call = models.ForeignKey(MachineCall, on_delete=models.CASCADE, related_name="pictures")
    place = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["call", "place"], name="exchange_call_picture_once")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.place}"
