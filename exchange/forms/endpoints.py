"""The forms of endpoints: how one is set up, and a span of time to be sent anew."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.languages import pick
from exchange.adapters.connectors import CONNECTORS
from exchange.contracts.messages import occasions
from exchange.contracts.sendings import Channel, Setting, kind_name
from exchange.models import Endpoint
from exchange.rules.sendings import offered_kinds

POLICY_LABELS = {
    "most": _("Tried at most (times)"),
    "first": _("First wait (seconds)"),
    "factor": _("Each wait is so many times the one before"),
    "longest": _("Longest wait (seconds)"),
}


class EndpointForm(forms.Form):
    """One endpoint: what its connector must know, what it is told of, on which ground, and how often it is tried."""

    name = forms.CharField(label=_("Name of the endpoint"), max_length=80)
    area = forms.CharField(
        label=_("Only of this area"),
        required=False,
        max_length=80,
        help_text=_("A path of codes; empty: the whole city"),
    )
    org = forms.CharField(
        label=_("Only of this organisation"), required=False, max_length=80, help_text=_("A path of codes; empty: any")
    )

    def __init__(self, channel: str, *, made: bool, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        connector = CONNECTORS[channel]
        self._settings = connector.settings
        for one in self._settings:
            self.fields[f"set_{one.name}"] = self._field(one)
        if connector.secret:
            self.fields["secret"] = forms.CharField(
                label=pick(connector.secret), required=False, max_length=500, help_text=self._of_secret(channel, made),
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            )  # fmt: skip
        kinds = self._kinds(channel)
        if kinds:
            self.fields["kinds"] = forms.MultipleChoiceField(
                label=_("What is sent there"), choices=kinds, widget=forms.CheckboxSelectMultiple
            )
        for name, label in POLICY_LABELS.items():
            self.fields[name] = forms.IntegerField(label=label, required=False, min_value=1, max_value=86_400)
        if not kinds:
            del self.fields["area"], self.fields["org"]

    @staticmethod
    def _of_secret(channel: str, made: bool) -> Any:
        if made:
            return _("Kept sealed and never shown; left empty, it stays as it is.")
        if channel == Channel.WEBHOOK:
            return _("Left empty, one is made and shown once.")
        return _("Kept sealed and never shown.")

    @staticmethod
    def _kinds(channel: str) -> list[tuple[str, str]]:
        if channel == Channel.WEBHOOK:
            return [(kind, kind_name(kind)) for kind in offered_kinds()]
        if channel == Channel.ROBOT:
            return [(code, pick(occasion.names)) for code, occasion in occasions().items()]
        return []

    @staticmethod
    def _field(one: Setting) -> forms.Field:
        label, hint = pick(one.names), pick(one.hint)
        common: dict[str, Any] = {"label": label, "help_text": hint, "required": one.needed}
        if one.kind == "choice":
            return forms.ChoiceField(
                **common, choices=[(choice, choice) for choice in one.choices], initial=one.default
            )
        if one.kind == "json":
            area = forms.Textarea({"rows": 3, "spellcheck": "false"})
            return forms.JSONField(**common, initial=one.default, widget=area, empty_value={})
        if one.kind == "whole":
            return forms.IntegerField(**common, min_value=0, max_value=2**31 - 1)
        return forms.CharField(**common, max_length=500, initial=one.default)

    @staticmethod
    def given(row: Endpoint) -> dict[str, Any]:
        """What the form shows of an endpoint at first."""
        told = {f"set_{name}": value for name, value in row.settings.items()}
        return {"name": row.name, "area": row.area, "org": row.org, "kinds": row.kinds, **told, **row.policy}

    def told(self) -> dict[str, Any]:
        """What the action takes, but for the actor."""
        given = dict(self.cleaned_data)
        policy = {name: given.pop(name) for name in POLICY_LABELS}
        return {
            "name": given["name"],
            "settings": {one.name: given[f"set_{one.name}"] for one in self._settings},
            "secret": given.get("secret", ""),
            "kinds": given.get("kinds", []),
            "area": given.get("area", ""),
            "org": given.get("org", ""),
            "policy": policy if any(value is not None for value in policy.values()) else {},
        }


class SpanForm(forms.Form):
    """A span of time, by the clock of the city."""

    begins = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}))
    ends = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput({"type": "datetime-local"}))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
