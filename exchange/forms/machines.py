"""The form of a machine that reports, and of a change of its key."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.contracts import Datum
from exchange.contracts.machines import MachineKind
from exchange.forms.named import NamedForm
from exchange.rules.machines import LONGEST_OVERLAP_H, MOST_HOURLY

KINDS = {
    MachineKind.SENSOR: _("Sensor"),
    MachineKind.VEHICLE: _("Vehicle"),
    MachineKind.CAMERA: _("Video platform"),
    MachineKind.DEPARTMENT: _("System of another department"),
}
_LISTS = ("classes", "areas")


class MachineForm(NamedForm):
    """A machine, as people set it; codes stand with spaces, commas or lines between."""

    kind = forms.ChoiceField(label=_("What it is"), choices=[(kind.value, name) for kind, name in KINDS.items()])
    organisation = forms.CharField(label=_("Code of its organisation"), max_length=60, required=False)
    classes = forms.CharField(
        label=_("Classes that it may report"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Codes with spaces between; none: every class."),
    )  # fmt: skip
    areas = forms.CharField(
        label=_("Areas that it may report in"), required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("Codes of regions with spaces between; none: the whole city."),
    )  # fmt: skip
    datum = forms.ChoiceField(label=_("Its coordinates"), choices=[(one.value, one.value.upper()) for one in Datum])
    hourly = forms.IntegerField(label=_("Calls an hour, at most"), min_value=1, max_value=MOST_HOURLY, initial=600)
    enabled = forms.BooleanField(label=_("In use"), required=False, initial=True)

    @staticmethod
    def shown(told: Mapping[str, Any]) -> dict[str, Any]:
        """A machine for the fields."""
        return {**told, **told["names"], **{name: " ".join(told[name]) for name in _LISTS}}

    def told(self) -> dict[str, Any]:
        """What the actions take."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("zh", "en", "code")}
        lists = {name: list(dict.fromkeys(re.findall(r"[^\s,，、;；]+", given[name]))) for name in _LISTS}
        return {**given, **lists, "names": {name: self.cleaned_data[name] for name in ("zh", "en")}}


class OverlapForm(forms.Form):
    """For how long the key before opens too."""

    overlap_hours = forms.IntegerField(
        label=_("The key before opens for so many hours more"), min_value=0, max_value=LONGEST_OVERLAP_H, initial=24
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
