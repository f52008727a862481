"""The forms of the catalogue: what a class says, its conditions row by row, from when and why."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from cases import rules, selectors
from cases.contracts import Phase
from cases.models import words
from core.languages import pick
from core.sentences import say

UNITS = (
    ("urgent_hour", _("urgent hours")),
    ("natural_day", _("natural days")),
    ("work_hour", _("working hours")),
    ("work_day", _("working days")),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_AREA = {"rows": 2}
_LENGTH = partial(forms.NumberInput, {"step": "any", "min": "0", "inputmode": "decimal"})
_MISSING = {"required": _("Something must be written here, in Chinese and in English.")}


class ClassForm(forms.Form):
    """The class itself, from when it reads so, and why."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    code = forms.CharField(label=_("Code: C or E, major and minor number"), max_length=6)
    name_zh = forms.CharField(label=_("Chinese name"), error_messages=_MISSING)
    name_en = forms.CharField(label=_("English name"), error_messages=_MISSING)
    duty = forms.ChoiceField(label=_("Duty that answers for it"))
    needs_photo = forms.MultipleChoiceField(
        label=_("Pictures needed at"),
        required=False,
        choices=[(str(phase), words.PHASE_NAMES[phase]) for phase in Phase],
        widget=forms.CheckboxSelectMultiple,
    )
    video = forms.ChoiceField(label=_("Clips"), required=False, choices=list(words.FILMING_NAMES.items()))
    quick = forms.BooleanField(label=_("Quick: half an hour round the clock"), required=False)
    auto_register = forms.BooleanField(label=_("A machine's report is registered by itself"), required=False)
    settle = forms.BooleanField(label=_("A collector may settle it on the spot"), required=False)
    default = forms.BooleanField(label=_("Proposed: number or name wait for confirmation"), required=False)
    standard = forms.CharField(label=_("Standard or source of the number"), required=False)
    icon = forms.CharField(label=_("Sign"), required=False, widget=forms.HiddenInput)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))

    def __init__(self, *, new: bool, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        duties = [(code, pick(names) or code) for code, names in selectors.duties().items()]
        self.fields["duty"] = forms.ChoiceField(label=_("Duty that answers for it"), choices=duties)
        if not new:
            self.fields["code"].widget = forms.HiddenInput()

    def begins(self) -> datetime | None:
        """From when; None for now."""
        found: datetime | None = self.cleaned_data.get("valid_from")
        return found


class ConditionForm(forms.Form):
    """One registration condition; a row without any word is none."""

    letter = forms.CharField(required=False, widget=forms.HiddenInput)
    text_zh = forms.CharField(label=_("Condition, Chinese"), required=False, widget=forms.Textarea(_AREA))
    text_en = forms.CharField(label=_("Condition, English"), required=False, widget=forms.Textarea(_AREA))
    limit = forms.FloatField(label=_("Limit"), required=False, widget=_LENGTH())
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, required=False)
    grade_1 = forms.FloatField(label=_("Limit on grade 1 ground"), required=False, widget=_LENGTH())
    grade_2 = forms.FloatField(label=_("Limit on grade 2 ground"), required=False, widget=_LENGTH())
    grade_3 = forms.FloatField(label=_("Limit on grade 3 ground"), required=False, widget=_LENGTH())
    grade_4 = forms.FloatField(label=_("Limit on grade 4 ground"), required=False, widget=_LENGTH())
    closing_zh = forms.CharField(label=_("Closing condition, Chinese"), required=False, widget=forms.Textarea(_AREA))
    closing_en = forms.CharField(label=_("Closing condition, English"), required=False, widget=forms.Textarea(_AREA))
    default = forms.BooleanField(label=_("Proposed wording"), required=False)
    remove = forms.BooleanField(label=_("Remove this condition"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})

    def is_one(self) -> bool:
        """Whether something was written that is to stay."""
        told = self.cleaned_data
        written = any(told.get(name) for name in ("text_zh", "text_en", "closing_zh", "closing_en", "limit"))
        return written and not told.get("remove")


Conditions = formset_factory(ConditionForm, extra=0, max_num=40, absolute_max=40)


