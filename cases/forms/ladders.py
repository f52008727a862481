"""The form of a ladder: for which clocks it is, its rungs row by row, and why it changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import rules, selectors
from cases.contracts import ENDS, Stage
from cases.forms.responsibility import class_choices
from cases.models import words

WHENS = (
    ("", "—"),
    ("share", _("per cent of the limit are used up")),
    ("late", _("minutes over, on the calendar of the limit")),
)


class RungForm(forms.Form):
    """One rung; a row without a number is none."""

    number = forms.IntegerField(label=_("How many"), required=False, min_value=0, max_value=525_600)
    when = forms.ChoiceField(label=_("What of"), choices=WHENS, required=False)
    tell = forms.MultipleChoiceField(
        label=_("Who is told"), choices=list(words.TELL_NAMES.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A number needs to be told of what it is."""
        told = super().clean() or {}
        if told.get("number") is not None and not told.get("when"):
            self.add_error("when", _("Say what the number is of."))
        return told

    def rung(self) -> dict[str, Any] | None:
        """The rung as data; None for an empty row."""
        number, when = self.cleaned_data.get("number"), self.cleaned_data.get("when")
        if number is None or not when:
            return None
        return {when: number / 100 if when == "share" else number, "tell": self.cleaned_data["tell"]}


class ScopeForm(forms.Form):
    """For which clock, stage and class; and why."""

    clock_kind = forms.ChoiceField(label=pgettext_lazy("time", "Clock"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    category = forms.ChoiceField(label=_("Class"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))

    def __init__(self, *, fixed: bool, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        every = ("", _("every one"))
        stages = [(str(one), words.STAGE_NAMES[one]) for one in Stage if one not in ENDS]
        choices: Mapping[str, Iterable[Any]] = {
            "clock_kind": [every, *words.CLOCK_NAMES.items()],
            "stage": [every, *stages],
            "category": [every, *class_choices(list(selectors.category_rows()))],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(listed)
            if fixed:
                field.widget = forms.HiddenInput()


class LadderForms:
    """Both as one: the scope and as many rows as a ladder may have."""

    def __init__(self, *, fixed: bool, initial: Mapping[str, Any], data: Any = None) -> None:
        self.scope = ScopeForm(fixed=fixed, data=data, initial=initial)
        held = [_row(rung) for rung in initial.get("rungs", ())]
        held += [{}] * (min(rules.MOST_RUNGS, max(len(held) + 3, _sent(data or {}))) - len(held))
        self.rows = [
            RungForm(data=data, initial=row, prefix=f"rung{place}", label_suffix="") for place, row in enumerate(held)
        ]

    def is_valid(self) -> bool:
        """Whether everything can be read."""
        return all([self.scope.is_valid(), *(row.is_valid() for row in self.rows)])

    def given(self) -> dict[str, Any]:
        """The keyword arguments of the action."""
        told = [row.rung() for row in self.rows]
        return {**self.scope.cleaned_data, "rungs": [rung for rung in told if rung is not None]}


def _sent(data: Mapping[str, Any]) -> int:
    """How many rows were sent: as many as the ladder had when its form was opened, whatever it has by now."""
    return sum(f"rung{place}-number" in data for place in range(rules.MOST_RUNGS))


def _row(rung: Mapping[str, Any]) -> dict[str, Any]:
    share = "share" in rung
    number = round(100 * rung["share"]) if share else rung["late"]
    return {"number": number, "when": "share" if share else "late", "tell": list(rung["tell"])}
