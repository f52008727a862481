"""What programs get: explicit shapes, and how rows become them."""

from typing import Any

from django.utils.timezone import get_current_timezone
from rest_framework import serializers

from cases.contracts import CaseView


class Names(serializers.DictField):
    """A name in two languages: {zh, en}; empty where there is none."""

    child = serializers.CharField(allow_blank=True)


class Error(serializers.Serializer):
    """Every refusal: a code to branch on, a sentence to show, the facts in it."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


class ReachedOut(serializers.Serializer):
    """Somebody who was told; `silent` where it came in their quiet hours."""

    label: Any = serializers.CharField()
    delivered_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    silent = serializers.BooleanField()


class SentOut(serializers.Serializer):
    """What left by a channel, how far it is, since or until when, and the code of why not further."""

    channel = serializers.CharField()
    to = serializers.CharField()
    state = serializers.CharField()
    at = serializers.DateTimeField()
    code = serializers.CharField(allow_blank=True)


class ToldOut(serializers.Serializer):
    """A message about the case, whom it reached in their inbox, and by which channels it left."""

    occasion = serializers.CharField()
    titles = Names()
    at = serializers.DateTimeField()
    reached = ReachedOut(many=True)
    sent = SentOut(many=True)


class CaseOut(serializers.Serializer):
    """A case; `version` is also its ETag. Areas and organisations are dotted paths, `organisation` is a code."""

    number = serializers.CharField()
    version = serializers.IntegerField()
    stage = serializers.CharField()
    kind = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)
    category_names = Names()
    description = serializers.CharField(allow_blank=True)
    source: Any = serializers.CharField()
    source_ref = serializers.CharField()
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    located = serializers.BooleanField()
    address = serializers.CharField(allow_blank=True)
    cell = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_blank=True)
    district = serializers.CharField(allow_blank=True)
    place = Names()
    org = serializers.CharField(allow_blank=True)
    organisation = serializers.CharField(allow_blank=True)
    handler = serializers.CharField(allow_blank=True)
    collector = serializers.CharField(allow_blank=True)
    due_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    priority = serializers.IntegerField()
    reported_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField(allow_null=True)
    held_until = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    condition = serializers.CharField(allow_blank=True)
    rework_count = serializers.IntegerField()
    flags = serializers.ListField(child=serializers.CharField(), help_text="similar, typical, forced")
    photo = serializers.BooleanField()
    incident = serializers.CharField(allow_blank=True)
    trace = serializers.CharField(allow_blank=True)
    attributes = serializers.DictField()
    component = serializers.CharField(allow_blank=True, help_text="The code of the component that it is about")
    duplicate_of = serializers.CharField(allow_blank=True, help_text="The case that it was merged into")
    absorbed = serializers.IntegerField(help_text="How many reports were merged into it")
    parent: Any = serializers.CharField(allow_blank=True, help_text="The case that it is a part of")
    parts = serializers.IntegerField(help_text="How many parts it was split into")
    satisfaction = serializers.CharField(allow_blank=True, help_text="What the citizen said when called back")
    notice = serializers.CharField(required=False, help_text="A sentence where something needs attention.")


class CasePage(serializers.Serializer):
    """Some cases, newest first; `next` or `previous` goes into `cursor` for those after or before, null at the ends."""

    results = CaseOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class Counts(serializers.Serializer):
    """How many cases stand in each queue; `closed` counts the last 30 days."""

    mine = serializers.IntegerField()
    open = serializers.IntegerField()
    soon = serializers.IntegerField()
    overdue = serializers.IntegerField()
    unlocated = serializers.IntegerField()
    unclassified = serializers.IntegerField()
    coordination = serializers.IntegerField()
    pressed = serializers.IntegerField()
    held = serializers.IntegerField()
    closed = serializers.IntegerField()


class CaseFigures(serializers.Serializer):
    """`open` and `overdue` as of now; `registered`, `closed`, `closed_on_time` since the day began, without parts."""

    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    registered = serializers.IntegerField()
    closed = serializers.IntegerField()
    closed_on_time = serializers.IntegerField()


class CaseFiguresOfDistrict(CaseFigures):
    """The same of one district."""

    district = serializers.CharField()


class FiguresOut(serializers.Serializer):
    """The cases that the caller may see in figures: their sum, and every district where there is something to count."""

    as_of = serializers.DateTimeField()
    since = serializers.DateTimeField()
    total = CaseFigures()
    districts = CaseFiguresOfDistrict(many=True, source="rows")


class GroundOut(serializers.Serializer):
    """Why two reports are alike: a code, and the figures in its sentence."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


class AlikeOut(serializers.Serializer):
    """An open case that another may be a duplicate of, and why."""

    case: Any = CaseOut()
    score = serializers.IntegerField(help_text="0 to 100")
    metres = serializers.FloatField(allow_null=True)
    grounds = GroundOut(many=True)


class TiesOut(serializers.Serializer):
    """The cases that belong to one: what it was merged into or is a part of, its duplicates, its parts."""

    duplicate_of = serializers.CharField(allow_blank=True)
    duplicates = CaseOut(many=True)
    parent: Any = serializers.CharField(allow_blank=True)
    parts = CaseOut(many=True)


class BulkLineOut(serializers.Serializer):
    """What became of one case; `code`, `message` and `status` say why not."""

    number = serializers.CharField()
    version = serializers.IntegerField()
    stage = serializers.CharField(allow_blank=True)
    done = serializers.BooleanField()
    repeated = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    status = serializers.IntegerField()