class ClassForms:
    """Both forms of a class as one."""

    def __init__(self, *, new: bool, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        held = initial or {}
        self.new = new
        self.head = ClassForm(new=new, data=data, initial=_head(held) if held else {"seen": 0, **_nothing()})
        rows: list[dict[str, Any]] = [_row(one) for one in held.get("conditions", ())] or [{"unit": "work_day"}]
        self.rows: BaseFormSet[ConditionForm] = Conditions(data=data, initial=rows, prefix="conditions")
        self._places: list[int] = []

    def is_valid(self) -> bool:
        """Whether both can be read and the class is sound; every fault stands at its field."""
        readable = self.head.is_valid() & self.rows.is_valid()
        faults = rules.class_faults(self.given(), selectors.duties())
        for fault in faults:
            sentence = say(fault.code, fault.params)
            if fault.row is None:
                field = {"names_zh": "name_zh", "names_en": "name_en"}.get(fault.field, fault.field)
                _tell(self.head, field if field in self.head.fields else "code", sentence)
            else:
                form = self.rows.forms[self._places[fault.row]]
                _tell(form, fault.field if fault.field in form.fields else "text_zh", sentence)
        return readable and not faults

    def given(self) -> dict[str, Any]:
        """The class in the shape of a manifest."""
        told = dict.fromkeys(self.head.fields, "") | self.head.cleaned_data
        code = str(told["code"]).strip().upper()
        return {
            "code": code,
            "standard": told["standard"].strip(),
            "kind": {"E": "event", "C": "component"}.get(code[:1], ""),
            "major": code[1:3],
            "minor": code[3:],
            "names": {"zh": told["name_zh"].strip(), "en": told["name_en"].strip()},
            "icon": told["icon"],
            "default": bool(told["default"]),
            "auto_register": bool(told["auto_register"]),
            "quick": bool(told["quick"]),
            "settle": bool(told["settle"]),
            "needs_photo": told["needs_photo"] or [],
            "video": told["video"] or "allowed",
            "conditions": self._conditions(),
            "department": {"by": "area", "duty": told["duty"]},
        }

    def _conditions(self) -> list[dict[str, Any]]:
        nothing = dict.fromkeys(ConditionForm.base_fields, "")
        told = [(place, nothing | form.cleaned_data) for place, form in enumerate(self.rows.forms) if form.is_one()]
        kept = [(place, row | {"limit": row["limit"] if row["limit"] != "" else None}) for place, row in told]
        used = {str(told["letter"]) for _place, told in kept if told["letter"]}
        last = max(used, default="")
        free = iter(letter for letter in LETTERS if letter > last)
        self._places = [place for place, _told in kept]
        return [_condition(str(told["letter"]) or next(free, "?"), told) for _place, told in kept]

    def with_another_row(self, data: Any) -> "ClassForms":
        """The same with one more empty condition."""
        given = data.copy()
        total = int(given.get("conditions-TOTAL_FORMS") or 0)
        given["conditions-TOTAL_FORMS"] = str(min(total + 1, 40))
        given[f"conditions-{total}-unit"] = "work_day"
        return ClassForms(new=self.new, data=given)


def _tell(form: forms.Form, field: str, sentence: str) -> None:
    """The fault stands at its field, unless something stands there already."""
    if not form.has_error(field):
        form.add_error(field, sentence)


def _condition(letter: str, told: Mapping[str, Any]) -> dict[str, Any]:
    limit = told.get("limit")
    made: dict[str, Any] = {
        "code": letter,
        "text": {"zh": told["text_zh"].strip(), "en": told["text_en"].strip()},
        "limit": {"value": rules.whole(limit) if limit is not None else None, "unit": told.get("unit") or ""},
        "closing": {"zh": told["closing_zh"].strip(), "en": told["closing_en"].strip()},
    }
    grades = {grade: rules.whole(told[f"grade_{grade}"]) for grade in rules.GRADES if _is_given(told[f"grade_{grade}"])}
    return made | ({"grades": grades} if grades else {}) | ({"default": True} if told["default"] else {})


def _is_given(value: Any) -> bool:
    return value not in (None, "")


def _head(given: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("seen", "code", "needs_photo", "video", "quick", "auto_register", "settle", "default", "standard", "icon")
    return {
        **{name: given.get(name) for name in kept},
        "name_zh": given["names"].get("zh", ""),
        "name_en": given["names"].get("en", ""),
        "duty": (given.get("department") or {}).get("duty", ""),
    }


def _nothing() -> dict[str, Any]:
    return {"needs_photo": ["verify", "handle", "check"], "video": "allowed"}


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "letter": one["code"],
        "text_zh": one["text"].get("zh", ""),
        "text_en": one["text"].get("en", ""),
        "limit": one["limit"]["value"],
        "unit": one["limit"]["unit"],
        **{f"grade_{grade}": value for grade, value in (one.get("grades") or {}).items()},
        "closing_zh": one.get("closing", {}).get("zh", ""),
        "closing_en": one.get("closing", {}).get("en", ""),
        "default": bool(one.get("default")),
    }


class WhyForm(forms.Form):
    """Why, and from when where that may be chosen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))

    def __init__(self, *, dated: bool, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        if not dated:
            del self.fields["valid_from"]
