"""The shapes of the catalogue over HTTP: a class as a manifest gives it, and what is known around it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from cases import rules, selectors
from cases.rest.outputs import Names
from cases.rest.replaying import ReplayOut

LONGEST = 2_000


class ClassWordsIn(serializers.Serializer):
    """Words in both languages; how long they may be, the rules say."""

    zh = serializers.CharField(max_length=LONGEST, allow_blank=True)
    en = serializers.CharField(max_length=LONGEST, allow_blank=True)


class ClassLimitIn(serializers.Serializer):
    """A limit: so many of a unit."""

    value = serializers.FloatField()
    unit = serializers.CharField(max_length=20)


class ClassConditionIn(serializers.Serializer):
    """A registration condition, its limit and its closing condition."""

    code = serializers.CharField(max_length=20)
    text = ClassWordsIn()
    limit = ClassLimitIn()
    grades = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        default=dict,
        help_text="The limit on ground of a management grade, 1 to 4, in the same unit; else the share of the grade",
    )
    closing = ClassWordsIn()
    default: Any = serializers.BooleanField(default=False)


class ClassDepartmentIn(serializers.Serializer):
    """Which duty answers for it."""

    by = serializers.ChoiceField(["area"], default="area")
    duty = serializers.CharField(max_length=60)


class ClassWhyIn(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=LONGEST, allow_blank=True)


class ClassEndIn(ClassWhyIn):
    """Why, and from when on (now)."""

    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ClassIn(ClassEndIn):
    """The whole of a class; with `dry_run` nothing is saved, `looked` is the seal of the replay that then was told."""

    looked = serializers.CharField(max_length=32, required=False, default="", allow_blank=True)
    kind = serializers.CharField(max_length=12)
    major = serializers.CharField(max_length=8)
    minor = serializers.CharField(max_length=8)
    names = ClassWordsIn()
    standard = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")
    icon = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")
    default: Any = serializers.BooleanField(default=False)
    auto_register = serializers.BooleanField(default=False)
    quick = serializers.BooleanField(default=False)
    settle = serializers.BooleanField(default=False)
    needs_photo = serializers.ListField(child=serializers.CharField(max_length=20), max_length=8)
    video = serializers.CharField(max_length=8, default="allowed", help_text="none, allowed, after, both")
    conditions = ClassConditionIn(many=True)
    department = ClassDepartmentIn()
    dry_run = serializers.BooleanField(default=False)


class NewClassIn(ClassIn):
    """A class that is not there yet."""

    code = serializers.CharField(max_length=20)


def as_manifest(given: Mapping[str, Any]) -> dict[str, Any]:
    """A class that was sent, as a manifest would give it."""
    return {**given, "conditions": [_condition(row) for row in given["conditions"]]}


def _condition(row: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in row.items() if key not in ("default", "grades")}
    made["limit"] = {**row["limit"], "value": rules.whole(row["limit"]["value"])}
    if row["grades"]:
        made["grades"] = {grade: rules.whole(value) for grade, value in row["grades"].items()}
    return made | ({"default": True} if row["default"] else {})


class ClassesWanted(serializers.Serializer):
    """Which classes."""

    q = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    kind = serializers.ChoiceField(["event", "component"], required=False, default="", allow_blank=True)
    state = serializers.ChoiceField([*selectors.STATES, "differs"], required=False, default="", allow_blank=True)


class ClassSummaryOut(serializers.Serializer):
    """A class in the list; `version` is in force, `newest` the last word, `differs` where city and pack disagree."""

    code = serializers.CharField()
    kind = serializers.CharField()
    names = Names()
    state = serializers.CharField()
    enabled = serializers.BooleanField()
    version = serializers.IntegerField()
    newest = serializers.IntegerField()
    origin = serializers.CharField()
    pack = serializers.CharField(allow_blank=True)
    quick = serializers.BooleanField()
    differs = serializers.BooleanField()


class ClassVersionOut(serializers.Serializer):
    """A version: when it is in force, who said so and why, and what it says, as a manifest gives it."""

    version = serializers.IntegerField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    withdrawn = serializers.BooleanField()
    origin = serializers.CharField()
    made_label = serializers.CharField(allow_blank=True)
    made_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    says = serializers.DictField()


class ClassDifferenceOut(serializers.Serializer):
    """A field said otherwise; `condition` is the letter, "" for the class itself."""

    field: Any = serializers.CharField()
    condition = serializers.CharField(allow_blank=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ClassSwitchOut(serializers.Serializer):
    """A switch that somebody has set: a pack's preset, or the city, which outlasts it."""

    enabled = serializers.BooleanField()
    origin = serializers.CharField()
    pack = serializers.CharField(allow_blank=True)
    changed_label = serializers.CharField(allow_blank=True)
    changed_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)


class CasesOfClassOut(serializers.Serializer):
    """Open cases of the class: promised ones keep their promise, waiting ones follow a change."""

    promised = serializers.IntegerField()
    waiting = serializers.IntegerField()


class ClassOut(ClassSummaryOut):
    """A class with its versions in force and to come, its switch, and where it differs from its pack."""

    in_force = ClassVersionOut()
    to_come = ClassVersionOut(allow_null=True)
    switch = ClassSwitchOut(allow_null=True)
    pack_differences = ClassDifferenceOut(many=True)
    cases = CasesOfClassOut()


class ClassDraftOut(serializers.Serializer):
    """What saving would do, and what it would have done to last month's cases; the seal goes back as `looked`."""

    begins = serializers.DateTimeField()
    differences = ClassDifferenceOut(many=True)
    replay = ReplayOut()


class ClassOrDraft(serializers.Serializer):
    """The class as it was saved, or with `dry_run` what saving would do."""

    saved = ClassOut(required=False)
    draft = ClassDraftOut(required=False)


class SwitchIn(serializers.Serializer):
    """Which classes, on or off, and why."""

    codes = serializers.ListField(child=serializers.CharField(max_length=20), min_length=1, max_length=500)
    enabled = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class SwitchedOut(serializers.Serializer):
    """How many switches moved."""

    changed = serializers.IntegerField()


class PresetOut(serializers.Serializer):
    """A preset: whose, of which packs it speaks, which of their classes are on to begin with."""

    pack = serializers.CharField()
    code = serializers.CharField()
    names = Names()
    of = serializers.ListField(child=serializers.CharField())
    classes = serializers.ListField(child=serializers.CharField())
