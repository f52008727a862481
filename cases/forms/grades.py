"""The form of the shares: for each management grade of the ground, what part of a limit holds there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import selectors
from cases.rules import GRADES


class SharesForm(forms.Form):
    """A share for each grade, and why."""

    share_1 = forms.FloatField(label=_("Share on grade 1 ground"))
    share_2 = forms.FloatField(label=_("Share on grade 2 ground"))
    share_3 = forms.FloatField(label=_("Share on grade 3 ground"))
    share_4 = forms.FloatField(label=_("Share on grade 4 ground"))
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))

    def __init__(self, **options: Any) -> None:
        held = selectors.grades_told(selectors.area_grades())
        super().__init__(**{"label_suffix": "", "initial": held, **options})
        for grade in GRADES:
            attributes = {"step": "any", "min": "0", "inputmode": "decimal"}
            self.fields[f"share_{grade}"].widget = forms.NumberInput(attributes)

    def shares(self) -> dict[int, float]:
        """The share of each grade."""
        return {int(grade): self.cleaned_data[f"share_{grade}"] for grade in GRADES}
