"""The forms of components, made from the JSON Schema of their type; of change requests; of the census."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from assets.contracts import FindingKind, Geometry, RequestKind, State, Subject
from assets.models import AssetType
from assets.rules import LONGEST_CODE, MOST_VERTICES, cast, shape_fault
from core.languages import pick
from core.schema import Question, questions, validate
from core.sentences import say
from core.uploads import Pictures

Choices = Sequence[tuple[str, Any]]
OFFICES = (("authority", _("Authority")), ("owner", _("Owner")), ("maintainer", _("Maintainer")))
STATES = (
    (State.INTACT.value, pgettext_lazy("component", "Intact")),
    (State.DAMAGED.value, pgettext_lazy("component", "Damaged")),
    (State.LOST.value, pgettext_lazy("component", "Lost")),
    (State.ABANDONED.value, pgettext_lazy("component", "Abandoned")),
)
ACCURACIES = (("", "—"), ("A", "A · ±0.5 m"), ("B", "B · ±1 m"), ("C", "C · ±10 m"))


FAULTS = {
    "unreadable": _("This is neither WKT nor GeoJSON: a bracket, a comma or a number is wrong, or points are missing."),
    "assets.bad_place": _("The shape is empty, or a point of it is no place on earth; write the longitude first."),
    "assets.wrong_shape": _("Another kind of shape is needed here: %(wanted)s."),
    "assets.too_many_vertices": _("The shape has %(count)s points; %(most)s are the most."),
    "assets.shape_invalid": _("The shape crosses itself or has no extent; move or delete a point where it does."),
}
WANTED = {Geometry.LINE.value: _("a line"), Geometry.AREA.value: _("an area")}


def reason_field() -> forms.CharField:
    """Why."""
    return forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


def _degrees(label: Any, most: int, *, required: bool = False) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, min_value=-most, max_value=most, widget=widget, required=required)


def _field_of(question: Question) -> forms.Field:
    label = pick(question.names) + (f" ({question.unit})" if question.unit else "")
    needed = question.required
    if question.kind == "boolean":
        asked: Choices = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=label, choices=asked, required=needed)
    if question.kind == "choice":
        choices = [("", "—"), *((str(one), str(one)) for one in question.choices)]
        return forms.ChoiceField(label=label, choices=choices, required=needed)
    if question.kind in ("integer", "number"):
        step = "1" if question.kind == "integer" else "any"
        return forms.CharField(label=label, required=needed, widget=forms.NumberInput(attrs={"step": step}))
    kind = forms.DateInput(attrs={"type": "date"}) if question.kind == "date" else forms.TextInput()
    return forms.CharField(label=label, required=needed, widget=kind, max_length=400)


class PlaceForm(forms.Form):
    """Where a thing of that geometry stands: two numbers for a point, a shape as text for a line or an area."""

    geometry = Geometry.POINT.value
    drawn: BaseGeometry

    def add_place(self, kind: str, *, required: bool = True) -> None:
        """The fields of the place."""
        self.geometry = kind
        if kind == Geometry.POINT:
            self.fields["lon"] = _degrees(_("Longitude"), 180, required=required)
            self.fields["lat"] = _degrees(_("Latitude"), 90, required=required)
            return
        hint = _("Draw it on the map, or write WKT, GeoJSON, or one longitude, latitude in each line.")
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
        self.fields["shape"] = forms.CharField(label=_("Shape"), help_text=hint, widget=widget, required=required)

    def clean_shape(self) -> str:
        """The text of the shape, once it can be read as one of the kind that is wanted."""
        text = str(self.cleaned_data["shape"]).strip()
        if not text:
            return ""
        try:
            self.drawn = drawn_of(text, self.geometry)
        except (ShapelyError, ValueError) as error:
            raise forms.ValidationError(FAULTS["unreadable"]) from error
        fault = shape_fault(self.drawn, self.geometry)
        if fault:
            told = {"wanted": WANTED[self.geometry], "count": shapely.get_num_coordinates(self.drawn),
                    "most": MOST_VERTICES}  # fmt: skip
            raise forms.ValidationError(FAULTS[fault], params=told)
        return text

    def place(self) -> dict[str, Any]:
        """The place that was given; empty where none was."""
        told = self.cleaned_data
        if self.geometry == Geometry.POINT:
            both = told.get("lon") is not None and told.get("lat") is not None
            return {"lon": told["lon"], "lat": told["lat"]} if both else {}
        return {"geometry": self.drawn} if told.get("shape") else {}


def drawn_of(text: str, kind: str) -> BaseGeometry:
    """The shape that a text says: GeoJSON, WKT, or one longitude and latitude in each line; ValueError of none."""
    if text.startswith("{"):
        return _only(shapely.from_geojson(text))
    if "(" in text or "EMPTY" in text.upper():
        return shapely.from_wkt(text.partition(";")[2] if text.upper().startswith("SRID=") else text)
    points = [[float(part) for part in re.split(r"[\s,，、]+", line.strip())] for line in re.split(r"[\n;；]", text)
              if line.strip()]  # fmt: skip
    if any(len(point) != 2 for point in points):
        raise ValueError(text[:80])
    return shapely.LineString(points) if kind == Geometry.LINE else shapely.Polygon(points)


def _only(shape: BaseGeometry) -> BaseGeometry:
    """The one shape of a collection of one, as maps of others give it away."""
    return shape.geoms[0] if shape.geom_type == "GeometryCollection" and len(shape.geoms) == 1 else shape


class ComponentForm(PlaceForm):
    """All of a component: name, state, departments, place, the attributes of its type, and why it changes."""

    def __init__(self, kind: AssetType, *, with_place: bool = True, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.kind = kind
        self.fields["name_zh"] = forms.CharField(label=_("Chinese name"), required=False, max_length=120)
        self.fields["name_en"] = forms.CharField(label=_("English name"), required=False, max_length=120)
        self.fields["state"] = forms.ChoiceField(label=pgettext_lazy("component", "State"), choices=STATES)
        for name, label in OFFICES:
            widget = forms.TextInput(attrs={"list": "offices"})
            self.fields[name] = forms.CharField(label=label, required=False, max_length=120, widget=widget)
        self.fields["accuracy"] = forms.ChoiceField(label=_("Accuracy class"), choices=ACCURACIES, required=False)
        if with_place:
            self.add_place(kind.geometry)
        for question in questions(kind.schema):
            self.fields[f"attr_{question.name}"] = _field_of(question)
        self.fields["reason"] = reason_field()

    def clean(self) -> dict[str, Any]:
        """The attributes are as the schema of the type wants them; each that is not is told at its field."""
        told: dict[str, Any] = super().clean() or {}
        self.attributes = cast(self.kind.schema, _attributes(told))
        for problem in validate(self.kind.schema, self.attributes):
            field = f"attr_{problem.path.strip('/').split('/')[0]}"
            self.add_error(field if field in self.fields else None, say(problem.code, {}))
        return told

    def given(self) -> dict[str, Any]:
        """What the component is to be."""
        told = self.cleaned_data
        names = {language: told[f"name_{language}"] for language in ("zh", "en") if told.get(f"name_{language}")}
        same = {name: told.get(name, "") for name in ("state", "authority", "owner", "maintainer", "accuracy")}
        return {**same, "names": names, "attributes": self.attributes, **self.place()}


def _attributes(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("attr_"): value for name, value in told.items() if name.startswith("attr_")}


def first_values(row: Any, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What a form shows of a component as it is, its attributes as they read by now."""
    shown = {f"attr_{name}": _shown(value) for name, value in attributes.items()}
    names = {f"name_{language}": row.names.get(language, "") for language in ("zh", "en")}
    same = {name: getattr(row, name) for name in ("state", "authority", "owner", "maintainer", "accuracy")}
    return {**shown, **names, **same, **place_values(row)}


