"""Stations, streams and readings by the day; rules of alarms, what they remember, and the alarms."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

READINGS = """
CREATE TABLE telemetry_observation (
    stream_id bigint NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    value double precision NOT NULL,
    flag smallint NOT NULL CHECK (flag IN (1, 2, 3, 4, 9)),
    PRIMARY KEY (stream_id, at)
) PARTITION BY RANGE (at);
CREATE INDEX telemetry_observation_brin ON telemetry_observation USING brin (at);

CREATE FUNCTION telemetry_make_day(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    part text := 'telemetry_observation_' || to_char(day, 'YYYYMMDD');
    first timestamptz := day::timestamp AT TIME ZONE 'UTC';
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('telemetry_make_day'));
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF telemetry_observation FOR VALUES FROM (%L) TO (%L)', part,
                   first, first + interval '1 day');
    RETURN true;
END $$;
"""

UNDO = """
DROP FUNCTION telemetry_make_day(date);
DROP TABLE telemetry_observation;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("telemetry", "0001_devices_and_positions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlarmRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("pack", models.CharField(blank=True, max_length=60)),
                ("own", models.BooleanField(default=False)),
                ("retired", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("pack", models.CharField(max_length=60)),
                ("document", models.JSONField()),
                ("retired", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Observation",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "stream_id", "at", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("stream_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("value", models.FloatField()),
                        ("flag", models.SmallIntegerField()),
                    ],
                    options={
                        "ordering": ["stream_id", "at"],
                    },
                ),
            ],
            database_operations=[migrations.RunSQL(READINGS, UNDO)],
        ),
        migrations.CreateModel(
            name="RainWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=120)),
                ("by_label", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["-since", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("since__lte", models.F("until"))), name="telemetry_rain_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Station",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("system", models.CharField(blank=True, max_length=60)),
                ("asset", models.CharField(blank=True, max_length=24)),
                ("camera", models.CharField(blank=True, max_length=64)),
                ("area", models.CharField(max_length=64)),
                ("geom", django.contrib.gis.db.models.fields.PointField(spatial_index=False, srid=4326)),
                ("bands", models.JSONField(default=dict)),
                ("retired", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["code"],
                "indexes": [
                    models.Index(fields=["area"], name="telemetry_station_area", opclasses=["text_pattern_ops"]),
                    django.contrib.postgres.indexes.GistIndex(fields=["geom"], name="telemetry_station_geom"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("asset", ""), _negated=True),
                        fields=("asset",),
                        name="telemetry_station_asset",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("metric", models.CharField(max_length=40)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("datum", models.CharField(blank=True, max_length=40)),
                ("interval_s", models.PositiveIntegerField(default=300)),
                ("low", models.FloatField(default=-5)),
                ("high", models.FloatField(default=1000)),
                ("asset", models.CharField(blank=True, max_length=24)),
                ("machine", models.CharField(blank=True, max_length=40)),
                ("newest_at", models.DateTimeField(null=True)),
                ("newest_value", models.FloatField(null=True)),
                ("retired", models.BooleanField(default=False)),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="streams",
                        to="telemetry.device",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="streams", to="telemetry.station"
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=64)),
                ("level", models.PositiveSmallIntegerField()),
                ("highest", models.PositiveSmallIntegerField()),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField()),
                ("peak", models.FloatField()),
                ("peak_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
                ("levels", models.JSONField(default=list)),
                ("foreseen", models.BooleanField(default=False)),
                ("chattering", models.BooleanField(default=False)),
                ("late", models.BooleanField(default=False)),
                ("raised_at", models.DateTimeField()),
                ("retracted_at", models.DateTimeField(null=True)),
                ("retracted_why", models.CharField(blank=True, max_length=20)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.CharField(blank=True, max_length=120)),
                ("assignee", models.CharField(blank=True, max_length=120)),
                ("assignee_label", models.CharField(blank=True, max_length=120)),
                ("shelved_until", models.DateTimeField(null=True)),
                ("shelved_why", models.CharField(blank=True, max_length=400)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("case", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="telemetry.alarmrule"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="telemetry.station"
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="telemetry.stream",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AlarmRuleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(choices=[("level", "level"), ("silence", "silence")], max_length=10)),
                ("metric", models.CharField(max_length=40)),
                ("document", models.JSONField()),
                ("since", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                ("by_label", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="telemetry.alarmrule"
                    ),
                ),
            ],
            options={
                "ordering": ["rule", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "number"), name="telemetry_rule_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["level", "silence"])), name="telemetry_rule_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmTurn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("raised", "raised"),
                            ("level", "level"),
                            ("cleared", "cleared"),
                            ("corrected", "corrected"),
                            ("retracted", "retracted"),
                            ("acknowledge", "acknowledge"),
                            ("assign", "assign"),
                            ("shelve", "shelve"),
                            ("unshelve", "unshelve"),
                            ("escalate", "escalate"),
                            ("link", "link"),
                            ("note", "note"),
                        ],
                        max_length=12,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("told", models.JSONField(default=dict)),
                ("actor", models.CharField(max_length=120)),
                ("actor_label", models.CharField(blank=True, max_length=120)),
                (
                    "alarm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="telemetry.alarm"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "act__in",
                                [
                                    "raised",
                                    "level",
                                    "cleared",
                                    "corrected",
                                    "retracted",
                                    "acknowledge",
                                    "assign",
                                    "shelve",
                                    "unshelve",
                                    "escalate",
                                    "link",
                                    "note",
                                ],
                            )
                        ),
                        name="telemetry_turn_act",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Judged",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(null=True)),
                ("state", models.JSONField()),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="telemetry.alarmrule"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="telemetry.station"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "station", "day"), name="telemetry_judged_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.UniqueConstraint(
                condition=models.Q(("device__isnull", False)),
                fields=("device", "metric"),
                name="telemetry_stream_of_device",
            ),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(("low__lt", models.F("high"))), name="telemetry_stream_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(("interval_s__gt", 0)), name="telemetry_stream_interval"
            ),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("newest_at__isnull", True), ("newest_value__isnull", True)),
                    models.Q(("newest_at__isnull", False), ("newest_value__isnull", False)),
                    _connector="OR",
                ),
                name="telemetry_stream_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("retracted_at__isnull", True)),
                fields=["-level", "-begun_at"],
                name="telemetry_alarm_open",
            ),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(fields=["station", "-begun_at"], name="telemetry_alarm_station"),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(fields=["-id"], name="telemetry_alarm_newest"),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(fields=["area"], name="telemetry_alarm_area", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("case", ""), _negated=True), fields=["case"], name="telemetry_alarm_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                models.F("rule"),
                models.F("station"),
                django.db.models.functions.comparison.Coalesce(models.F("stream"), 0),
                condition=models.Q(("ended_at__isnull", True), ("retracted_at__isnull", True)),
                name="telemetry_alarm_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("highest__gte", models.F("level")), ("highest__lte", 4), ("level__gte", 1), ("level__lte", 4)
                ),
                name="telemetry_alarm_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("begun_at")), _connector="OR"
                ),
                name="telemetry_alarm_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retracted_at__isnull", True), ("retracted_why", "")),
                    models.Q(("retracted_at__isnull", False), models.Q(("retracted_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="telemetry_alarm_retracted",
            ),
        ),
    ]
