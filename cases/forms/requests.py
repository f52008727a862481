"""The form of a request: why, on which ground, and what its kind needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import words

Choices = Sequence[tuple[str, str]]


class AskForm(forms.Form):
    """What is asked for one case; `given()` is what the action takes."""

    kind = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, kind: str, grounds: Choices, most: Mapping[str, Any], **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "auto_id": f"ask_{kind}_%s", **options})
        if grounds:
            self.fields["ground"] = forms.ChoiceField(
                label=pgettext_lazy("request", "Ground"), choices=[("", "—"), *grounds]
            )
        if kind == "extension":
            self.fields["minutes"] = forms.IntegerField(
                label=_("Minutes on the calendar of the limit"), min_value=1, max_value=most["minutes"] or 2_000_000
            )
        if kind == "hold":
            self.fields["until"] = _until(most["now"], most["days"])
        reason = forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
        self.fields["reason"] = forms.CharField(label=_("Reason"), widget=reason, max_length=4000)

    def given(self) -> dict[str, Any]:
        """The keyword arguments of the action, but for the actor; a hold ends with its last day."""
        given = dict(self.cleaned_data)
        if "until" in given:
            given["until"] = make_aware(datetime.combine(given["until"], time.max.replace(microsecond=0)))
        return given


def _until(now: datetime, days: int) -> forms.DateField:
    today = localtime(now).date()
    shown = {"type": "date", "min": today.isoformat()}
    if days:
        shown["max"] = (today + timedelta(days=days - 1)).isoformat()
    return forms.DateField(label=_("Last day of the hold"), widget=forms.DateInput(attrs=shown, format="%Y-%m-%d"))


class OrderForm(forms.Form):
    """What is demanded, why, and by when an answer is due."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Why it is pressed for"), choices=list(words.ORDER_NAMES.items()))
    requirement = forms.CharField(label=_("What is demanded"), max_length=4000, widget=forms.Textarea({"rows": 3}))
    due_at = forms.DateTimeField(label=_("Answer due at"), widget=forms.DateTimeInput({"type": "datetime-local"}))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "auto_id": "order_%s", **options})
