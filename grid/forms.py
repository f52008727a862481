"""The forms of the grid's pages: a supervision area, and who collects there."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.contracts import Person

MOST_CELLS = 400_000
_MOMENT = {"type": "datetime-local"}


class AreaForm(forms.Form):
    """A supervision area: its code, its name, its cells as text."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    cells = forms.CharField(label=_("Cells"), max_length=MOST_CELLS, strip=False)

    def __init__(self, *args: Any, known: bool = False, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        if known:
            del self.fields["code"]
        attrs = {"rows": 10, "spellcheck": "false", "class": "codes", "aria-describedby": "cells_hint"}
        self.fields["cells"].widget = forms.Textarea(attrs)

    def given(self) -> dict[str, Any]:
        """The arguments of `save_supervision_area`, but for the code and the actor."""
        told = self.cleaned_data
        return {"names": {"zh": told["name_zh"], "en": told["name_en"]}, "cells": told["cells"]}


class PatrolForm(forms.Form):
    """Who collects, from when, until when."""

    user_id = forms.TypedChoiceField(label=_("Collector"), coerce=int)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"), required=False, widget=forms.DateTimeInput(_MOMENT, format="%Y-%m-%dT%H:%M")
    )
    valid_until = forms.DateTimeField(
        label=_("Until (empty: for good)"), required=False, widget=forms.DateTimeInput(_MOMENT, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, people: Sequence[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        choices = [("", "—"), *((one.user_id, one.label) for one in people)]
        self.fields["user_id"] = forms.TypedChoiceField(label=_("Collector"), coerce=int, choices=choices)


class DraftForm(forms.Form):
    """A new draft: as which map it begins, and what it is for."""

    source = forms.TypedChoiceField(label=_("Begins as"), coerce=int, required=False, empty_value=None)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, versions: Sequence[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        choices = [("", _("The map in force")), *versions]
        self.fields["source"] = forms.TypedChoiceField(
            label=_("Begins as"), coerce=int, required=False, empty_value=None, choices=choices
        )


class PublishForm(forms.Form):
    """From when a draft holds, and which revision of it was looked at."""

    valid_from = forms.DateTimeField(
        label=_("In force from (empty: at once)"),
        required=False,
        widget=forms.DateTimeInput(_MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})


class RevisionForm(forms.Form):
    """Which revision of a draft was looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RegionNamesForm(RevisionForm):
    """What a region is called in both languages."""

    zh = forms.CharField(label=_("Chinese name"), max_length=100)
    en = forms.CharField(label=_("English name"), max_length=100, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})


class CompareForm(forms.Form):
    """Two versions of the map."""

    old = forms.TypedChoiceField(label=_("Earlier"), coerce=int)
    new = forms.TypedChoiceField(label=_("Later"), coerce=int)

    def __init__(self, versions: Sequence[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "id_%s", **options})
        for name, label in (("old", _("Earlier")), ("new", _("Later"))):
            self.fields[name] = forms.TypedChoiceField(label=label, coerce=int, choices=list(versions))
