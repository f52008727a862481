"""The form of a question, whose address is the question."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import selectors
from cases.forms.responsibility import class_choices
from cases.models import words
from core.languages import pick
from grid import selectors as grid


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class SelectionForm(forms.Form):
    """Which cases: where, of which class, from which source."""

    source = forms.ChoiceField(label=_("Source"))
    category = forms.ChoiceField(label=_("Class"))
    area = forms.ChoiceField(label=pgettext_lazy("insights", "Area"))

    use_required_attribute = False

    def __init__(self, **given: Any) -> None:
        super().__init__(auto_id="i_%s", label_suffix="", **given)
        areas = [
            (one.code, "　" * (one.path.count(".") - 1) + pick(one.names))
            for one in grid.region_names()
            if one.level in ("district", "street")
        ]
        choices: dict[str, list[tuple[str, Any]]] = {
            "source": list(words.SOURCE_NAMES.items()),
            "category": class_choices(selectors.categories()),
            "area": areas,
        }
        for name, known in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _now("All")), *known]


class PeriodForm(SelectionForm):
    """Which cases, of which days."""

    since = _date(_("Reported since"))
    until = _date(_("Reported until"))

    field_order: tuple[str, ...] = ("since", "until", "source", "category", "area")


class CausesForm(PeriodForm):
    """What went wrong, with which cases, of which days."""

    why = forms.ChoiceField(label=pgettext_lazy("insights", "What went wrong"), choices=list(words.CAUSE_NAMES.items()))

    field_order = ("why", "since", "until", "source", "category", "area")


class HotspotsForm(SelectionForm):
    """Which cases, and what a neighbourhood and a repeat place are."""

    since = _date(_("Reported since"))
    until = _date(_("Reported until"))
    around = forms.IntegerField(label=_("Neighbourhood in metres"), min_value=1, max_value=1000)
    metres = forms.IntegerField(label=_("Repeat place: metres"), min_value=5, max_value=500)
    times = forms.IntegerField(label=_("Repeat place: at least times"), min_value=2, max_value=100)

    field_order = ("since", "until", "source", "category", "area", "around", "metres", "times")


class QuestionForm(SelectionForm):
    """What is counted, by what, of which days, held against what."""

    measure = forms.ChoiceField(label=pgettext_lazy("insights", "Measure"), choices=list(words.MEASURE_NAMES.items()))
    by = forms.ChoiceField(label=pgettext_lazy("insights", "Told apart by"), choices=list(words.GROUP_NAMES.items()))
    since = _date(_("Reported since"))
    until = _date(_("Reported until"))
    versus = forms.ChoiceField(
        label=pgettext_lazy("insights", "Held against"), choices=list(words.VERSUS_NAMES.items())
    )

    field_order = ("measure", "by", "since", "until", "source", "category", "area", "versus")
