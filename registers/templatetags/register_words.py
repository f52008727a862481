"""Words of records for templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext_lazy

from core.languages import pick
from registers.models import Record

register = template.Library()
ACTS: Mapping[str, Any] = {
    "enter": pgettext_lazy("record", "Entered"),
    "amend": pgettext_lazy("record", "Amended"),
    "step": pgettext_lazy("record", "Step"),
    "link": pgettext_lazy("record", "Linked"),
    "unlink": pgettext_lazy("record", "Link ended"),
    "remind": pgettext_lazy("record", "Reminded of the end of the term"),
    "lapse": pgettext_lazy("record", "Lapsed"),
    "overdue": pgettext_lazy("record", "Overdue"),
}


@register.filter
def named(names: Mapping[str, str]) -> str:
    """The name in the reader's language."""
    return pick(names)


@register.filter
def act_word(act: str) -> str:
    """What an act is called."""
    return str(ACTS.get(act, act))


@register.filter
def expiring_word(value: str) -> str:
    """What a filter of terms is called."""
    return gettext("Term is over") if value == "over" else gettext("Ends within %(days)s days") % {"days": value}


@register.filter
def plain(value: Any) -> str:
    """A value of an attribute as people read it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(value) if value not in (None, "") else "—"


@register.filter
def kind_of(record: Record) -> str:
    """What one record of its register is called."""
    return pick(record.written_under.document["one"])
