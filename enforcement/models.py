"""Files with their parties, measures, payments, papers and past; the power list, credentials, what a city laid down.

What became of a file stays as it was written: triggers refuse to change moves, payments, papers and looks.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from enforcement.contracts import ENDS, MeasureKind, PartyKind, Plea, Procedure, Stage

DECIDED = [
    stage.value for stage in Stage
    if stage in (Stage.DECIDED, Stage.SERVED, Stage.URGED, Stage.ENFORCING, Stage.AT_COURT, Stage.FULFILLED)
]  # fmt: skip


def _values(kind: Iterable[str]) -> list[str]:
    return [str(one) for one in kind]


class CauseRow(models.Model):
    """A clause of the power list as it is in force between two days; an amended clause is another row."""

    code = models.CharField(max_length=40)
    pack = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True)
    document = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "since"], name="enforcement_cause_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="enforcement_cause_days"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.since}"


class CityLimits(models.Model):
    """What the law leaves to the city, as a pack laid it down; one row."""

    document = models.JSONField(default=dict)
    pack = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="enforcement_limits_are_one")]

    def __str__(self) -> str:
        return self.pack


class Credential(models.Model):
    """The credential of somebody who enforces, and until when it is valid."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    since = models.DateField()
    until = models.DateField()
    legal = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="enforcement_credential_days"),
        ]

    def __str__(self) -> str:
        return self.number


class NumberRun(models.Model):
    """The last running number behind the head of a number."""

    head = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.head}{self.last}"


class Dossier(models.Model):
    """A file by the law: where it stands, its days and terms. Names of parties stand beside it, never in it."""

    number = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=180, blank=True, default="")
    stage = models.CharField(max_length=20, default=Stage.OPENED)
    procedure = models.CharField(max_length=10)
    party_kind = models.CharField(max_length=14)
    org = models.CharField(max_length=200)
    area = models.CharField(max_length=60)
    case = models.CharField(max_length=40, blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    about = models.TextField(blank=True, default="")
    cause = models.ForeignKey(CauseRow, on_delete=models.PROTECT, related_name="+")
    act_on = models.DateField()
    harm = models.BooleanField(default=False)
    officers = models.JSONField(default=list)
    recused = models.JSONField(default=list)
    exhibits = models.JSONField(default=list)
    complex = models.BooleanField(default=False)
    public_interest = models.BooleanField(default=False)
    filed_on = models.DateField(null=True)
    decide_until = models.DateField(null=True)
    extended = models.PositiveSmallIntegerField(default=0)
    kinds = models.JSONField(default=list)
    fine = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    band = models.CharField(max_length=40, blank=True, default="")
    noticed_on = models.DateField(null=True)
    noticed_fine = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    noticed_kinds = models.JSONField(default=list)
    plea_until = models.DateField(null=True)
    hearing_until = models.DateField(null=True)
    plea = models.CharField(max_length=8, blank=True, default="")
    hearing_asked_on = models.DateField(null=True)
    hearing_on = models.DateField(null=True)
    hearing_chair = models.CharField(max_length=60, blank=True, default="")
    heard_on = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)
    discussed_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    serve_until = models.DateField(null=True)
    served_on = models.DateField(null=True)
    parts = models.JSONField(default=list)
    pauses = models.JSONField(default=list)
    reconsider_until = models.DateField(null=True)
    suit_until = models.DateField(null=True)
    performed_on = models.DateField(null=True)
    lodged_on = models.DateField(null=True)
    urged_on = models.DateField(null=True)
    urge_until = models.DateField(null=True)
    urge_heard = models.BooleanField(default=False)
    court_until = models.DateField(null=True)
    next_due = models.DateField(null=True)
    next_period = models.CharField(max_length=20, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=_values(Stage)), name="enforcement_stage_known"),
            models.CheckConstraint(condition=Q(procedure__in=_values(Procedure)), name="enforcement_procedure_known"),
            models.CheckConstraint(condition=Q(party_kind__in=_values(PartyKind)), name="enforcement_party_kind"),
            models.CheckConstraint(condition=Q(plea="") | Q(plea__in=_values(Plea)), name="enforcement_plea_known"),
            models.CheckConstraint(
                condition=~Q(stage__in=DECIDED) | Q(decided_on__isnull=False, noticed_on__isnull=False) & ~Q(plea=""),
                name="enforcement_no_decision_unheard",
            ),
            models.CheckConstraint(
                condition=Q(served_on=None) | Q(decided_on__isnull=False, served_on__gte=F("decided_on")),
                name="enforcement_served_after_decision",
            ),
            models.CheckConstraint(condition=Q(fine__gte=0), name="enforcement_fine_positive"),
            models.CheckConstraint(
                condition=~Q(stage__in=sorted(end.value for end in ENDS)) | Q(next_due=None),
                name="enforcement_end_rests",
            ),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="enforcement_told_once"),
            models.UniqueConstraint(
                fields=["case"], condition=~Q(case="") & ~Q(stage__in=["dismissed", "dropped"]),
                name="enforcement_case_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area", "-id"], opclasses=["text_pattern_ops", "int8_ops"], name="enforcement_area"),
            models.Index(fields=["stage", "-id"], name="enforcement_stage"),
            models.Index(fields=["next_due"], condition=Q(next_due__isnull=False), name="enforcement_due"),
        ]

    def __str__(self) -> str:
        return self.number


