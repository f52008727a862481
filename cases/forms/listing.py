"""The filters of the list of cases, as a form whose address is the filter."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import selectors
from cases.forms.responsibility import class_choices
from cases.models import words
from cases.rules import MOST_TYPED
from core.languages import pick
from grid import selectors as grid


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class ListForm(forms.Form):
    """What a list can be narrowed by; empty fields narrow nothing."""

    q = forms.CharField(label=_("Words"), widget=forms.TextInput(attrs={"type": "search", "maxlength": MOST_TYPED}))
    queue = forms.ChoiceField(label=_("Queue"))
    stage = forms.ChoiceField(label=_("Stage"))
    category = forms.ChoiceField(label=_("Class"))
    district = forms.ChoiceField(label=pgettext_lazy("filter", "District"))
    source = forms.ChoiceField(label=_("Source"))
    late = forms.ChoiceField(label=_("In time"))
    since = _date(_("Reported since"))
    until = _date(_("Reported until"))

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
            "late": [("true", _now("late")), ("false", _now("not late"))],
        }
        for name, known in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _now("All")), *known]
