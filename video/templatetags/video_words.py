"""Words and chips for the states of cameras and incidents, and names in the active language."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext_lazy as _

from core.languages import pick

register = template.Library()

WORDS: Mapping[str, Mapping[str, object]] = {
    "camera": {
        "idle": _("Not analysed"),
        "connecting": _("Connecting"),
        "online": _("Analysed"),
        "degraded": _("Disturbed"),
        "down": _("Unreachable"),
        "quarantined": _("Set aside"),
    },
    "fault": {
        "": "",
        "black": _("Black picture"),
        "covered": _("Covered lens"),
        "blurred": _("Blurred picture"),
        "overexposed": _("Overexposed picture"),
        "moved": _("The camera looks elsewhere"),
        "frozen": _("Frozen picture"),
        "scene_change": _("Sudden change of the whole picture"),
        "no_frames": _("No pictures arrive"),
        "refused": _("The stream cannot be opened"),
        "crashed": _("The stream crashes its reader"),
        "forbidden_source": _("The address is not allowed"),
    },
    "incident": {
        "violation": _("Just found"),
        "persisting": _("Still there"),
        "cleared": _("Gone, may return"),
        "closed": _("Over"),
    },
    "mode": {
        "shadow": _("Counts only"),
        "review": _("Asks a person first"),
        "rising": _("Asks a person first; reports by itself once it has earned it"),
        "automatic": _("Reports by itself"),
    },
    "review": {
        "none": _("Not asked"),
        "pending": _("Waits for a judgement"),
        "confirmed": _("Confirmed"),
        "dismissed": _("Dismissed"),
    },
    "days": {"all": _("Every day"), "workdays": _("Working days"), "restdays": _("Days of rest")},
    "market": {"": _("Makes no difference"), "only": _("Only on market days"), "except": _("Not on market days")},
    "reason": {
        "nothing": _("Nothing is there"),
        "other_thing": _("Something else than it says"),
        "allowed": _("It is allowed there"),
        "passing": _("It only stopped briefly"),
        "traffic": _("A jam or a queue"),
        "zone": _("The zone is drawn wrongly"),
        "picture": _("The picture is too poor to tell"),
    },
    "moment": {
        "before": _("Before"),
        "first": _("First seen"),
        "threshold": _("Over the limit"),
        "after": _("After"),
        "latest": _("Latest"),
    },
    "label": {
        "car": _("Car"),
        "truck": _("Truck"),
        "bicycle": _("Bicycle"),
        "person": _("Person"),
        "motorcycle": _("Motorcycle"),
        "stall": _("Stall"),
        "refuse": _("Refuse"),
    },
}
CHIPS = {
    "online": "normal",
    "connecting": "info",
    "degraded": "caution",
    "down": "serious",
    "quarantined": "serious",
    "idle": "off",
    "violation": "critical",
    "persisting": "serious",
    "cleared": "info",
    "closed": "off",
    "pending": "info",
    "confirmed": "normal",
    "dismissed": "off",
}


@register.filter
def video_word(value: str, kind: str) -> str:
    """The word for a state, fault, mode, review, moment or label; the code itself where there is no word."""
    return str(WORDS[kind].get(str(value), value))


@register.filter
def video_chip(value: str) -> str:
    """The chip's level for a state."""
    return CHIPS.get(str(value), "off")


@register.filter
def named(names: Mapping[str, str] | None) -> str:
    """A name kept in two languages, in the active one."""
    return pick(names)
