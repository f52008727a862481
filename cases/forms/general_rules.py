"""The forms of the city's own general rules: which kind of organisation answers for a duty, and the end of a rule."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import selectors
from cases.forms.responsibility import MOMENT, EndForm
from cases.models import Responsibility, words
from cases.rules import LEVELS
from core.languages import pick

FEWEST_ARBITERS = 2
Named = Mapping[str, Mapping[str, str]]


def choices_of(named: Named) -> list[tuple[str, str]]:
    """Codes with their names in the reader's language, by name; a code without a name is its own."""
    return sorted(((code, pick(names) or code) for code, names in named.items()), key=lambda one: one[1])


def arbiter_field(place: int) -> str:
    """The field of the kind that settles disputes in that place, the first being 0."""
    return f"arbiter_{place + 1}"


class GeneralRuleForm(forms.Form):
    """A general rule: what the duty is called, who answers for it, who helps, who settles disputes, when and why."""

    duty = forms.CharField(label=_("Code of the duty"), max_length=40)
    zh = forms.CharField(label=_("Chinese name"), max_length=60)
    en = forms.CharField(label=_("English name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind of organisation that answers"))
    by = forms.ChoiceField(label=_("One for each"), choices=[(level, words.LEVEL_NAMES[level]) for level in LEVELS])
    cooperating = forms.MultipleChoiceField(label=_("Cooperating duties"), required=False)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    valid_until = forms.DateTimeField(
        label=_("Until (empty: for good)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))

    def __init__(self, row: Responsibility | None, **options: Any) -> None:
        self.row = row
        initial = {**self._initial(), **options.pop("initial", {})}
        super().__init__(**{"label_suffix": "", "initial": initial, **options})
        self.kinds, self.duties = selectors.organisation_kinds(), selectors.duties()
        kinds = choices_of(self.kinds)
        if row:
            del self.fields["duty"]
        self._choose("kind", [("", "—"), *kinds])
        self._choose("cooperating", [one for one in choices_of(self.duties) if not row or one[0] != row.duty])
        self.fields["cooperating"].widget.attrs["size"] = 5
        self.arbiters = [arbiter_field(place) for place in range(max(FEWEST_ARBITERS, len(self._arbiter()) + 1))]
        for place, name in enumerate(self.arbiters):
            label = _("If there is none") if place else _("Kind that settles disputes")
            empty = _("Nobody else") if place else _("The nearest centre")
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", empty), *kinds])
        front = ["duty", "zh", "en", "kind", "by", "cooperating", *self.arbiters]
        self.order_fields([*front, "valid_from", "valid_until", "reason"])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _arbiter(self) -> list[str]:
        return list(self.row.arbiter) if self.row else []

    def _initial(self) -> dict[str, Any]:
        row = self.row
        if row is None:
            return {"by": "district"}
        arbiters = {arbiter_field(place): kind for place, kind in enumerate(row.arbiter)}
        told = {"kind": row.kind, "by": row.by, "cooperating": row.cooperating, "valid_until": row.valid_until}
        return {**row.names, **told, **arbiters}

    def given(self) -> dict[str, Any]:
        """The arguments of `draft_general`, but for the actor."""
        told = dict(self.cleaned_data)
        arbiter = [told.pop(name) for name in self.arbiters]
        names = {language: told.pop(language) for language in ("zh", "en")}
        duty = told.pop("duty", self.row.duty if self.row else "")
        return {**told, "duty": duty, "names": names, "arbiter": [kind for kind in arbiter if kind]}


class EndGeneralForm(EndForm):
    """When a general rule of the city ends, and why."""

    ends = forms.DateTimeField(
        label=_("End (empty: now)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    field_order = ("ends", "reason")
