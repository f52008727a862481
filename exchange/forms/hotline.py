"""The forms of partners and of tickets that wait for somebody."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.languages import pick
from exchange.contracts import Datum
from exchange.contracts.hotline import desk
from exchange.forms.named import NamedForm

UNSATISFIED = {
    "reopen": _("the case is opened again"),
    "follow_up": _("a new case follows it up"),
    "flag": _("people are told and decide"),
}


class MapForm(forms.Form):
    """Which class a ticket of an unknown one is of."""

    remember = forms.BooleanField(label=_("Remember it for every later ticket of this word"), required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "prefix": None, **options})
        names = sorted(desk().classes().items())
        choices = [("", "—"), *((code, f"{code} {pick(one)}") for code, one in names)]
        self.fields["category"] = forms.ChoiceField(label=_("Class"), choices=choices)
        self.order_fields(["category", "remember"])


class RefuseForm(forms.Form):
    """Why a ticket goes back."""

    reason = forms.CharField(label=_("Why it goes back"), max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})


def _pairs(text: str) -> dict[str, str]:
    """Lines of `theirs = ours`; ValidationError for another."""
    found = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        theirs, sign, ours = line.rpartition("=")
        if not sign or not theirs.strip() or not ours.strip():
            raise forms.ValidationError(_("Write each line as: theirs = ours. This is none: %(line)s"),
                                        params={"line": line[:60]})  # fmt: skip
        found[theirs.strip()] = ours.strip()
    return found


def _lines(pairs: Mapping[str, str]) -> str:
    return "\n".join(f"{theirs} = {ours}" for theirs, ours in pairs.items())


class PartnerForm(NamedForm):
    """A partner, as people set it."""

    enabled = forms.BooleanField(label=_("In use"), required=False, initial=True)
    base_url = forms.CharField(
        label=_("Address of its interface"), max_length=300, required=False,
        help_text=_("Without one it may send and is told nothing."),
    )  # fmt: skip
    secret_ref = forms.CharField(
        label=_("Name of the secret"), max_length=60,
        help_text=_("The secret itself stands in the setting PARTNER_SECRETS of the server, never here."),
    )  # fmt: skip
    pulls = forms.BooleanField(label=_("Fetch its tickets every minute"), required=False)
    datum = forms.ChoiceField(label=_("Its coordinates"), choices=[(one.value, one.value.upper()) for one in Datum])
    unsatisfied = forms.ChoiceField(
        label=_("When a citizen is not satisfied"), choices=list(UNSATISFIED.items())
    )  # fmt: skip
    classes = forms.CharField(label=_("Classes: theirs = our code"), required=False,
                              widget=forms.Textarea({"rows": 8}))  # fmt: skip
    areas = forms.CharField(label=_("Areas: theirs = our code"), required=False, widget=forms.Textarea({"rows": 4}))
    fields_ = forms.CharField(
        label=_("Fields: ours = where theirs stands"), required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("For content that is built otherwise, as in: text = appeal.words"),
    )  # fmt: skip
    steps = forms.CharField(
        label=_("Steps it is told of"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Words with spaces between; none: the usual ones."),
    )  # fmt: skip

    @staticmethod
    def shown(told: Mapping[str, Any]) -> dict[str, Any]:
        """A partner for the fields."""
        names = told["names"]
        lists = {"classes": _lines(told["classes"]), "areas": _lines(told["areas"]), "fields_": _lines(told["fields"])}
        return {**told, **lists, "steps": " ".join(told["steps"]), "zh": names.get("zh"), "en": names.get("en")}

    def clean_classes(self) -> dict[str, str]:
        """Pairs."""
        return _pairs(self.cleaned_data["classes"])

    def clean_areas(self) -> dict[str, str]:
        """Pairs."""
        return _pairs(self.cleaned_data["areas"])

    def clean_fields_(self) -> dict[str, str]:
        """Pairs."""
        return _pairs(self.cleaned_data["fields_"])

    def told(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        given.pop("code", None)
        names = {"zh": given.pop("zh"), "en": given.pop("en")}
        return {**given, "names": names, "fields": given.pop("fields_"), "steps": given["steps"].split()}
