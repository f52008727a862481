"""Tables of the grid: versions of the map, regions, unit cells, the base map, calendars, supervision areas."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Func, Q

from grid.contracts import Level


class TsTzRange(Func):
    """The half-open period between two instants; an absent end means for ever."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class PlanOfCodes(models.Model):
    """How a pack (or, without one, the city itself) says that codes are built; see `selectors.code_plan`."""

    pack = models.CharField(max_length=60, blank=True, unique=True)
    default = models.BooleanField(default=False)
    standard = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    district = models.PositiveSmallIntegerField()
    street = models.PositiveSmallIntegerField()
    community = models.PositiveSmallIntegerField()
    cell = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grid_plan_of_codes_rises",
                condition=Q(district__gte=4, street__gt=F("district"), community__gt=F("street"))
                & Q(community__lte=12, cell__gt=F("community"), cell__lte=20),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard}-{self.edition} {self.pack}".strip()


class GridVersion(models.Model):
    """One complete map: drafted, checked, then published for a period that no other published map overlaps."""

    class State(models.TextChoices):
        DRAFT = "draft"
        CHECKED = "checked"
        PUBLISHED = "published"

    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grid_version_published_has_a_start",
                condition=Q(state__in=("draft", "checked"), valid_from__isnull=True)
                | Q(state="published", valid_from__isnull=False),
            ),
            models.CheckConstraint(
                name="grid_version_leaves_draft_without_problems",
                condition=Q(state="draft") | Q(problem_count__isnull=False, problem_count=0),
            ),
            models.CheckConstraint(
                name="grid_version_ends_after_it_starts",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            ExclusionConstraint(
                name="grid_version_one_in_force",
                expressions=[(TsTzRange("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
                condition=Q(state="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"


class Follower(models.Model):
    """Things that go where a new map puts them: on which map they stand, and through which they were led last.

    `stands_on` lags behind: whoever wrote by the old map while the new one came into force is found by one more look.
    """

    kind = models.CharField(max_length=40, primary_key=True)
    stands_on = models.ForeignKey(GridVersion, null=True, on_delete=models.PROTECT, related_name="+")
    led_to = models.ForeignKey(GridVersion, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.kind


class Region(models.Model):
    """City, district, street or community of one version of the map; only in a draft may it lack its outline."""

    version = models.ForeignKey(GridVersion, on_delete=models.CASCADE, related_name="regions")
    code = models.CharField(max_length=12)
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Level])
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    path = models.CharField(max_length=60)
    names = models.JSONField()
    full_names = models.JSONField()
    area_m2 = models.FloatField(default=0)
    geom = models.MultiPolygonField(srid=4326, spatial_index=False, null=True)
    anchor = models.PointField(srid=4326, spatial_index=False, null=True)
    shape3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.MultiPolygonField(srid=3857, spatial_index=False),
        db_persist=True,
    )
    simple3857 = models.MultiPolygonField(srid=3857, spatial_index=False, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="grid_region_code_once_per_version"),
            models.CheckConstraint(
                name="grid_region_only_the_city_has_no_parent",
                condition=Q(level="city", parent__isnull=True) | (~Q(level="city") & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(name="grid_region_code_shape", condition=Q(code__regex=r"^\d{4,12}$")),
        ]
        indexes = [
            models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="grid_region_path"),
            GistIndex(fields=["simple3857"], name="grid_region_simple3857"),
        ]

    def __str__(self) -> str:
        return self.code


class Cell(models.Model):
    """A unit cell (单元网格) of about 100 m by 100 m: the smallest place that somebody answers for."""

    version = models.ForeignKey(GridVersion, on_delete=models.CASCADE, related_name="cells")
    code = models.CharField(max_length=20)
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="cells")
    area = models.CharField(max_length=60)
    area_m2 = models.FloatField(default=0)
    land_use = models.CharField(max_length=30, blank=True)
    grade = models.PositiveSmallIntegerField(default=2)
    responsible = models.CharField(max_length=60, blank=True)
    geom = models.PolygonField(srid=4326, spatial_index=False)
    shape3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.PolygonField(srid=3857, spatial_index=False),
        db_persist=True,
    )
    simple3857 = models.PolygonField(srid=3857, spatial_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="grid_cell_code_once_per_version"),
            models.CheckConstraint(name="grid_cell_code_shape", condition=Q(code__regex=r"^\d{7,20}$")),
            models.CheckConstraint(name="grid_cell_grade", condition=Q(grade__gte=1, grade__lte=4)),
        ]
        indexes = [
            GistIndex(fields=["geom"], name="grid_cell_geom"),
            GistIndex(fields=["simple3857"], name="grid_cell_simple3857"),
            models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="grid_cell_area"),
        ]

    def __str__(self) -> str:
        return self.code


class GridEdit(models.Model):
    """One act upon a draft: who did what, when, and whether it still counts. An import cannot be taken back."""

    class Standing(models.TextChoices):
        DONE = "done"
        UNDONE = "undone"
        DROPPED = "dropped"

    version = models.ForeignKey(GridVersion, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    op = models.CharField(max_length=20)
    params = models.JSONField(default=dict)
    actor = models.CharField(max_length=100)
    at = models.DateTimeField()
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DONE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="grid_edit_number_once"),
            models.CheckConstraint(name="grid_edit_import_stays_done", condition=~Q(op="import") | Q(standing="done")),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.number} {self.op}"


