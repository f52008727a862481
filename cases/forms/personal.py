"""The forms about personal data: why somebody looks, why it is kept, let go or erased."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import words

LONGEST = 400


class WhyForm(forms.Form):
    """Why it is done; `act` keeps the names of several on one page apart."""

    def __init__(self, act: str, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", "auto_id": f"person_{act}_%s", **options})
        self.fields["note"] = forms.CharField(
            label=_("Reason"), max_length=LONGEST, widget=forms.Textarea({"rows": 2, "maxlength": LONGEST})
        )


class LookForm(WhyForm):
    """On which ground whole values are asked for, and why in words."""

    def __init__(self, **options: Any) -> None:
        super().__init__("look", **options)
        grounds = [("", "—"), *words.LOOK_GROUNDS.items()]
        self.fields = {"ground": forms.ChoiceField(label=_("What for"), choices=grounds), **self.fields}