class BulkOut(serializers.Serializer):
    """What became of each case, in the order in which they were sent."""

    verb = serializers.CharField()
    preview = serializers.BooleanField()
    changed = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkLineOut(many=True)


class MoveOut(serializers.Serializer):
    """One step that was taken."""

    version = serializers.IntegerField()
    verb = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField()
    actor_label = serializers.CharField()
    org = serializers.CharField(allow_blank=True)
    given = serializers.DictField()
    at = serializers.DateTimeField()


class RungOut(serializers.Serializer):
    """A rung of a ladder: where it stands, whom it tells, and when it told."""

    code = serializers.CharField()
    share = serializers.FloatField(required=False)
    late = serializers.IntegerField(required=False)
    tell = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()
    told = serializers.DateTimeField(allow_null=True)


class ClockOut(serializers.Serializer):
    """A clock, and why its deadline is what it is."""

    kind = serializers.CharField()
    stage = serializers.CharField()
    round = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    warn_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    calendar = serializers.CharField(allow_blank=True)
    late = serializers.BooleanField()
    running = serializers.BooleanField()
    paused = serializers.BooleanField()
    paused_minutes = serializers.FloatField()
    extended_minutes = serializers.IntegerField()
    rule = serializers.CharField(required=False)
    value = serializers.FloatField(required=False)
    unit = serializers.CharField(required=False)
    category = serializers.CharField(required=False)
    category_version = serializers.IntegerField(required=False)
    condition = serializers.CharField(required=False)
    says = serializers.DictField(required=False, help_text="By whose word the limit is that, the grade of the ground")
    lamp = serializers.CharField()
    rungs = RungOut(many=True)


class StepOut(serializers.Serializer):
    """A step the caller's duties may take; `code` and `message` say why not now."""

    verb = serializers.CharField()
    target = serializers.CharField()
    allowed = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    needs = serializers.ListField(child=serializers.CharField())


class SignatureOut(serializers.Serializer):
    """One who signed, or refused."""

    place = serializers.IntegerField()
    approved = serializers.BooleanField()
    answer = serializers.CharField(allow_blank=True)
    duty = serializers.CharField()
    label: Any = serializers.CharField()
    at = serializers.DateTimeField()


class RequestOut(serializers.Serializer):
    """What was asked for a case, who signed, and what became of it; the ETag is the version of the case."""

    id = serializers.IntegerField()
    case: Any = serializers.CharField(help_text="The number of the case.")
    kind = serializers.CharField()
    state = serializers.CharField()
    stage = serializers.CharField()
    reason = serializers.CharField()
    ground = serializers.CharField(allow_blank=True)
    ground_names = Names()
    minutes = serializers.IntegerField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    signed = serializers.IntegerField()
    next_duty = serializers.CharField(allow_blank=True)
    next_level = serializers.CharField(allow_blank=True)
    signatures = SignatureOut(many=True, source="signatures.all")
    asked_label = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True)
    decided_label = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class RequestCounts(serializers.Serializer):
    """How many requests stand in each queue."""

    awaiting = serializers.IntegerField()
    mine = serializers.IntegerField()
    open = serializers.IntegerField()
    decided = serializers.IntegerField()


class OrderOut(serializers.Serializer):
    """A supervision order, and what was answered; the ETag is the version of the case."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    level = serializers.CharField(allow_blank=True)
    requirement = serializers.CharField()
    says = serializers.DictField(
        child=serializers.CharField(), help_text="Its words, where a breach issued it by itself."
    )
    issued_label = serializers.CharField()
    issued_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    reply = serializers.CharField(allow_blank=True)
    replied_label = serializers.CharField(allow_blank=True)
    replied_at = serializers.DateTimeField(allow_null=True)


class LimitOut(serializers.Serializer):
    """A limit as the catalogue says it."""

    value = serializers.FloatField()
    unit = serializers.CharField()


class ConditionOut(serializers.Serializer):
    """When a case of the class is registered, how long handling may take, when it may be closed."""

    code = serializers.CharField()
    text = Names()
    limit = LimitOut()
    closing = Names()


class CategoryOut(serializers.Serializer):
    """A class in force."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.CharField()
    names = Names()
    icon = serializers.CharField(allow_blank=True)
    standard = serializers.CharField(allow_blank=True)
    auto_register = serializers.BooleanField()
    quick = serializers.BooleanField()
    may_settle = serializers.BooleanField()
    needs_photo = serializers.ListField(child=serializers.CharField())
    video = serializers.CharField(help_text="Clips: none, allowed, after (asked for), both (before and after).")
    conditions = ConditionOut(many=True)


class ResponsibleOut(serializers.Serializer):
    """Whose duty it is ("" when nobody's), and the facts that say why."""

    organisation = serializers.CharField(allow_blank=True)
    why = serializers.DictField()


# The fields of `CaseOut` that are facts of a view and JSON says as they are, and those that are moments.
_MOMENTS = ("due_at", "reported_at", "registered_at", "held_until", "closed_at")
_FACTS = tuple(str(name) for name in CaseOut().fields if name not in (*_MOMENTS, "located", "notice"))


def case_json(view: CaseView, **more: Any) -> dict[str, Any]:
    """A view as JSON, written by hand because lists are many: what `CaseOut` would say (a test holds them together)."""
    facts, zone = vars(view), get_current_timezone()
    told = {name: facts[name] for name in _FACTS}
    told |= {"located": view.located, "flags": list(view.flags)}
    for name in _MOMENTS:
        at = facts[name]
        told[name] = at.astimezone(zone).isoformat() if at else None
    return {**told, **more}
