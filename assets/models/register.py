"""The register: types from packs, the things themselves, what became of them, their pictures, and who brought them."""

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.indexes import GistIndex
from django.db.models import BooleanField, F, Func, Q, Value

from assets.contracts import Act, Geometry, State


class StartsWith(Func):
    """Whether the first text begins with the second."""

    function = "starts_with"
    output_field = BooleanField()


DISTRICT = Func(F("area"), Value("."), Value(2), function="split_part", output_field=models.TextField())
STRAY = ~Q(StartsWith(F("code"), DISTRICT))
"""What stands in another district than its code names: a map moved the border, and a code is never given anew."""


class AssetType(models.Model):
    """A class of components with its standard class code and the JSON Schema of its attributes; never deleted."""

    code = models.CharField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    major = models.CharField(max_length=2, blank=True)
    minor = models.CharField(max_length=2, blank=True)
    geometry = models.CharField(max_length=5, choices=[(g.value, g.value) for g in Geometry], default=Geometry.POINT)
    schema = models.JSONField(default=dict)
    schema_number = models.PositiveIntegerField(default=1)
    moves = models.JSONField(default=list)
    min_zoom = models.PositiveSmallIntegerField(default=15)
    pack = models.CharField(max_length=60, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="assets_type_class_code",
                condition=Q(major="", minor="") | Q(major__regex=r"^\d\d$", minor__regex=r"^\d\d$"),
            ),
            models.UniqueConstraint(
                fields=["major", "minor"], condition=~Q(major=""), name="assets_type_class_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class FormerSchema(models.Model):
    """A schema of a type's attributes that was in force before, under its number, with the moves known by then."""

    type = models.ForeignKey(AssetType, on_delete=models.PROTECT, related_name="former")
    number = models.PositiveIntegerField()
    schema = models.JSONField(default=dict)
    moves = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="assets_former_schema_once")]

    def __str__(self) -> str:
        return f"{self.type_id}/{self.number}"


class Survey(models.Model):
    """A census (普查) or a later import: who brought what, when."""

    source = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=100)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.pk} {self.source}".strip()


class PlanOfComponentCodes(models.Model):
    """How a pack (or, without one, the city itself) says that codes are built; see `selectors.component_plan`."""

    pack = models.CharField(max_length=60, blank=True, unique=True)
    default = models.BooleanField(default=False)
    standard = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    digits = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="assets_plan_of_codes_digits", condition=Q(digits__gte=10, digits__lte=24)),
        ]

    def __str__(self) -> str:
        return f"{self.standard}-{self.edition} {self.pack}".strip()


class Asset(models.Model):
    """A thing with a place; its code is never used again, so rows are removed by state only.

    The code names the district where it was numbered. It stays when a new map lays the place in another district.
    """

    code = models.CharField(max_length=24, unique=True)
    type = models.ForeignKey(AssetType, on_delete=models.PROTECT, related_name="assets")
    names = models.JSONField(default=dict, blank=True)
    geom = models.GeometryField(srid=4326, spatial_index=False)
    shape3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.GeometryField(srid=3857, spatial_index=False),
        db_persist=True,
    )
    cell = models.CharField(max_length=20)
    area = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.INTACT)
    authority = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    maintainer = models.CharField(max_length=120, blank=True)
    accuracy = models.CharField(max_length=1, blank=True)
    source = models.CharField(max_length=20, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    schema_number = models.PositiveIntegerField(default=1, db_default=1)
    survey = models.ForeignKey(Survey, null=True, on_delete=models.PROTECT, related_name="assets")
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="assets_asset_code_shape", condition=Q(code__regex=r"^\d{10,24}$")),
            models.CheckConstraint(name="assets_asset_cell_shape", condition=Q(cell__regex=r"^\d{7,20}$")),
            models.CheckConstraint(name="assets_asset_state", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(name="assets_asset_accuracy", condition=Q(accuracy__in=["", "A", "B", "C"])),
        ]
        indexes = [
            GistIndex(fields=["shape3857"], name="assets_asset_shape3857"),
            models.Index(fields=["type", "state"], name="assets_asset_type_state"),
            models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="assets_asset_area"),
            models.Index(fields=["type", "code"], name="assets_asset_type_code"),
            models.Index(fields=["cell"], name="assets_asset_cell"),
            models.Index(fields=["state", "code"], condition=~Q(state=State.INTACT), name="assets_asset_state_code"),
            models.Index(fields=["code"], condition=~Q(names={}), name="assets_asset_named"),
            models.Index(fields=["code"], condition=STRAY, name="assets_asset_stray"),
        ]

    def __str__(self) -> str:
        return self.code


class Change(models.Model):
    """What became of a component: the fields that changed, before and after, by whom and why; a trigger keeps it so.

    The row of a component is its newest version; each change back from there gives the version before, as far as its
    birth, which has a change of its own (`before` is null) unless a file brought it. A shape is the hex of its WKB.
    """

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=8, choices=[(a.value, a.value) for a in Act])
    actor = models.CharField(max_length=100)
    actor_label = models.CharField(max_length=120, blank=True)
    proposer = models.CharField(max_length=100, blank=True)
    proposer_label = models.CharField(max_length=120, blank=True)
    why = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "version"], name="assets_change_chain"),
            models.CheckConstraint(name="assets_change_act", condition=Q(act__in=[a.value for a in Act])),
            models.CheckConstraint(
                name="assets_change_whole",
                condition=Q(before__isnull=True, after__isnull=True, version=1)
                | Q(before__isnull=False, after__isnull=False, version__gt=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}/{self.version} {self.act}"


class Tally(models.Model):
    """How many components of a type stand in a square of the map, kept by a trigger; tiles far out are cut from it.

    `level` is the zoom whose tiles are the squares, `bx` and `by` their numbers; `sx` and `sy` are sums of metres
    (EPSG:3857), so that a cluster lies where its components do.
    """

    pk = models.CompositePrimaryKey("level", "bx", "by", "area", "type")
    level = models.SmallIntegerField()
    bx = models.IntegerField()
    by = models.IntegerField()
    area = models.CharField(max_length=60)
    type = models.ForeignKey(AssetType, on_delete=models.PROTECT, related_name="+", db_index=False)
    n = models.BigIntegerField()
    sx = models.BigIntegerField()
    sy = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.level}/{self.bx}/{self.by}: {self.n}"


class Stamp(models.Model):
    """A transaction and how often it changed components: the set of the latest ones names the state of the register."""

    xid = models.BigIntegerField(primary_key=True)
    times = models.IntegerField(default=1)

    def __str__(self) -> str:
        return str(self.xid)
