"""The buttons under a list that make a file of it."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from core.languages import pick
from exchange.contracts.exports import LIST_FORMATS
from exchange.selectors import label_sheets

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


@register.inclusion_tag("exchange/_labels.html", takes_context=True)
def labels(context: template.Context, dataset: str, address: str) -> Mapping[str, Any]:
    """A button for each size of labels of this list, narrowed as the address says."""
    language = get_language() or "zh-hans"
    return {
        "dataset": dataset,
        "sheets": [
            (f"{address}&sheet={one.code}&language={language}".lstrip("&"), pick(one.names)) for one in label_sheets()
        ],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("exchange/_whole_list.html", takes_context=True)
def whole_list(context: template.Context, dataset: str) -> Mapping[str, Any]:
    """Links to a list of the settings as a whole, for those who may fetch it: administrators of the whole city."""
    return {"dataset": dataset, "may": context["request"].actor.may("admin")}
