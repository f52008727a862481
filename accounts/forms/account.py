"""What people fill in about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class LanguageForm(forms.Form):
    """The language of the pages."""

    language = forms.ChoiceField(label=_("Language of the pages"), choices=User.LANGUAGES)
