"""What the forms of partners and of machines share: a code that is given once, and a name in both languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NamedForm(forms.Form):
    """Something with a name in both languages; one that is new is given its code too."""

    zh = forms.CharField(label=_("Chinese name"), max_length=60)
    en = forms.CharField(label=_("English name"), max_length=60)

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        self.new = new
        if new:
            self.fields["code"] = forms.SlugField(label=_("Code"), max_length=40)
            self.order_fields(["code"])
