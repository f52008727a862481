"""What the page of the system's health tells of each thing it looked at."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

NORMAL, CAUTION, CRITICAL, OFF = "normal", "caution", "critical", "off"


class Finding(NamedTuple):
    """One thing looked at: how it is, what was seen, and what to do where it is not well."""

    name: str
    level: str
    said: str
    to_do: str = ""


def broken(verdict: dict[str, Any]) -> str:
    """It gave no answer, and why."""
    return _("It does not answer (%(why)s).") % {"why": verdict.get("why", "?")}
