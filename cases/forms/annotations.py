"""The form of a drawing: what the hand drew, or one mark in figures for whoever has no pointer and no scripts."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.contracts.evidence import MarkKind
from cases.models import words
from core.errors import Invalid

MOST_SENT = 20_000
_SIDES = (("x1", _("From the left, %")), ("y1", _("From the top, %")), ("x2", _("To, from the left, %")),
          ("y2", _("To, from the top, %")))  # fmt: skip


class AnnotationForm(forms.Form):
    """Marks as JSON in `marks`, or one of them in the other fields."""

    kind = forms.ChoiceField(label=_("What is drawn"), choices=list(words.MARK_NAMES.items()), widget=forms.RadioSelect)
    text = forms.CharField(label=words.MARK_NAMES["text"], max_length=rules.LONGEST_WORDS, required=False)
    marks = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST_SENT)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "auto_id": "annotation_%s", **options})
        self.fields["kind"].initial = MarkKind.ARROW.value
        for name, label in _SIDES:
            self.fields[name] = forms.FloatField(
                label=label, min_value=0, max_value=100, required=False,
                widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
            )  # fmt: skip

    def sides(self) -> list[Any]:
        """The four fields of a mark in figures."""
        return [self[name] for name, _label in _SIDES]

    def given(self) -> Any:
        """What was drawn; Invalid where it is no JSON, or nothing was drawn at all."""
        if not self.is_valid():
            raise Invalid("case.form_incomplete")
        told = self.cleaned_data
        if told["marks"].strip():
            try:
                return json.loads(told["marks"])
            except (ValueError, RecursionError) as error:
                raise Invalid("annotation.bad_marks", most=rules.LONGEST_WORDS) from error
        if told["x1"] is None or told["y1"] is None:
            raise Invalid("annotation.nothing")
        ends = {name: told[name] if told[name] is not None else told[name.replace("2", "1")] for name, _label in _SIDES}
        return [{"kind": told["kind"], "text": told["text"], **{name: value / 100 for name, value in ends.items()}}]
