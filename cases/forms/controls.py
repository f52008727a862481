"""The forms of a control area: what is asked, the decision, the end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import selectors
from cases.forms.responsibility import MOMENT, class_choices
from core.languages import pick


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))


class ControlForm(forms.Form):
    """Where, for which classes, what, from when to when, and why."""

    name = forms.CharField(label=_("Name"), max_length=60)
    cells = forms.CharField(
        label=_("Cells"),
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "aria-describedby": "cells_hint"}),
    )
    classes = forms.MultipleChoiceField(
        label=_("Classes (none: all of them)"), required=False, widget=forms.SelectMultiple({"size": 8})
    )
    blocks = forms.BooleanField(label=_("Cases of these classes are not registered there"), required=False)
    grade = forms.ChoiceField(label=_("The ground counts as of grade"), required=False)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    valid_until = forms.DateTimeField(
        label=_("Until (empty: for good)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    reason = _reason(_("Reason"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        grades = [(row.grade, f"{row.grade} {pick(row.names)}".strip()) for row in selectors.area_grades()]
        choices: dict[str, list[tuple[Any, Any]]] = {
            "classes": class_choices(selectors.categories()),
            "grade": [("0", _("As the map says")), *grades],
        }
        for name, held in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = held

    def given(self) -> dict[str, Any]:
        """The arguments of `ask_control_area`, but for the actor."""
        return {**self.cleaned_data, "grade": int(self.cleaned_data["grade"] or 0)}


class DecideForm(forms.Form):
    """Yes or no to what was asked, and why."""

    reason = _reason(_("Why"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
