"""The journal's tables. `journal_entry` is partitioned by month and guarded by triggers (see the first migration)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Entry(models.Model):
    """A fact in the past: audit trail, outbox and activity feed in one row, never changed but to get its number."""

    id = models.BigAutoField(primary_key=True)
    seq = models.BigIntegerField(null=True, editable=False)
    kind = models.TextField()
    subject = models.TextField()
    actor = models.TextField()
    actor_label = models.TextField(blank=True)
    org = models.TextField(blank=True)
    area = models.TextField(blank=True)
    user_id = models.BigIntegerField(null=True)
    scopes = ArrayField(models.TextField())
    data = models.JSONField()
    at = models.DateTimeField()
    trace = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="entry_unnumbered", condition=models.Q(seq=None)),
            models.Index(fields=["seq"], name="entry_seq"),
            models.Index(fields=["subject", "id"], name="entry_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class FeedHead(models.Model):
    """The last number given in a feed; the row `*` counts the whole journal and is the lock of numbering."""

    scope = models.TextField(primary_key=True)
    head = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(head__gte=0), name="feedhead_not_negative")]

    def __str__(self) -> str:
        return f"{self.scope} {self.head}"


class FeedPlace(models.Model):
    """The place of an entry in a feed: dense per scope, so that a reader can prove that nothing is missing."""

    scope = models.TextField()
    seq = models.BigIntegerField()
    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "seq"], name="feedplace_once"),
            models.UniqueConstraint(fields=["entry", "scope"], name="feedplace_entry_once"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="feedplace_from_one"),
        ]
        indexes = [models.Index(fields=["at"], name="feedplace_at")]

    def __str__(self) -> str:
        return f"{self.scope} {self.seq}"


class Cursor(models.Model):
    """How far a subscriber has got (global number), and how the entry it stands before has failed so far."""

    subscriber = models.TextField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subscriber} {self.seq}"


class Parked(models.Model):
    """An entry that a subscriber could not take, with its error; it waits for a person."""

    subscriber = models.TextField()
    seq = models.BigIntegerField()
    entry_id = models.BigIntegerField()
    kind = models.TextField()
    subject = models.TextField()
    error = models.TextField()
    attempts = models.PositiveSmallIntegerField()
    parked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "seq"], name="parked_once")]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.seq}"


class Epoch(models.Model):
    """Raised after a restore or a fail-over: numbers are compared only within one epoch."""

    number = models.PositiveIntegerField(primary_key=True)
    reason = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class Pulse(models.Model):
    """When a process of the journal was last seen at work."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
