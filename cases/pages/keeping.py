"""What somebody typed into a form of a case that was refused: it stays there, or is told where the form is gone."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_WORDS: Mapping[str, Any] = {
    "other": _("Or the number of another case"),
    "requirement": _("What is demanded"),
    "reason": _("Reason"),
    "answer": _("Answer"),
    "reply": _("Answer"),
    "note": _("Reason"),
    **{f"task_{place}": _("What it is to do") for place in range(1, 5)},
}
"""The fields that take words, by the name they are sent with."""


def kept_from(request: HttpRequest, at: str) -> dict[str, str]:
    """What was sent, and in which form of the pane (`at`)."""
    return {**{name: value[:4000] for name, value in request.POST.dict().items()}, "at": at}


def left_over(context: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The words that were typed, by label, where the form they were typed into is offered no longer."""
    kept = context.get("kept", {})
    if not kept or kept["at"] in _offered(context):
        return []
    return [(str(label), kept[name]) for name, label in _WORDS.items() if kept.get(name)]


def _offered(context: Mapping[str, Any]) -> set[str]:
    """The forms of the pane that can hold what was typed."""
    plain = {
        "merge": context["may_merge"],
        "split": context["may_split"],
        "resume": context["may_resume"],
        "coordinate": context["coordinated"] and context["may_coordinate"],
        "order": context["order_form"],
        "reschedule": context["move_form"],
        **{at: context.get(f"{at}_form") for at in ("look", "hold", "erase")},
    }
    return {
        *(at for at, there in plain.items() if there),
        *(one["at"] for one in context["flags"] if one["may"]),
        *(one["at"] for one in context["requests"] if one["may_sign"]),
        *(one["at"] for one in context["orders"] if one["may_reply"]),
        *(f"ask-{one['kind']}" for one in context["asks"]),
    }
