"""The forms of a file: to open one, of each step as its fields say, of a look. What was typed is kept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.languages import pick
from enforcement import rules
from enforcement.contracts.words import PARTIES, PROCEDURES

LOOK_GROUNDS = (
    ("service", _("To serve a paper")), ("clarify", _("To ask the party")), ("verify", _("To verify who it is")),
    ("rights", _("The party asks about its data")), ("authority", _("A court or authority asks")),
)  # fmt: skip
LONG = frozenset({
    "reason", "things", "summary", "said", "rechecked", "record", "opinion", "minutes", "plan", "order",
})  # fmt: skip


class People:
    """Who may be named in a form: officers with a credential, and everybody who may hold another office there."""

    def __init__(self, officers: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]) -> None:
        self.officers, self.others = list(officers), list(others)


def named(choices: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Choices in the reader's language."""
    return [(code, pick(names)) for code, names in choices.items()]


class StepForm(forms.Form):
    """What a step asks for."""

    def __init__(self, verb: str, facts: rules.DossierFacts, people: People, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "prefix": verb, **options})
        self.verb = verb
        for name in rules.ASKS.get(verb, ()):
            self.fields[name] = self._field(rules.FIELDS[name], facts, people)

    def _field(self, field: rules.Field, facts: rules.DossierFacts, people: People) -> forms.Field:
        told: dict[str, Any] = {"label": pick(field.names), "required": False}
        if field.kind == "flag":
            return forms.BooleanField(**told)
        if field.kind == "date":
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), max_length=10, **told)
        if field.kind in ("money", "number"):
            widget = forms.NumberInput(attrs={"step": "0.01" if field.kind == "money" else "1", "min": "0"})
            return forms.CharField(widget=widget, max_length=20, **told)
        if field.kind in ("choices", "people"):
            choices = _choices(field, facts, people)
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **told)
        if field.kind in ("choice", "person", "band"):
            return forms.ChoiceField(choices=[("", "—"), *_choices(field, facts, people)], **told)
        if field.name in LONG:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=field.most, **told)
        return forms.CharField(max_length=field.most, **told)

    def given(self) -> dict[str, Any]:
        """What was filled in; flags that are not ticked and empty fields are left out."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}


def _choices(field: rules.Field, facts: rules.DossierFacts, people: People) -> Sequence[tuple[str, str]]:
    if field.kind == "band":
        bands = facts.cause.bands if facts.cause else ()
        return [(one.code, f"{pick(one.names)} · {one.low:.0f}–{one.high:.0f}") for one in bands]
    if field.name == "officers":
        return people.officers
    if field.name == "officer":
        return [(one.key, one.label) for one in facts.officers]
    if field.kind in ("people", "person"):
        return people.others
    known = named(field.choices or {})
    allowed = facts.cause.penalties if facts.cause and field.name == "kinds" else None
    return known if allowed is None else [row for row in known if row[0] in allowed]


class NewForm(forms.Form):
    """A new file: what happened, when, where, and who the party is."""

    cause = forms.ChoiceField(label=pgettext_lazy("enforcement", "Cause"))
    procedure = forms.ChoiceField(label=pgettext_lazy("enforcement", "Procedure"))
    act_on = forms.DateField(
        label=_("Day of the act, or on which it ended"), widget=forms.DateInput(attrs={"type": "date"})
    )
    harm = forms.BooleanField(label=_("Life, health or money were harmed"), required=False)
    about = forms.CharField(
        label=_("What happened"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )
    party_kind = forms.ChoiceField(label=_("The party is"))
    name = forms.CharField(label=_("Name of the party"), max_length=80)
    identity = forms.CharField(label=_("Number of identity or licence"), max_length=40, required=False)
    phone = forms.CharField(label=pgettext_lazy("enforcement", "Phone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address of the party"), max_length=200, required=False)
    place = forms.CharField(label=_("Where it happened"), max_length=200, required=False)
    lon = forms.FloatField(
        label=_("Longitude"), min_value=-180, max_value=180, required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    lat = forms.FloatField(
        label=_("Latitude"), min_value=-90, max_value=90, required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(self, causes: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        for name, choices in (("cause", causes), ("procedure", named(PROCEDURES)), ("party_kind", named(PARTIES))):
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=choices)

    def given(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        told = dict(self.cleaned_data)
        party = {name: told.pop(name) for name in ("name", "identity", "phone", "address")}
        lon, lat = told.pop("lon"), told.pop("lat")
        return {**told, "party": party, "point": (lon, lat) if lon is not None and lat is not None else None}


class LookForm(forms.Form):
    """Why the party is to be seen whole."""

    ground = forms.ChoiceField(label=pgettext_lazy("enforcement", "Ground"), choices=LOOK_GROUNDS)
    note = forms.CharField(label=_("In words"), max_length=400)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})


class TemplateForm(forms.Form):
    """The words of a kind of paper."""

    body = forms.CharField(
        label=_("Words, with places in braces"), widget=forms.Textarea(attrs={"rows": 18}), max_length=20_000
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
