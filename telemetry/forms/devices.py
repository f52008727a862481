"""The form that registers a device."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DeviceForm(forms.Form):
    """What is asked of a new device; the rules are those of the JSON that programs send."""

    code = forms.CharField(label=_("Code of the device"), max_length=64)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("What carries it"))
    protocol = forms.ChoiceField(label=_("Protocol"))
    address = forms.CharField(
        label=_("Phone, station or MN"), max_length=40, help_text=_("What the terminal calls itself.")
    )  # fmt: skip
    plate = forms.CharField(label=_("Plate"), max_length=32, required=False)
    terminal_id = forms.CharField(
        label=_("Terminal id"), max_length=40, required=False,
        help_text=_("Left empty, the first terminal that registers by phone and plate is taken."),
    )  # fmt: skip
    organisation = forms.CharField(label=_("Code of the organisation"), max_length=40, required=False)
    area = forms.CharField(label=_("Area path"), max_length=64, required=False)
    interval_s = forms.IntegerField(
        label=_("Reports every so many seconds"), min_value=1, max_value=604_800, initial=60
    )

    def __init__(self, *args: Any, kinds: Mapping[str, object], protocols: Mapping[str, object]) -> None:
        super().__init__(*args)
        for name, words in (("kind", kinds), ("protocol", protocols)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(str(value), word) for value, word in words.items()]

    def wish(self) -> dict[str, Any]:
        """The same as a program would send it."""
        told = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        names = {language: told.pop(f"name_{language}", told["code"]) for language in ("zh", "en")}
        return {**told, "names": names}
