"""The filters of the list of cases, as a form whose address is the filter."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now

from cases import selectors
from cases.forms.responsibility import class_choices
from cases.models import words
from cases.models.flag_words import FLAG_NAMES
from cases.rules import MOST_TYPED
from core.languages import pick
from grid import selectors as grid


class ListForm(forms.Form):
    """What a list can be narrowed by; empty fields narrow nothing."""

    q = forms.CharField(widget=forms.TextInput(attrs={"type": "search", "maxlength": MOST_TYPED}))
    queue = forms.ChoiceField()
    stage = forms.ChoiceField()
    category = forms.ChoiceField()
    district = forms.ChoiceField()
    source = forms.ChoiceField()
    late = forms.ChoiceField()
    open = forms.ChoiceField()
    satisfaction = forms.ChoiceField()
    flag = forms.ChoiceField()
    since = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    use_required_attribute = False

    def __init__(self, *, queues: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(auto_id="f_%s", **given)
        districts = [(one.code, pick(one.names)) for one in grid.region_names() if one.level == "district"]
        choices: dict[str, list[tuple[str, Any]]] = {
            "queue": list(queues),
            "stage": list(words.STAGE_NAMES.items()),
            "category": class_choices(selectors.categories()),
            "district": districts,
            "source": list(words.SOURCE_NAMES.items()),
            "late": list(words.LATE_NAMES.items()),
            "open": list(words.OPEN_NAMES.items()),
            "satisfaction": list(words.SATISFACTION_NAMES.items()),
            "flag": list(FLAG_NAMES.items()),
        }
        for name, field in self.fields.items():
            field.label = words.FILTER_NAMES[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _now("All")), *choices[name]]
                field.choices = [*field.choices, *self._else(name, field)]

    def _else(self, name: str, field: forms.ChoiceField) -> list[tuple[str, str]]:
        """What the address narrows by though it is no choice, such as two stages, stays chosen."""
        value = self.initial.get(name, "")
        if not value or field.valid_value(value):
            return []
        return [(value, said) for _label, said in selectors.filters_said([{name: value}])[0]]