def place_values(row: Any) -> dict[str, Any]:
    """What a form shows of the place of a component."""
    if row.geom.geom_type == "Point":
        return {"lon": row.geom.x, "lat": row.geom.y}
    return {"shape": shapely.from_wkb(bytes(row.geom.wkb)).wkt}


def _shown(value: Any) -> Any:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


class ReasonForm(forms.Form):
    """Why."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.fields["reason"] = reason_field()


class PhotoForm(forms.Form):
    """Pictures of a component."""

    photos = Pictures(label=_("Pictures"), required=True)


class ProposalForm(PlaceForm):
    """A change proposed from the field: what happened, where it is now, its state, why, pictures."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *, kinds: Choices, types: Choices, geometry: str, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.fields["kind"] = forms.ChoiceField(label=_("What happened"), choices=list(kinds))
        if types:
            hidden = forms.HiddenInput()
            self.fields["of_type"] = forms.ChoiceField(label=_("Type"), choices=list(types), widget=hidden)
        else:
            asked = [("", _("as it is")), *STATES]
            self.fields["state"] = forms.ChoiceField(
                label=pgettext_lazy("component", "State"), choices=asked, required=False,
                help_text=_("Needed where it is otherwise than the register says."),
            )  # fmt: skip
        self.add_place(geometry, required=bool(types))
        if not types:
            for name in {"lon", "lat", "shape"} & self.fields.keys():
                self.fields[name].help_text = _("Needed where it was moved.")
        self.fields["reason"] = reason_field()
        self.fields["photos"] = Pictures(label=_("Pictures"))

    def given(self) -> dict[str, Any]:
        """What the request says of the component."""
        kind = self.cleaned_data["kind"]
        state = {"state": self.cleaned_data["state"]} if self.cleaned_data.get("state") else {}
        return {
            RequestKind.NEW: self.place(), RequestKind.MOVED: {**state, **self.place()}, RequestKind.CHANGED: state,
        }.get(kind, {})  # fmt: skip


