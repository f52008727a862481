"""What programs may send: one strict shape per verb. A field that is not known is refused, not ignored."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from cases.contracts import ClockKind, OrderKind, Phase, RequestKind, Satisfaction, Source
from cases.rules import IN_BULK, MOST_IN_BULK
from core.errors import Invalid
from core.uploads import MOST_AT_ONCE


class Strict(serializers.Serializer):
    """Refuses fields it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated values; Invalid("case.unknown_field") names the first stranger."""
        if isinstance(data, Mapping):
            for name in data:
                if name not in self.fields:
                    raise Invalid("case.unknown_field", field=str(name))
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Words of a person; absent and empty are the same."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 4000, "required": False, "allow_blank": True, "default": "", **options})


class Ahead(serializers.ListField):
    """Pictures that came ahead through /api/uploads/, each used once and with what it is sent with."""

    child = serializers.UUIDField()

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": MOST_AT_ONCE, "required": False, "default": list, **options})


class Reporter(Strict):
    """Who told us; kept apart from the case."""

    name = Text(max_length=80)
    phone = Text(max_length=40)
    email = Text(max_length=254)
    callback = serializers.BooleanField(default=False)


class Report(Strict):
    """A new report: a point, an address or a component, and a class or a text."""

    source: Any = serializers.ChoiceField([source.value for source in Source], default=Source.COLLECTOR.value)
    category = Text(max_length=20)
    description = Text()
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False, allow_null=True, default=None)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True, default=None)
    address = Text(max_length=300)
    attributes = serializers.DictField(default=dict)
    component = Text(max_length=24)
    reported_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    incident = Text(max_length=120)
    reporter = Reporter(required=False, allow_null=True, default=None)
    uploads = Ahead()


class PicturedReport(serializers.Serializer):
    """A new report with its pictures: the report as JSON in one part, each picture in a part of its own."""

    report = serializers.JSONField(help_text="The same as the JSON body.")
    photos = serializers.ListField(child=serializers.FileField(), max_length=MOST_AT_ONCE, required=False)


class Note(Strict):
    """A step that needs nothing; a note may go with it."""

    note = Text()


class Reason(Strict):
    """A step that says why."""

    reason = Text()


class ForCollector(Note):
    """A step that asks a collector, named by key."""

    collector = Text(max_length=120)


class Verdict(Note):
    """Whether the report is true, with pictures that came ahead."""

    verdict = serializers.BooleanField(allow_null=True, default=None)
    uploads = Ahead()


class PicturedNote(Note):
    """A step that needs nothing; pictures that came ahead may go with it."""

    uploads = Ahead()


class PicturedReason(Reason):
    """A step that says why, with pictures that came ahead."""

    uploads = Ahead()


class BeforeAndAfter(Note):
    """Pictures that came ahead, of how it was found and how it was left."""

    before = Ahead()
    after = Ahead()


class Accept(Note):
    """The class, if it is another than the reported one."""

    category = Text(max_length=20)


class Condition(Note):
    """The code of the registration condition."""

    condition = Text(max_length=8)


class ToDistrict(Note):
    """The code of a district centre."""

    district_centre = Text(max_length=40)


class ToDepartment(Note):
    """The code of a department."""

    department = Text(max_length=40)


class ToHandler(Note):
    """Who handles it, named by key."""

    handler = Text(max_length=120)


class Result(Strict):
    """What was done, with pictures that came ahead."""

    result = Text()
    uploads = Ahead()


class Callback(Note):
    """What the citizen was told and said of it, where one asked."""

    callback = Text()
    satisfaction: Any = serializers.ChoiceField(
        [one.value for one in Satisfaction], required=False, allow_blank=True, default=""
    )


class Closing(Callback):
    """The code of the closing condition, and the same."""

    closing = Text(max_length=8)


class Flagging(Reason):
    """Which flag, `similar` or `typical`, and why."""

    flag = serializers.CharField(max_length=20)


class Locate(Note):
    """Where it is."""

    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    address = Text(max_length=300)


class Ask(Reason):
    """What is asked for, why, and on which ground of the city's rule; minutes of an extension, end of a hold."""

    kind = serializers.ChoiceField([kind.value for kind in RequestKind])
    ground = Text(max_length=40)
    minutes = serializers.IntegerField(min_value=1, max_value=2_000_000, required=False, allow_null=True, default=None)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Decide(Strict):
    """Whether it is approved; a refusal says why."""

    approve = serializers.BooleanField()
    answer = Text()


class Order(Strict):
    """Why the case is pressed for, what is demanded, and by when an answer is due."""

    kind = serializers.ChoiceField([kind.value for kind in OrderKind])
    requirement = Text()
    due_at = serializers.DateTimeField()


class Reply(Strict):
    """What is answered."""

    text = Text()


class Coordination(Reason):
    """The code of the organisation whose case it is from now on."""

    organisation = Text(max_length=40)


class Reschedule(Reason):
    """Which running clock ends when instead, and why."""

    kind = serializers.ChoiceField([kind.value for kind in ClockKind])
    due_at = serializers.DateTimeField()


class Merge(Reason):
    """The number of the case that goes on for both."""

    into = Text(max_length=20)


class Part(Strict):
    """Who does it and what; a class with its condition only where they are not those of the whole."""

    department = Text(max_length=40)
    task = Text()
    category = Text(max_length=20)
    condition = Text(max_length=8)


class Parts(Note):
    """What the case is split into."""

    parts = Part(many=True, required=False, default=list)


class Chosen(Strict):
    """A case in the version that was seen."""

    number = serializers.CharField(max_length=20)
    version = serializers.IntegerField(min_value=1, max_value=10**9)


class Bulk(Strict):
    """A step with many cases: what the step alone would take stands in `given`; `preview` changes nothing."""

    verb = serializers.ChoiceField(list(IN_BULK))
    given = serializers.DictField(default=dict)
    cases = serializers.ListField(child=Chosen(), min_length=1, max_length=MOST_IN_BULK)
    preview = serializers.BooleanField(default=False)


class Nothing(Strict):
    """Nothing needs to be said."""


class Upload(serializers.Serializer):
    """A picture, or one that came ahead through /api/uploads/, and what it shows."""

    file = serializers.FileField(allow_empty_file=True, required=False)
    upload = serializers.UUIDField(required=False)
    phase = serializers.ChoiceField([phase.value for phase in Phase])


VERBS: Mapping[str, type[Strict]] = {
    "send_verify": ForCollector,
    "verify": Verdict,
    "accept": Accept,
    "reject": Reason,
    "register": Condition,
    "refuse": Reason,
    "dispatch_district": ToDistrict,
    "dispatch": ToDepartment,
    "assign": ToHandler,
    "revoke": Reason,
    "submit": Result,
    "redo": Reason,
    "confirm": Note,
    "send_back": Note,
    "send_check": ForCollector,
    "check_pass": PicturedNote,
    "check_fail": PicturedReason,
    "refuse_feedback": Reason,
    "rework": Note,
    "close": Closing,
    "force_close": Callback,
    "reopen": Reason,
    "void": Note,
    "settle": BeforeAndAfter,
    "merge": Merge,
    "unmerge": Reason,
    "split": Parts,
    "unite": Reason,
    "resume": Reason,
    "reschedule": Reschedule,
    "flag": Flagging,
    "unflag": Flagging,
}
