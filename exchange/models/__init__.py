"""Tables of exchange: imports and exports and how far they have come; messages, what they say, whom they reached."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from core import clock
from exchange.contracts import ENDS, State
from exchange.contracts.exports import EXPORTED, EXPORTING, ExportState
from exchange.models.hotline import Partner as Partner
from exchange.models.hotline import PartnerNonce as PartnerNonce
from exchange.models.hotline import PartnerTicket as PartnerTicket
from exchange.models.hotline import TicketMessage as TicketMessage
from exchange.models.hotline import TicketRefusal as TicketRefusal
from exchange.models.hotline import TicketReply as TicketReply
from exchange.models.machines import CallPicture as CallPicture
from exchange.models.machines import Machine as Machine
from exchange.models.machines import MachineCall as MachineCall
from exchange.models.outgoing import Contact as Contact
from exchange.models.outgoing import Endpoint as Endpoint
from exchange.models.outgoing import Sending as Sending
from exchange.models.outgoing import SendingAttempt as SendingAttempt
from exchange.models.uploads import Upload as Upload
from exchange.rules.exports import percent


class ImportJob(models.Model):
    """A file on its way into the city: what it says, what people decided, what would happen, what happened.

    `done` rows are stored for good; `epoch` is the number of the worker that may store the next ones, `beat_at` when
    it last did; `kept` is what the intake must remember from one worker to the next.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.UPLOADED)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    format = models.CharField(max_length=10)
    header = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    preview = models.JSONField(default=list)
    kept = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)
    created_label = models.CharField(max_length=200, blank=True)
    confirmed_by = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="exchange_job_state", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(
                name="exchange_job_ended_has_its_end",
                condition=Q(state__in=sorted(ENDS), ended_at__isnull=False)
                | (~Q(state__in=sorted(ENDS)) & Q(ended_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="exchange_job_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.state})"

    @property
    def written(self) -> int:
        """How many rows changed what stands; those stay, however the import ends."""
        return sum(self.counts.get(outcome, 0) for outcome in ("add", "change", "retire"))

    @property
    def percent(self) -> int:
        """How much of the file is behind us, of what is being done now."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class ExportJob(models.Model):
    """A list on its way out, for one person, narrowed by the filters of its URL.

    `done` rows are read, down to the key `below`, and lie in `kept` bytes; `written` of them stand in the file.
    `epoch` is the number of the worker that may go on, `beat_at` when it last did.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    dataset = models.CharField(max_length=40)
    format = models.CharField(max_length=10)
    options = models.JSONField(default=dict)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=ExportState.WAITING)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    below = models.BigIntegerField(null=True)
    kept = models.BigIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    dropped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="exchange_export_state", condition=Q(state__in=[s.value for s in ExportState])),
            models.CheckConstraint(
                name="exchange_export_ended_has_its_end",
                condition=Q(state__in=sorted(EXPORTED), ended_at__isnull=False)
                | (~Q(state__in=sorted(EXPORTED)) & Q(ended_at__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["user"], name="exchange_export_one_at_a_time", condition=Q(state__in=sorted(EXPORTING))
            ),
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="exchange_export_newest")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.format} ({self.state})"

    @property
    def percent(self) -> int:
        """How much of the work is behind us."""
        return percent(self.done, self.written, self.total or 0)


class MessageTemplate(models.Model):
    """One version of what people are told at an occasion; the highest one is in force, unless it is retired.

    `titles` and `bodies` are texts by language; `said` is what the pack says, which the city may have changed.
    What is `urgent` breaks through quiet hours.
    """

    occasion = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    titles = models.JSONField(default=dict)
    bodies = models.JSONField(default=dict)
    enabled = models.BooleanField(default=True)
    retired = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    said_urgent = models.BooleanField(default=False)
    pack = models.CharField(max_length=40, blank=True, default="")
    said = models.JSONField(default=dict)
    made_by = models.CharField(max_length=120)
    made_label = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["occasion", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["occasion", "version"], name="exchange_template_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="exchange_template_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.version}"

    @property
    def says(self) -> dict[str, dict[str, str]]:
        """Its texts, as a pack writes them."""
        return {"titles": self.titles, "bodies": self.bodies}

    @property
    def differs(self) -> bool:
        """Whether the city says otherwise than the pack, or says nothing where the pack does."""
        told = self.said, self.said_urgent
        return bool(self.said) and (told != (self.says, self.urgent) or not self.enabled)


class Message(models.Model):
    """What was said of an entry of the journal, once for everybody it concerns, in every language."""

    entry = models.BigIntegerField()
    occasion = models.CharField(max_length=60)
    key = models.CharField(max_length=120, blank=True, default="")
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=120)
    titles = models.JSONField()
    bodies = models.JSONField()
    href = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "occasion", "key"], name="exchange_message_once")]
        indexes = [models.Index(fields=["subject", "-id"], name="exchange_message_subject")]

    def __str__(self) -> str:
        return f"{self.occasion} {self.subject}"


class Delivery(models.Model):
    """A message in the inbox of one person; nobody is told of one entry twice."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.BigIntegerField()
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    silent = models.BooleanField(default=False)
    delivered_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "user"], name="exchange_delivery_once"),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=models.F("delivered_at")),
                name="exchange_delivery_read_after",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="exchange_delivery_unread", condition=Q(read_at=None)),
            models.Index(fields=["user", "-id"], name="exchange_delivery_inbox"),
            models.Index(fields=["delivered_at"], name="exchange_delivery_at"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.user_id}"


class InboxPreference(models.Model):
    """What somebody does not want to be told, when messages come silently, and by which channels each goes out too."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    muted = models.JSONField(default=list)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    channels = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="exchange_quiet_whole",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)
