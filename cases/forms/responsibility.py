"""The forms of the matrix: the question to the simulator, a special rule, the end of one."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from cases import selectors
from cases.forms.classes import UNITS
from cases.models import Category, words
from core.languages import pick
from grid import selectors as grid

Choices = Sequence[tuple[str, str]]


def class_choices(rows: Iterable[Category]) -> list[tuple[str, Any]]:
    """The classes as choices, grouped by major class."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        major = selectors.major_of(row)
        title = f"{major} {words.MAJOR_NAMES[major]}" if major in words.MAJOR_NAMES else major
        groups.setdefault(title, []).append((row.code, f"{row.code} {pick(row.names)}"))
    return list(groups.items())


def area_choices() -> list[tuple[str, str]]:
    """The whole city, then every region in the order of the tree, deeper ones set in."""
    found = [("", str(_("The whole city")))]
    for one in grid.region_names():
        if one.level != "city":
            found.append((one.path, "　" * (one.path.count(".") - 1) + pick(one.names)))
    return found


class WhatIfForm(forms.Form):
    """Where, what, and under which condition."""

    category = forms.ChoiceField(label=_("Class"))
    condition = forms.CharField(label=_("Registration condition"), required=False, max_length=20)
    lon = forms.FloatField(label=_("Longitude"))
    lat = forms.FloatField(label=_("Latitude"))

    def __init__(self, rows: Sequence[Category], **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.fields["category"] = forms.ChoiceField(label=_("Class"), choices=[("", "—"), *class_choices(rows)])
        chosen = next((row for row in rows if row.code == self.data.get("category")), None)
        known = [
            (str(row["code"]), f"{row['code']} {pick(row['text'])}") for row in (chosen.conditions if chosen else ())
        ]
        if self.data.get("condition") not in dict(known):
            self.data = {key: value for key, value in self.data.items() if key != "condition"}
        self.fields["condition"] = forms.ChoiceField(
            label=_("Registration condition"), choices=[("", _("All conditions")), *known], required=False
        )
        for name in ("lon", "lat"):
            self.fields[name].widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})

    def clean(self) -> dict[str, Any]:
        """The arguments of `what_if`."""
        found = dict(self.cleaned_data)
        if "category" in found:
            found["category_code"] = found.pop("category")
        return found


MOMENT = {"type": "datetime-local"}


class OverrideForm(forms.Form):
    """A special rule: for which class where, who, from when to when, and why."""

    category = forms.ChoiceField(label=_("Class"))
    area = forms.ChoiceField(label=_("Place"), required=False)
    organisation = forms.ChoiceField(label=_("Responsible"), required=False)
    cooperating = forms.MultipleChoiceField(label=_("Cooperating"), required=False)
    arbiter = forms.ChoiceField(label=_("Arbiter"), required=False)
    limit_value = forms.FloatField(
        label=_("Limit (empty: as the conditions say)"), required=False,
        widget=forms.NumberInput({"step": "any", "min": "0", "inputmode": "decimal"}),
    )  # fmt: skip
    limit_unit = forms.ChoiceField(label=_("Unit of the limit"), choices=UNITS, required=False)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    valid_until = forms.DateTimeField(
        label=_("Until (empty: for good)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.areas = area_choices()
        offices = [(row.code, pick(row.names) or row.code) for row in accounts.organisations()]
        ruled = [("", _("As the general rule says")), *offices]
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "category": [("", "—"), *class_choices(selectors.categories())],
            "area": self.areas,
            "organisation": ruled,
            "cooperating": offices,
            "arbiter": ruled,
        }
        for name, held in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(held)
        self.fields["cooperating"].widget.attrs["size"] = 5

    def given(self) -> dict[str, Any]:
        """The arguments of `draft_override`, but for the actor."""
        told = dict(self.cleaned_data)
        told["category_code"] = told.pop("category")
        value, unit = told.pop("limit_value"), told.pop("limit_unit")
        return {**told, "limit": None if value is None else {"value": value, "unit": unit}}


class EndForm(forms.Form):
    """Why a special rule ends."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