class CensusForm(forms.Form):
    """A census to be planned."""

    title = forms.CharField(label=pgettext_lazy("census", "Title"), max_length=200)
    subject = forms.ChoiceField(label=_("What is counted"), choices=[
        (Subject.COMPONENTS.value, _("Components")), (Subject.EVENTS.value, _("Recurring events")),
    ])  # fmt: skip

    def __init__(
        self, *, areas: Choices, types: Choices, classes: Choices, grounds: Choices, sampling: Mapping[str, float],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**{"label_suffix": "", **options})
        boxes = forms.CheckboxSelectMultiple
        many = forms.SelectMultiple(attrs={"size": 8})
        self.fields["area"] = forms.ChoiceField(label=pgettext_lazy("census", "Area"), choices=list(areas))
        self.fields["grounds"] = forms.MultipleChoiceField(label=_("Grounds"), choices=list(grounds), widget=boxes)
        self.fields["types"] = forms.MultipleChoiceField(
            label=_("Types of components"), choices=list(types), widget=many, required=False,
            help_text=_("Needed for a census of components."),
        )  # fmt: skip
        self.fields["classes"] = forms.MultipleChoiceField(
            label=_("Classes of events"), choices=list(classes), widget=many, required=False,
            help_text=_("Needed for a census of recurring events."),
        )  # fmt: skip
        for name, label in (("share", _("Share of the sample, %")), ("threshold", _("Errors allowed, %"))):
            self.fields[name] = forms.FloatField(label=label, min_value=0, max_value=100,
                                                 initial=round(sampling.get(name, 0.05) * 100, 2))  # fmt: skip
        self.fields["least"] = forms.IntegerField(
            label=_("Smallest sample"), min_value=0, initial=int(sampling.get("least", 5))
        )

    def given(self) -> dict[str, Any]:
        """The keyword arguments of the action, but for actor and streets."""
        told = dict(self.cleaned_data)
        sampling = {"share": told.pop("share") / 100, "threshold": told.pop("threshold") / 100,
                    "least": told.pop("least")}  # fmt: skip
        return {**told, "sampling": sampling}


class FindingForm(forms.Form):
    """What a surveyor found, on a phone: one thing at a time; of something new, what it is and where."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_CODE)
    spot = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in FindingKind])

    def __init__(self, *, grounds: Choices, types: Choices, classes: Choices, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        kind = self.data.get("kind", FindingKind.NEW)
        new, counted = kind == FindingKind.NEW, kind != FindingKind.OUTSIDE
        self.fields["ground"] = forms.ChoiceField(label=_("Ground"), choices=list(grounds), required=counted)
        self.fields["width_m"] = forms.FloatField(label=_("Width of the pavement, m"), min_value=0, required=False)
        if types:
            self.fields["of_type"] = forms.ChoiceField(label=_("Type"), choices=list(types), required=new)
        if classes:
            self.fields["event_class"] = forms.ChoiceField(label=_("Class"), choices=list(classes), required=new)
        asked = [("", _("as it is")), *STATES]
        self.fields["state"] = forms.ChoiceField(
            label=pgettext_lazy("component", "State"), choices=asked, required=False
        )
        self.fields["lon"] = _degrees(_("Longitude"), 180, required=new)
        self.fields["lat"] = _degrees(_("Latitude"), 90, required=new)
        self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=1000)
        self.fields["photos"] = Pictures(label=_("Pictures"))

    def finding(self) -> dict[str, Any]:
        """The keyword arguments of the action, but for project and actor."""
        told = dict(self.cleaned_data)
        place = {name: told.pop(name) for name in ("lon", "lat")}
        state = told.pop("state", "")
        given: dict[str, Any] = {"state": state} if state else {}
        if None not in place.values():
            given |= place
        return {**told, "spot": told.get("spot") or 0, "given": given}


def as_choices(rows: Iterable[tuple[str, Mapping[str, str]]]) -> list[tuple[str, str]]:
    """Codes with their names as choices."""
    return [(code, pick(names) or code) for code, names in rows]
