"""The forms of automatic dispatch: a rule with the days to replay, and why something ends or is switched."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import selectors
from cases.contracts import Source
from cases.forms.responsibility import MOMENT, area_choices, class_choices
from cases.models import words
from cases.rules import GRADES

DAYS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")))
AIMS = (
    ("city:responsible", _("The city sends it to the responsible organisation")),
    ("city:district", _("The city sends it to the district centre of the place")),
    ("district:responsible", _("The district centre sends it to the responsible organisation below it")),
)
HOURS = (("", _("At any time")), ("office", _("In working hours")), ("off", _("Outside working hours")))


class DispatchRuleForm(forms.Form):
    """Which cases, to whom, in which order, from when to when, and why."""

    name = forms.CharField(label=_("Name of the rule"), max_length=60)
    aim = forms.ChoiceField(label=_("What it does"), choices=AIMS)
    classes = forms.MultipleChoiceField(label=_("Classes (none: every class)"), required=False)
    area = forms.ChoiceField(label=_("Place"), required=False)
    sources = forms.MultipleChoiceField(
        label=_("Sources (none: every source)"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    grades = forms.MultipleChoiceField(
        label=_("Management grades (none: every grade)"), required=False, widget=forms.CheckboxSelectMultiple(),
        choices=[(str(grade), str(grade)) for grade in GRADES],
    )  # fmt: skip
    hours = forms.ChoiceField(label=_("When"), choices=HOURS, required=False)
    priority = forms.IntegerField(label=_("Priority (the smallest is asked first)"), min_value=0, max_value=9999)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    valid_until = forms.DateTimeField(
        label=_("Until (empty: for good)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))
    days = forms.TypedChoiceField(label=_("Replay on the cases of the last"), choices=DAYS, coerce=int)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "initial": {"priority": 100, "days": 30}, **options})
        self.areas = area_choices()
        held: dict[str, Sequence[tuple[Any, Any]]] = {
            "classes": class_choices(selectors.categories()),
            "area": self.areas,
            "sources": [(source.value, str(words.SOURCE_NAMES[source])) for source in Source],
        }
        for name, choices in held.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(choices)
        self.fields["classes"].widget.attrs["size"] = 8

    def given(self) -> dict[str, Any]:
        """The arguments of `draft_dispatch_rule`, but for the actor."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "days"}
        told["level"], _colon, told["aim"] = told["aim"].partition(":")
        return {**told, "grades": [int(grade) for grade in told["grades"]]}
