"""Tables of what leaves the house: endpoints, sendings, their attempts, and the addresses of people."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from core import clock
from exchange.contracts.sendings import ENDED, PERSONAL, Channel, SendingState


class Endpoint(models.Model):
    """Where something is sent, by what, and what it is told of; `sealed` secrets are never shown again.

    While a secret is changed over, what it was (`sealed_before`) signs too, until `both_until`. `failures` counts in
    a row; an endpoint that rests is left alone until `rests_until`.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    channel = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    enabled = models.BooleanField(default=True)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    sealed_before = models.TextField(blank=True, default="")
    both_until = models.DateTimeField(null=True)
    kinds = models.JSONField(default=list)
    org = models.CharField(max_length=400, blank=True, default="")
    area = models.CharField(max_length=80, blank=True, default="")
    policy = models.JSONField(default=dict)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    off_why = models.CharField(max_length=60, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["channel", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="exchange_endpoint_channel", condition=Q(channel__in=[one.value for one in Channel])
            ),
            models.UniqueConstraint(
                name="exchange_endpoint_one_per_personal_channel",
                fields=["channel"],
                condition=Q(enabled=True, channel__in=[one.value for one in PERSONAL]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.name}"


class Sending(models.Model):
    """Something on its way to one recipient by one endpoint; `key` says what it is, so that it is made once.

    `uid` is told to the other side and stays the same at every attempt and every replay. `epoch` is the number of the
    worker that may say how it ended. Secrets in a payload are sealed and gone once it has ended.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="sendings")
    key = models.CharField(max_length=200)
    entry = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=120)
    subject = models.CharField(max_length=120, blank=True, default="")
    message = models.ForeignKey("exchange.Message", null=True, on_delete=models.SET_NULL, related_name="sendings")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True, default="")
    payload = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=SendingState.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    rounds = models.PositiveSmallIntegerField(default=1)
    status = models.PositiveSmallIntegerField(default=0)
    failure = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "key"], name="exchange_sending_once"),
            models.CheckConstraint(
                name="exchange_sending_state", condition=Q(state__in=[one.value for one in SendingState])
            ),
            models.CheckConstraint(
                name="exchange_sending_leased_while_sending",
                condition=Q(state=SendingState.SENDING, leased_until__isnull=False)
                | (~Q(state=SendingState.SENDING) & Q(leased_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="exchange_sending_ended_has_its_end",
                condition=Q(state__in=sorted(ENDED), ended_at__isnull=False)
                | (~Q(state__in=sorted(ENDED)) & Q(ended_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="exchange_sending_due",
                condition=Q(state__in=["waiting", "held", "failed", "sending"]),
            ),
            models.Index(fields=["endpoint", "-id"], name="exchange_sending_endpoint"),
            models.Index(fields=["subject", "-id"], name="exchange_sending_subject"),
            models.Index(fields=["ended_at"], name="exchange_sending_ended"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.uid} ({self.state})"


class SendingAttempt(models.Model):
    """One attempt, as it went."""

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="tries")
    epoch = models.PositiveIntegerField()
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=10)
    status = models.PositiveSmallIntegerField(default=0)
    failure = models.JSONField(default=dict)

    class Meta:
        ordering = ["epoch"]
        constraints = [models.UniqueConstraint(fields=["sending", "epoch"], name="exchange_attempt_once")]

    def __str__(self) -> str:
        return f"{self.sending_id} {self.epoch} {self.verdict}"


class Contact(models.Model):
    """An address of a person in a channel; used once it is verified by the code that was sent there."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=200)
    verified_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=64, blank=True, default="")
    code_until = models.DateTimeField(null=True)
    wrong = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "channel"], name="exchange_contact_once"),
            models.CheckConstraint(
                name="exchange_contact_channel", condition=Q(channel__in=[one.value for one in PERSONAL])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.user_id}"
