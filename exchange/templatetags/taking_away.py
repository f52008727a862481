"""The buttons under a list that make a file of it."""

from collections.abc import Mapping
from typing import Any

from django import template

from exchange.contracts.exports import LIST_FORMATS

register = template.Library()


@register.inclusion_tag("exchange/_take_away.html", takes_context=True)
def take_away(context: template.Context, dataset: str, address: str) -> Mapping[str, Any]:
    """A button for each kind of file of this list, narrowed as the address says."""
    return {
        "dataset": dataset,
        "address": address,
        "formats": LIST_FORMATS.items(),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("exchange/_whole_list.html", takes_context=True)
def whole_list(context: template.Context, dataset: str) -> Mapping[str, Any]:
    """Links to a list of the settings as a whole, for those who may fetch it: administrators of the whole city."""
    return {"dataset": dataset, "may": context["request"].actor.may("admin")}