class EditedCell(models.Model):
    """A cell before and after an edit, to the last bit; without a shape it was not there."""

    edit = models.ForeignKey(GridEdit, on_delete=models.CASCADE, related_name="cells")
    code = models.CharField(max_length=20)
    geom_before = models.PolygonField(srid=4326, spatial_index=False, null=True)
    geom_after = models.PolygonField(srid=4326, spatial_index=False, null=True)
    words_before = models.JSONField(null=True)
    words_after = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edit", "code"], name="grid_edited_cell_once"),
            models.CheckConstraint(
                name="grid_edited_cell_was_or_is",
                condition=Q(geom_before__isnull=False) | Q(geom_after__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edit_id} {self.code}"


class GridProblem(models.Model):
    """Why a draft cannot be published, as found by the last check and kept up by every edit since."""

    version = models.ForeignKey(GridVersion, on_delete=models.CASCADE, related_name="problems")
    ident = models.CharField(max_length=16)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    community = models.CharField(max_length=12, blank=True)
    cells = models.JSONField(default=list)
    fix = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=20, blank=True)
    geom = models.GeometryField(srid=4326, spatial_index=False, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "ident"], name="grid_problem_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.code} {self.ident}"


class BaseFeature(models.Model):
    """What the map shows beneath everything else: sea, river, park, road."""

    class Kind(models.TextChoices):
        SEA = "sea"
        RIVER = "river"
        PARK = "park"
        ROAD = "road"

    version = models.ForeignKey(GridVersion, on_delete=models.CASCADE, related_name="base_features")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rank = models.CharField(max_length=20, blank=True, db_column="class")
    names = models.JSONField(default=dict)
    geom = models.GeometryField(srid=4326, spatial_index=False)
    shape3857 = models.GeneratedField(
        expression=Transform("geom", 3857),
        output_field=models.GeometryField(srid=3857, spatial_index=False),
        db_persist=True,
    )

    class Meta:
        indexes = [GistIndex(fields=["shape3857"], name="grid_base_shape3857")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class KeptTile(models.Model):
    """A tile of a published map that would be slow to cut each time: many small shapes, seen from far out."""

    version = models.ForeignKey(GridVersion, on_delete=models.CASCADE, related_name="+")
    layer = models.CharField(max_length=10)
    z = models.SmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    mvt = models.BinaryField()
    etag = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "layer", "z", "x", "y"], name="grid_kept_tile_once"),
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.z}/{self.x}/{self.y}"


class Calendar(models.Model):
    """Working hours by code and area; the calendar of the nearest area above a place is the one that counts."""

    code = models.CharField(max_length=40)
    area = models.CharField(max_length=60, blank=True)
    names = models.JSONField(default=dict)
    tz = models.CharField(max_length=40, default="Asia/Shanghai")
    round_the_clock = models.BooleanField(default=False)
    weekly = models.JSONField(default=list)
    closed = models.JSONField(default=list)
    extra = models.JSONField(default=dict)
    pack = models.CharField(max_length=60, blank=True)
    said = models.JSONField(default=dict, editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "area"], name="grid_calendar_once_per_area")]

    def __str__(self) -> str:
        return f"{self.code} {self.area}".strip()

    def columns(self) -> dict[str, Any]:
        """What the calendar says, as packs write it (see `grid.rules.hours.readable`)."""
        return {name: getattr(self, name) for name in ("names", "tz", "round_the_clock", "weekly", "closed", "extra")}

    @property
    def differs(self) -> bool:
        """Whether the city has changed what the pack said."""
        return bool(self.said) and self.said != self.columns()


class SupervisionArea(models.Model):
    """A supervision area (责任网格): cells, by code, that collectors walk together; it outlives versions of the map.

    `area` is the nearest region above all its cells. A dissolved area keeps its row, because people once walked it.
    """

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    area = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    dissolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="grid_supervision_code_shape", condition=Q(code__regex=r"^[A-Za-z0-9_-]+$")),
        ]
        indexes = [models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="grid_supervision_area")]

    def __str__(self) -> str:
        return self.code


class SupervisedCell(models.Model):
    """A cell of a supervision area, by the code that stays the same from one version of the map to the next."""

    supervision_area = models.ForeignKey(SupervisionArea, on_delete=models.CASCADE, related_name="cells")
    cell = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supervision_area", "cell"], name="grid_supervised_cell_once"),
            models.CheckConstraint(name="grid_supervised_cell_shape", condition=Q(cell__regex=r"^\d{7,20}$")),
        ]
        indexes = [models.Index(fields=["cell"], name="grid_supervised_cell")]

    def __str__(self) -> str:
        return self.cell


class Patrol(models.Model):
    """Somebody who collects in a supervision area, from when until when; ended, never deleted."""

    supervision_area = models.ForeignKey(SupervisionArea, on_delete=models.PROTECT, related_name="patrols")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    assigned_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grid_patrol_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            ExclusionConstraint(
                name="grid_patrol_once_at_a_time",
                expressions=[
                    ("supervision_area", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (TsTzRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.supervision_area_id}"