class Party(models.Model):
    """Who the file is about, whole; kept apart, so that nothing else of the file carries it."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="party")
    name = models.CharField(max_length=80)
    identity = models.CharField(max_length=40, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return str(self.dossier_id)


class Measure(models.Model):
    """Something sealed, detained or preserved, until when at most, and when it was given back."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    things = models.TextField()
    begun = models.DateField()
    until = models.DateField()
    prolonged = models.BooleanField(default=False)
    released = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="enforcement_measure_once"),
            models.CheckConstraint(condition=Q(kind__in=_values(MeasureKind)), name="enforcement_measure_kind"),
            models.CheckConstraint(condition=Q(until__gt=F("begun")), name="enforcement_measure_term"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number}"


class Payment(models.Model):
    """An amount that was paid, and the receipt for it; a trigger keeps it so."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="payments")
    on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    receipt = models.CharField(max_length=200)
    cash = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="enforcement_payment_positive")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.amount}"


class Move(models.Model):
    """A step that was taken: when, by whom, from where to where, and what was said; a trigger keeps it so."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True, default="")
    after = models.CharField(max_length=20)
    said = models.JSONField(default=dict)
    actor = models.CharField(max_length=100)
    actor_label = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="enforcement_move_chain")]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.verb}"


class Look(models.Model):
    """Somebody saw the party whole, and why; a trigger keeps it so."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    ground = models.CharField(max_length=20)
    note = models.CharField(max_length=400)
    actor = models.CharField(max_length=100)
    actor_label = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(note="") & ~Q(ground=""), name="enforcement_look_why")]
        indexes = [models.Index(fields=["actor", "at"], name="enforcement_looks_of")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.actor}"


class Document(models.Model):
    """A paper of a file as it was sealed: its words, their digest, and the digest of the paper before it.

    A word that is changed, a paper that is taken out or put between others: each breaks the chain. A trigger keeps
    papers as they were; `token` is what stands in the code by which anybody may check one.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="documents")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=60, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    words = models.JSONField()
    before = models.CharField(max_length=64, blank=True, default="")
    seal = models.CharField(max_length=64)
    token = models.CharField(max_length=40, unique=True)
    sealed_at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_label = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "place"], name="enforcement_paper_chain")]

    def __str__(self) -> str:
        return self.number


class Template(models.Model):
    """The words of a kind of paper as an administrator changed them; without one the platform's own hold."""

    kind = models.CharField(max_length=30, unique=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    actor = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.kind
