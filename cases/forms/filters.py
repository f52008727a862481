"""The form of a saved filter: its name, and whom it is shared with."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from cases import selectors
from cases.models import words
from core.languages import pick
from core.scope import Actor, Duty


class FilterForm(forms.Form):
    """A name, and one of those whom the actor may share with; what it is shared with already stays on offer."""

    name = forms.CharField(label=_("Name of the filter"), max_length=60)
    shared = forms.ChoiceField(label=_("Shared with"), required=False)

    def __init__(self, *, actor: Actor, now: str = "", **given: Any) -> None:
        super().__init__(label_suffix="", **given)
        field = self.fields["shared"]
        if isinstance(field, forms.ChoiceField):
            named = share_names()
            offered = [(code, name) for code, name in named.items() if code == now or selectors.may_share(code, actor)]
            field.choices = offered if now in named else [*offered, (now, share_name(now, named))]


def share_name(code: str, named: Mapping[str, str]) -> str:
    """How people call it; an organisation that is no longer in use is called so."""
    return named.get(code) or _now("organisation %(code)s, no longer in use") % {"code": code.partition(":")[2]}


def share_names() -> dict[str, str]:
    """Everybody whom a filter can be shared with, as people call them."""
    found = {"": _now("nobody else"), "all": _now("everybody in the city")}
    for duty in Duty:
        found[f"duty:{duty}"] = _now("duty: %(name)s") % {"name": words.DUTY_NAMES[duty]}
    for row in accounts.organisations():
        name = {"name": pick(row.names) or row.code}
        found[f"org:{row.code}"] = _now("organisation: %(name)s, and all beneath it") % name
    return found
