"""The forms of records, made from the JSON Schema of their register; of steps; of links. What was typed is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.languages import pick
from core.schema import Question, questions, validate
from core.sentences import say
from registers.contracts import Declared, Placing, Step

HINTS = {
    Placing.LINE: _("WKT or GeoJSON of a line, in WGS 84."),
    Placing.AREA: _("WKT or GeoJSON of an area, in WGS 84."),
}


def field_of(declared: Declared, question: Question, *, required: bool) -> forms.Field:
    """The field that asks for an attribute, with its name, unit and hint in the reader's language."""
    rule = (declared.schema.get("properties") or {}).get(question.name) or {}
    label = pick(question.names) + (f" ({question.unit})" if question.unit else "")
    more: dict[str, Any] = {"label": label, "required": required, "help_text": pick(rule.get("x-help") or {})}
    if question.kind == "boolean":
        return forms.ChoiceField(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))], **more)
    if question.kind == "choice":
        named = rule.get("x-choices") or {}
        choices = [(str(one), pick(named.get(str(one)) or {}) or str(one)) for one in question.choices]
        return forms.ChoiceField(choices=[("", "—"), *choices], **more)
    if question.kind in ("integer", "number"):
        step = "1" if question.kind == "integer" else "any"
        return forms.CharField(widget=forms.NumberInput(attrs={"step": step}), max_length=40, **more)
    if question.kind == "array":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **more)
    widget = forms.DateInput(attrs={"type": "date"}) if question.kind == "date" else forms.TextInput()
    return forms.CharField(widget=widget, max_length=400, **more)


def read(kind: str, text: str) -> Any:
    """A value as the schema wants it; what cannot be one stays text, so that the schema says why not."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind == "array":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" or text.lstrip("-").isdigit() else float(text)
        except ValueError:
            return text
    return text


def written(value: Any) -> Any:
    """A value as its field shows it."""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


class AttributesForm(forms.Form):
    """Some attributes of a register, and what goes with them."""

    def __init__(self, declared: Declared, names: Sequence[str], *, needed: Sequence[str], **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.declared = declared
        self.asked = {one.name: one for one in questions(declared.schema) if one.name in names}
        for name, question in self.asked.items():
            self.fields[f"attr_{name}"] = field_of(declared, question, required=name in needed)

    def given(self) -> dict[str, Any]:
        """The attributes that were filled in, typed as the schema wants them."""
        told = {name: self.cleaned_data.get(f"attr_{name}") or "" for name in self.asked}
        return {name: read(self.asked[name].kind, text) for name, text in told.items() if text != ""}

    def blame(self, name: str, sentence: str) -> None:
        """What a refusal says stands at the attribute it is about."""
        field = f"attr_{name}"
        self.add_error(field if field in self.fields else None, sentence)

    def add_place(self, placing: Placing, *, required: bool) -> None:
        """Two numbers for a point, a text for a shape."""
        if placing is Placing.POINT:
            for name, label, most in (("lon", _("Longitude"), 180), ("lat", _("Latitude"), 90)):
                widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
                self.fields[name] = forms.FloatField(
                    label=label, min_value=-most, max_value=most, widget=widget, required=required
                )
        elif placing is not Placing.NONE:
            drawn = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
            self.fields["shape"] = forms.CharField(
                label=_("Shape"), help_text=HINTS[placing], widget=drawn, required=required, max_length=400_000
            )

    def place(self) -> Any:
        """The place that was given, None without one."""
        told = self.cleaned_data
        if told.get("lon") is not None and told.get("lat") is not None:
            return told["lon"], told["lat"]
        return told.get("shape") or None


class RecordForm(AttributesForm):
    """A record to be entered or amended: attributes, place, component, what it must name."""

    def __init__(self, declared: Declared, *, placed: bool, amends: bool = False, **options: Any) -> None:
        asked = [one.name for one in questions(declared.schema)]
        hidden = declared.personal if amends else frozenset()
        required = [one.name for one in questions(declared.schema) if one.required and one.name not in hidden]
        super().__init__(declared, asked, needed=required, **options)
        for name in hidden & set(asked):
            self.fields[f"attr_{name}"].help_text = _("Left empty, it stays as it is.")
        self.add_place(declared.placing, required=placed and not amends and not declared.assets)
        if declared.assets and not amends:
            self.fields["asset"] = forms.CharField(
                label=_("Code of the component"), required=declared.placing is Placing.NONE, max_length=24
            )
        self.links = [] if amends else [link for link in declared.links if link.most == 1 and link.to != "case"]
        for link in self.links:
            label = _("%(link)s (its number)") % {"link": pick(link.names)}
            named = forms.TextInput(attrs={"list": f"offers_{link.code}", "autocomplete": "off"})
            self.fields[f"link_{link.code}"] = forms.CharField(
                label=label, required=link.needed, max_length=60, widget=named
            )
        if amends:
            reason = forms.Textarea(attrs={"rows": 2})
            self.fields["reason"] = forms.CharField(label=_("Reason"), widget=reason, max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        """Each attribute that does not fit is told at its field, all of them at once."""
        told: dict[str, Any] = super().clean() or {}
        given = self.given()
        for problem in validate(self.declared.schema, given):
            name = problem.path.strip("/").split("/")[0]
            if problem.code != "schema.required" and f"attr_{name}" in self.fields:
                self.blame(name, say(problem.code, {}))
        return told

    def named(self) -> dict[str, str]:
        """The records it names, by link."""
        told = {link.code: str(self.cleaned_data.get(f"link_{link.code}") or "").strip() for link in self.links}
        return {code: to for code, to in told.items() if to}


class StepForm(AttributesForm):
    """What a step asks: attributes, where, why."""

    def __init__(self, declared: Declared, step: Step, **options: Any) -> None:
        super().__init__(declared, step.asks, needed=step.asks, **{"prefix": step.code, **options})
        self.step = step
        if step.place:
            self.add_place(Placing.POINT, required=True)
        if step.reason:
            reason = forms.Textarea(attrs={"rows": 2})
            self.fields["reason"] = forms.CharField(label=_("Reason"), widget=reason, max_length=1000)


class LinkForm(forms.Form):
    """Something that the record is to be linked to, by its number."""

    link = forms.ChoiceField(label=_("What it is linked to"))
    to = forms.CharField(label=_("Number"), max_length=60)

    def __init__(self, declared: Declared, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "prefix": "tie", **options})
        self.fields["link"] = forms.ChoiceField(
            label=_("What it is linked to"), choices=[(link.code, pick(link.names)) for link in declared.links]
        )


def first_values(declared: Declared, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a record as it is: of what is personal nothing."""
    return {f"attr_{name}": written(value) for name, value in attributes.items() if name not in declared.personal}
