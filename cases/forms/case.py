"""The forms of cases: the report, and one for each step, made of what the step needs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cases.contracts import OpenStep
from cases.models import words
from cases.selectors import clip_limits
from core.uploads import Pictures

Choices = Sequence[tuple[str, str]]
_AREA = {"rows": 3, "maxlength": 4000}


def _words(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs=_AREA), max_length=4000, **options)


def _choice(label: Any) -> Callable[[Choices], forms.Field]:
    return lambda choices: forms.ChoiceField(label=label, choices=[("", "—"), *choices])


_VERDICTS = [("true", _("The report is true")), ("false", _("The report is not true"))]
_FIELDS: Mapping[str, Callable[[Choices], forms.Field]] = {
    "collector": _choice(_("Collector")),
    "category": _choice(_("Class")),
    "condition": _choice(_("Registration condition")),
    "closing": _choice(_("Closing condition")),
    "district_centre": _choice(_("District centre")),
    "department": _choice(_("Department")),
    "handler": _choice(_("Handler")),
    "verdict": lambda choices: forms.ChoiceField(label=_("Verdict"), choices=_VERDICTS, widget=forms.RadioSelect),
    "reason": lambda choices: _words(_("Reason")),
    "result": lambda choices: _words(_("What was done")),
    "callback": lambda choices: _words(_("What the citizen was told")),
    "into": lambda choices: forms.CharField(label=_("Number of the case that goes on for all"), max_length=20),
}
_PICTURE_LABELS = {
    "report": _("Pictures before"),
    "verify": _("Pictures of the verification"),
    "handle": _("Pictures after handling"),
    "check": _("Pictures of the check"),
}
_PICTURE_NAMES = {("settle", "report"): "before", ("settle", "handle"): "after"}
_TAKES_NOTE = frozenset({
    "send_verify", "verify", "accept", "register", "dispatch_district", "dispatch", "assign", "confirm", "send_back",
    "send_check", "check_pass", "rework", "close", "force_close", "void", "settle",
})  # fmt: skip


NOT_SAID = ("version", "standard")
SHORT = 60


class StepForm(forms.Form):
    """What one step needs from a person; `given()` is what its action takes."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, step: OpenStep, choices: Mapping[str, Choices], standard: Sequence[str] = (), **options: Any
    ) -> None:
        super().__init__(**{"auto_id": f"{step.verb}_%s", "label_suffix": "", **options})
        self.step = step
        for need in step.needs:
            self._add(need, choices)
        for phase in _optional_pictures(step):
            self._add(f"photo:{phase}", choices, required=False)
        if step.verb in _TAKES_NOTE:
            self.fields["note"] = forms.CharField(label=_("Note"), max_length=4000, required=False)
        self._offer(standard)

    def _offer(self, standard: Sequence[str]) -> None:
        """A standard text goes into the field that takes words; chosen and not typed over, it is what was said."""
        target = next((name for name in ("reason", "result", "callback", "note") if name in self.fields), "")
        chosen = self.data.get("standard", "")
        if chosen and target and not self.data.get(target, "").strip():
            kept = cast(QueryDict, self.data).copy()
            kept[target] = chosen
            self.data = kept
        if not (standard and target):
            return
        short = [(text, text if len(text) <= SHORT else f"{text[:SHORT]}…") for text in standard]
        field = forms.CharField(
            label=_("Standard text"), required=False,
            widget=forms.Select({"data-insert": f"{self.step.verb}_{target}"}, choices=[("", "—"), *short]),
        )  # fmt: skip
        before = list(self.fields)
        self.fields["standard"] = field
        self.order_fields([*before[: before.index(target)], "standard", *before[before.index(target) :]])

    def _add(self, need: str, choices: Mapping[str, Choices], *, required: bool = True) -> None:
        name, _colon, phase = need.partition(":")
        if name == "photo":
            field = _PICTURE_NAMES.get((self.step.verb, phase), "photos")
            self.fields[field] = Pictures(label=_PICTURE_LABELS[phase], required=required, clips=clip_limits())
        elif name == "film":
            field = _PICTURE_NAMES.get((self.step.verb, phase), "photos")
            self.fields[field].help_text = _("At least one of them must be a clip: the class asks for it.")
        elif name in _FIELDS:
            self.fields[name] = _FIELDS[name](choices.get(name, ()))
        if name == "callback":
            said = [("", "—"), *words.SATISFACTION_NAMES.items()]
            label = _("What the citizen said of how it went")
            self.fields["satisfaction"] = forms.ChoiceField(label=label, choices=said, required=False)

    def given(self) -> dict[str, Any]:
        """The keyword arguments of the action, but for actor and version."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in NOT_SAID}
        if "verdict" in given:
            given["verdict"] = given["verdict"] == "true"
        return given

    def typed(self) -> list[tuple[str, str]]:
        """What somebody had typed, by label, for showing it where the form itself is gone."""
        kept = ((self[name].label, self.data.get(name, "")) for name in self.fields if name not in NOT_SAID)
        return [(str(label), str(value)) for label, value in kept if value]


def _optional_pictures(step: OpenStep) -> tuple[str, ...]:
    """Pictures that may go with the step although its class does not ask for them."""
    usual = {"verify": "verify", "submit": "handle", "check_pass": "check", "check_fail": "check"}
    phase = usual.get(step.verb)
    return (phase,) if phase and f"photo:{phase}" not in step.needs else ()


class ReportForm(forms.Form):
    """A new report: where, what, and who told us."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    source = forms.ChoiceField(label=_("Source"))
    category = forms.ChoiceField(label=_("Class"), required=False)
    description = _words(_("What is to be seen"), required=False)
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    component = forms.CharField(label=_("Code of the component it is about"), required=False, max_length=24)
    photos = Pictures(label=_("Pictures"))
    reporter_name = forms.CharField(label=_("Name of the person who told us"), required=False, max_length=80)
    reporter_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    callback = forms.BooleanField(label=_("Wishes to be called back"), required=False)

    def __init__(self, sources: Choices, categories: Choices, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.fields["source"] = forms.ChoiceField(label=_("Source"), choices=list(sources))
        known = [("", _("Not known yet")), *categories]
        self.fields["category"] = forms.ChoiceField(label=_("Class"), choices=known, required=False)
        self.fields["photos"] = Pictures(label=_("Pictures"), clips=clip_limits())
        for name in ("lon", "lat"):
            self.fields[name].widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})

    def given(self) -> dict[str, Any]:
        """The keyword arguments of the action, but for the actor."""
        told = dict(self.cleaned_data)
        told["source_ref"] = told.pop("key")
        reporter = {
            "name": told.pop("reporter_name"),
            "phone": told.pop("reporter_phone"),
            "callback": told.pop("callback"),
        }
        return {**told, "reporter": reporter}


class LocateForm(forms.Form):
    """Where an unlocated report is."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    lon = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"auto_id": "locate_%s", "label_suffix": "", **options})
        for name in ("lon", "lat"):
            self.fields[name].widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
