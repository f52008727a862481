"""Tables of the exchange of tickets: partners, what they sent and send, what they are told, what was refused."""

from django.db import models
from django.db.models import Q

from core import clock
from exchange.contracts.hotline import MessageState, ReplyState, Score, TicketState


class Partner(models.Model):
    """Who exchanges tickets with the city: where it is, how its words are called here, what it is told.

    `secret_ref` names the secret in the settings, which stands in no table. `said` is what the pack says, which the
    city may have changed. The fields from `cursor` on are kept by the machine: how far was fetched, and what ails it.
    """

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    base_url = models.CharField(max_length=300, blank=True, default="")
    secret_ref = models.CharField(max_length=60)
    enabled = models.BooleanField(default=True)
    pulls = models.BooleanField(default=False)
    classes = models.JSONField(default=dict)
    areas = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    datum = models.CharField(max_length=10, default="wgs84")
    unsatisfied = models.CharField(max_length=10, default="reopen")
    pack = models.CharField(max_length=40, blank=True, default="")
    said = models.JSONField(default=dict)
    cursor = models.CharField(max_length=40, blank=True, default="")
    page = models.CharField(max_length=200, blank=True, default="")
    pull_at = models.DateTimeField(default=clock.now)
    pulled_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True, default="")
    down_since = models.DateTimeField(null=True)
    resume_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class PartnerNonce(models.Model):
    """A nonce that a signed request used; used again, the request is a replay."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "nonce"], name="exchange_nonce_once")]
        indexes = [models.Index(fields=["at"], name="exchange_nonce_at")]


class PartnerTicket(models.Model):
    """A ticket of a partner: the thing of ours that it became ("" before), how both sides stand, what it is worth.

    `newest` is the highest sequence whose content is in force; `told` the last thing that the partner took from us.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="tickets")
    ticket = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, default=TicketState.WAITING)
    told = models.CharField(max_length=20, blank=True, default="")
    given_class = models.CharField(max_length=120, blank=True, default="")
    newest = models.PositiveIntegerField(default=0)
    deadline = models.DateTimeField(null=True)
    urged = models.PositiveIntegerField(default=0)
    score = models.CharField(max_length=12, blank=True, default="")
    score_text = models.TextField(blank=True, default="")
    scored_at = models.DateTimeField(null=True)
    replies_made = models.PositiveIntegerField(default=0)
    troubled = models.BooleanField(default=False)
    first_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "ticket"], name="exchange_ticket_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in TicketState]), name="exchange_ticket_state"
            ),
            models.CheckConstraint(
                condition=Q(score__in=["", *(one.value for one in Score)]), name="exchange_ticket_score"
            ),
        ]
        indexes = [
            models.Index(fields=["subject"], name="exchange_ticket_subject"),
            models.Index(fields=["ticket"], opclasses=["text_pattern_ops"], name="exchange_ticket_begins"),
            models.Index(fields=["-changed_at", "-id"], name="exchange_ticket_newest"),
            models.Index(fields=["state"], name="exchange_ticket_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.ticket}"


class TicketMessage(models.Model):
    """A message of a partner, kept before anything is made of it; `sequence` is the partner's own count by ticket.

    `body` shows what is personal masked; `whole` is what came, and is emptied as soon as it has been made use of.
    `flags` are codes of sentences with their parameters: what is odd about it, and what stands in its way.
    """

    ticket = models.ForeignKey(PartnerTicket, on_delete=models.PROTECT, related_name="messages")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=MessageState.RECEIVED)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    whole = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    pulled = models.BooleanField(default=False)
    times = models.PositiveIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "sequence"], name="exchange_message_sequence"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in MessageState]), name="exchange_message_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="exchange_message_left", condition=Q(state=MessageState.RECEIVED.value)
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.sequence} {self.kind}"


class TicketReply(models.Model):
    """Something the partner is to be told of a ticket, in the order of `number`; `key` tells it only once."""

    ticket = models.ForeignKey(PartnerTicket, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    body = models.JSONField()
    state = models.CharField(max_length=10, default=ReplyState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="exchange_reply_order"),
            models.UniqueConstraint(fields=["ticket", "key"], name="exchange_reply_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in ReplyState]), name="exchange_reply_state"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="exchange_reply_due", condition=Q(state=ReplyState.QUEUED.value))
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.number} {self.kind}"


class TicketRefusal(models.Model):
    """What a partner sent and was refused: why, and how it began with what is personal masked.

    What is not signed is counted by the hour and not kept: anybody can send that.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="refusals")
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    excerpt = models.TextField(blank=True, default="")
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at", "-id"]
        indexes = [models.Index(fields=["partner", "-last_at"], name="exchange_refusal_newest")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.code}"
