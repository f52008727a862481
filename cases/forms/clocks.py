"""The form that moves the end of a clock."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Choices = Sequence[tuple[str, str]]


class RescheduleForm(forms.Form):
    """Which promise is moved, to when, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=pgettext_lazy("time", "Clock"))
    due_at = forms.DateTimeField(label=_("New end"), widget=forms.DateTimeInput({"type": "datetime-local"}))
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea({"rows": 2, "maxlength": 4000}))

    def __init__(self, clocks: Choices, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "auto_id": "reschedule_%s", **options})
        self.fields["kind"] = forms.ChoiceField(label=pgettext_lazy("time", "Clock"), choices=clocks)
