"""Forms of alarms, of rules and of rain warnings."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from telemetry.contracts.alarms import RuleKind

SHELVES = ((60, _("1 hour")), (240, _("4 hours")), (480, _("8 hours")), (1440, _("1 day")), (10080, _("7 days")))


class ActForm(forms.Form):
    """What an act with an alarm needs."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=pgettext_lazy("alarm", "Why"), max_length=400, required=False)
    minutes = forms.TypedChoiceField(
        label=_("For how long"), choices=SHELVES, coerce=int, required=False, empty_value=None
    )
    to = forms.CharField(max_length=120, required=False)


class RainForm(forms.Form):
    """Where it rains, for how long, and who says so."""

    area = forms.ChoiceField(label=pgettext_lazy("rain", "Area"))
    hours = forms.IntegerField(label=_("For how many hours"), min_value=1, max_value=47, initial=6)
    reason = forms.CharField(label=_("Who warns, of what"), max_length=200)

    def __init__(self, areas: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = areas


class RuleForm(forms.Form):
    """A rule in numbers; what the form does not ask of a rule stays as it was."""

    zh = forms.CharField(label=_("Chinese name"), max_length=80)
    en = forms.CharField(label=_("English name"), max_length=80)
    bands = forms.CharField(
        label=_("Bands"), max_length=120, required=False, help_text=_("From blue to red, with spaces between.")
    )
    least = forms.FloatField(label=_("Hysteresis: at least"), min_value=0, max_value=1e6, initial=2)
    share = forms.FloatField(label=_("Hysteresis: share of the band"), min_value=0, max_value=1, initial=0.1)
    need = forms.IntegerField(label=_("Readings needed"), min_value=1, max_value=100, initial=2)
    of = forms.IntegerField(label=_("of the last"), min_value=1, max_value=100, initial=3)
    minutes = forms.FloatField(label=_("Clears after minutes"), min_value=0, max_value=1440, initial=10)
    readings = forms.IntegerField(label=_("and readings"), min_value=1, max_value=100, initial=3)
    rate = forms.FloatField(label=_("Rises by, per minute"), min_value=0, max_value=1e6, initial=1)
    within = forms.FloatField(label=_("Foresees, minutes ahead"), min_value=0, max_value=1440, initial=15)
    times = forms.FloatField(label=_("Silent after intervals"), min_value=1, max_value=1000, initial=3)
    rain = forms.FloatField(label=_("Silent in rain after minutes"), min_value=1, max_value=1440, initial=5)
    months = forms.CharField(
        label=_("Only in months"), max_length=60, required=False, help_text=_("Such as 4 5 6; empty: always.")
    )
    hours = forms.RegexField(
        r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", label=_("Only at hours"), required=False,
        help_text=_("Such as 06:00-22:00; empty: always."),
    )  # fmt: skip
    category = forms.CharField(label=_("Class of its case"), max_length=20, required=False)
    level = forms.IntegerField(label=_("Case from level"), min_value=1, max_value=4, initial=2)
    reason = forms.CharField(label=_("Why it is changed"), max_length=400, required=False)
    days = forms.IntegerField(label=_("Tried on so many days"), min_value=1, max_value=31, initial=7)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    LEVEL = ("bands", "least", "share", "need", "of", "minutes", "readings", "rate", "within")
    SILENCE = ("times", "rain")

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.SILENCE if kind == RuleKind.LEVEL else self.LEVEL:
            del self.fields[name]

    def clean_bands(self) -> list[float]:
        """Numbers with spaces or commas between."""
        return _numbers(self.cleaned_data["bands"])

    def clean_months(self) -> list[int]:
        """The numbers of months."""
        return sorted({int(one) for one in _numbers(self.cleaned_data["months"]) if 1 <= one <= 12})

    def document(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The rule as it would be: what is asked here, and what the rule said of the rest before."""
        given, told = self.cleaned_data, {key: value for key, value in before.items() if key not in ("months", "hours")}
        told["names"] = {"zh": given["zh"], "en": given["en"]}
        for part, names in PARTS.items():
            fresh = {name: given[name] for name in names if given.get(name) is not None}
            if fresh:
                told[part] = {**(before.get(part) or {}), **fresh}
        if "bands" in given:
            told["bands"] = given["bands"]
        told |= {name: given[name] for name in ("months", "hours") if given[name]}
        told.pop("case", None)
        if given["category"]:
            told["case"] = {**(before.get("case") or {}), "category": given["category"], "level": given["level"]}
        return told


PARTS = {
    "hysteresis": ("least", "share"), "debounce": ("need", "of"), "clear": ("minutes", "readings"),
    "rise": ("rate", "within"), "silence": ("times", "rain"),
}  # fmt: skip


def _numbers(text: str) -> list[float]:
    try:
        found = [float(one) for one in text.replace(",", " ").replace("，", " ").replace("、", " ").split()]
    except ValueError:
        raise forms.ValidationError(_("Numbers with spaces between are wanted.")) from None
    if any(abs(one) > 1e6 or one != one for one in found) or len(found) > 12:
        raise forms.ValidationError(_("Numbers with spaces between are wanted."))
    return found


def first_values(document: Mapping[str, Any], version: int) -> dict[str, Any]:
    """What the form shows of a rule."""
    told: dict[str, Any] = {name: value for part in PARTS for name, value in (document.get(part) or {}).items()}
    case = document.get("case") or {}
    return {
        **told, **document["names"], "bands": " ".join(f"{one:g}" for one in document.get("bands") or ()),
        "months": " ".join(map(str, document.get("months") or ())), "hours": document.get("hours", ""),
        "category": case.get("category", ""), "level": case.get("level", 2), "version": version,
    }  # fmt: skip
