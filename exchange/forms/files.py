"""The forms of files and messages: what columns mean; what is said at an occasion; what somebody wants to be told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.languages import pick
from exchange.contracts import Choice, intakes
from exchange.contracts.messages import occasions
from exchange.contracts.sendings import CHANNEL_NAMES
from exchange.models import ImportJob, InboxPreference
from exchange.rules.mapping import brought, fields_of, guess, left_over
from exchange.rules.messages import LANGUAGES, LONGEST_BODY, LONGEST_TITLE
from exchange.selectors import TemplateEntry, header_of

DATUMS = (("wgs84", _("WGS 84 or CGCS2000")), ("gcj02", _("GCJ-02 (AMap, Tencent)")), ("bd09", _("BD-09 (Baidu)")))
PLANES = (
    ("EPSG:4326", _("Longitude and latitude")), ("EPSG:3857", _("Web Mercator (EPSG:3857)")),
    *((f"EPSG:{4513 + zone - 25}", f"CGCS2000 / 3° zone {zone} (EPSG:{4513 + zone - 25})") for zone in range(25, 46)),
    *((f"EPSG:{4491 + zone - 13}", f"CGCS2000 / 6° zone {zone} (EPSG:{4491 + zone - 13})") for zone in range(13, 24)),
    *((f"EPSG:{4534 + place}", f"CGCS2000 / 3° CM {75 + 3 * place}E (EPSG:{4534 + place})") for place in range(21)),
)  # fmt: skip
ENCODINGS = (("utf-8", "UTF-8"), ("gb18030", "GBK / GB 18030"), ("big5", "Big5"), ("utf-16", "UTF-16"))

ASKS = {
    "hx-post": "", "hx-trigger": "change", "hx-include": "closest form", "hx-vals": '{"again": "1"}',
    "hx-target": "#mapping", "hx-select": "#mapping", "hx-swap": "outerHTML",
}  # fmt: skip


class UploadForm(forms.Form):
    """A file and its kind."""

    kind = forms.ChoiceField(label=_("Kind"))
    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(kind, pick(intake.names)) for kind, intake in intakes().items()]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=kinds)


class MappingForm(forms.Form):
    """One choice of a column for each field, the plane and the datum, and the settings of the kind.

    `seen` is what stands in a form that is shown anew because a setting asks for other fields.
    """

    def __init__(self, job: ImportJob, *args: Any, seen: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.job, self.intake, self.header = job, intakes()[job.kind], header_of(job)
        told = self.data or seen or {}
        choices = self.intake.choices()
        settings = {one.name: told.get(f"set_{one.name}", job.options.get(one.name, one.default)) for one in choices}
        self.asked = self.intake.asked(settings)
        self.wanted = fields_of(self.asked, self.intake.geometry, self.header)
        mapping = self._mapping(told)
        columns = [("", "—"), *((column, column) for column in self.header.columns)]
        for field in self.wanted:
            label = pick(field.label) + (" *" if field.required else "")
            column = forms.ChoiceField(label=label, choices=columns, required=False)
            self._ask(f"map_{field.name}", column, mapping.get(field.name))
        if any(column.many for column in self.asked):
            kept = job.options.get("attributes", []) if seen is None else left_over(mapping, self.asked, self.header)
            self._ask("attributes", forms.MultipleChoiceField(
                label=_("Columns kept as attributes"), choices=columns[1:], required=False,
                widget=forms.CheckboxSelectMultiple), kept)  # fmt: skip
        if self.intake.geometry != "none":
            self._planes(told)
        if self.header.encoding and self.header.format in ("csv", "geojson", "shp"):
            known = dict(ENCODINGS) | {job.options["encoding"]: job.options["encoding"]}
            encodings = forms.ChoiceField(label=_("Encoding"), choices=list(known.items()))
            self._ask("set_encoding", encodings, told.get("set_encoding", job.options["encoding"]))
        for choice in choices:
            self._choice(choice, settings[choice.name])

    def _mapping(self, told: Mapping[str, str]) -> dict[str, str]:
        """The columns as they stand in the form, else as they were kept; those of new fields are guessed."""
        known = dict(self.job.mapping) | {name[4:]: value for name, value in told.items() if name.startswith("map_")}
        unnamed = [field for field in brought(self.intake.columns, self.wanted) if field.name not in known]
        return known | guess(unnamed, self.header, set(known.values()))

    def _ask(self, name: str, field: forms.Field, initial: Any) -> None:
        self.fields[name] = field
        self.initial.setdefault(name, initial)

    def _planes(self, told: Mapping[str, str]) -> None:
        crs = self.job.options["crs"]
        datum = told.get("set_datum", self.job.options["datum"])
        choices = list(PLANES)
        if crs not in dict(PLANES):
            choices.insert(0, (crs, crs[:60]))
        self._ask("set_crs", forms.ChoiceField(label=_("Coordinate system"), choices=choices),
                  told.get("set_crs", crs))  # fmt: skip
        self._ask("set_datum", forms.ChoiceField(label=_("Datum of the map"), choices=DATUMS), datum)

    def _choice(self, choice: Choice, value: str) -> None:
        label = pick(choice.label)
        named = [(code, pick(names)) for code, names in choice.choices]
        field: forms.Field = forms.CharField(label=label, required=choice.required, max_length=200)
        if named:
            field = forms.ChoiceField(label=label, required=choice.required, choices=named)
        if choice.asks:
            field.widget.attrs |= ASKS
        self._ask(f"set_{choice.name}", field, value)

    def given(self) -> dict[str, Any]:
        """What the action takes, but for the actor."""
        told = self.cleaned_data
        given: dict[str, Any] = {
            "mapping": {
                field.name: told[f"map_{field.name}"] for field in self.wanted if f"map_{field.name}" in self.data
            },
            "options": {name[4:]: value for name, value in told.items() if name.startswith("set_")},
        }
        if "attributes" in told:
            taken = set(self._mapping(self.data).values())
            given["attributes"] = [column for column in told["attributes"] if column not in taken]
        return given


class TemplateForm(forms.Form):
    """What people are told at an occasion, in both languages, and the version it was made from."""

    enabled = forms.BooleanField(label=_("People are told of this"), required=False)
    urgent = forms.BooleanField(label=_("Urgent: breaks through quiet hours"), required=False)
    title_zh = forms.CharField(label=_("Chinese title"), max_length=LONGEST_TITLE)
    body_zh = forms.CharField(label=_("Chinese text"), max_length=LONGEST_BODY, widget=forms.Textarea({"rows": 3}))
    title_en = forms.CharField(label=_("English title"), max_length=LONGEST_TITLE)
    body_en = forms.CharField(label=_("English text"), max_length=LONGEST_BODY, widget=forms.Textarea({"rows": 3}))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})

    @staticmethod
    def given(entry: TemplateEntry) -> dict[str, Any]:
        """What the form shows of a template at first."""
        texts = {f"{part}_{language}": entry.texts[f"{part}s" if part == "title" else "bodies"].get(language, "")
                 for part in ("title", "body") for language in LANGUAGES}  # fmt: skip
        urgent = bool(entry.row and entry.row.urgent)
        return {**texts, "enabled": entry.in_use or entry.row is None, "urgent": urgent, "seen": entry.version}

    def texts(self) -> dict[str, dict[str, str]]:
        """Titles and bodies as they stand in the form, also while it is not valid."""
        told = {name: str(self[name].value() or "").strip() for name in self.fields}
        return {
            "titles": {language: told[f"title_{language}"] for language in LANGUAGES},
            "bodies": {language: told[f"body_{language}"] for language in LANGUAGES},
        }


class PreferencesForm(forms.Form):
    """What somebody wants to be told, and when silently."""

    quiet_from = forms.TimeField(
        label=_("Quiet hours from"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet hours until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )

    def __init__(self, *, channels: Sequence[str] = (), **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.channels = tuple(channels)
        choices = [(code, pick(occasion.names)) for code, occasion in occasions().items()]
        labels: dict[str, Any] = {"wanted": _("Tell me of"), **{one: pick(CHANNEL_NAMES[one]) for one in self.channels}}
        for name, label in labels.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=label, required=False, widget=forms.CheckboxSelectMultiple, choices=choices
            )
        self.order_fields([*labels, "quiet_from", "quiet_until"])

    def table(self) -> list[dict[str, Any]]:
        """Each occasion with a box for the inbox and one for each of the channels that the city serves."""
        columns = [list(self[name]) for name in ("wanted", *self.channels)]
        names = [_("Inbox"), *(self.fields[one].label for one in self.channels)]
        return [
            {"code": row[0].data["value"], "label": row[0].choice_label,
             "boxes": [{**box.data, "column": name} for box, name in zip(row, names, strict=True)]}
            for row in zip(*columns, strict=True)
        ]  # fmt: skip

    def preferred(self, held: InboxPreference) -> dict[str, Any]:
        """What the action takes, but for the actor; what was chosen of channels that are not served now stays."""
        told = dict(self.cleaned_data)
        wanted, by = told.pop("wanted"), {channel: told.pop(channel) for channel in self.channels}
        channels = {
            code: [one for one in held.channels.get(code, ()) if one not in by] + [one for one in by if code in by[one]]
            for code in occasions()
        }
        return {"muted": [code for code in occasions() if code not in wanted], "channels": channels, **told}
