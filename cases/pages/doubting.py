"""What is doubtful about the pictures of a case, in sentences for whoever verifies it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cases import selectors
from cases.contracts.evidence import DoubtKind, DoubtShown, Scan
from cases.models import Case, Evidence, words
from cases.templatetags.case_words import span
from core.scope import Actor


def shown(pictures: Iterable[Evidence], actor: Actor) -> list[dict[str, Any]]:
    """Each picture, and what is said in its place where the reader may not see it now."""
    return [{"row": one, "instead": _instead(selectors.scan_of(one), one.actor == actor.key)} for one in pictures]


def _instead(scan: Scan, own: bool) -> str:
    if scan == Scan.INFECTED:
        return _("Held back: the scanner found something in it.")
    return (
        _("Waits for the scanner; it is shown as soon as that has looked.") if scan == Scan.WAITING and not own else ""
    )


def lines(found: Case, pictures: Iterable[Evidence], actor: Actor) -> list[dict[str, Any]]:
    """Each doubt: which picture, why, and the number of the other case where the reader may see it."""
    doubts = selectors.doubts(found, [one.pk for one in pictures], actor)
    return [{"phase": one.phase, "why": why_of(one), "number": one.number, "picture": one.evidence} for one in doubts]


def why_of(doubt: DoubtShown) -> str:
    """Why a picture is doubted."""
    if doubt.kind == DoubtKind.FAR:
        told = _("Taken %(metres)s m from the place of the case; more than %(most)s m is doubtful.")
        return told % {"metres": doubt.value, "most": doubt.most}
    if doubt.kind == DoubtKind.EARLY:
        return _("Taken %(span)s before the report.") % {"span": span(doubt.value * 60)}
    if doubt.kind == DoubtKind.INFECTED:
        return _("The scanner found %(name)s in the file. It is kept sealed and shown to nobody.") % {
            "name": doubt.said
        }
    return _seen(doubt)


def _seen(doubt: DoubtShown) -> str:
    told = {"phase": words.PHASE_NAMES[doubt.seen_phase], "number": doubt.number}
    if doubt.same_case:
        return _("Looks like an earlier picture of this case (%(phase)s).") % told
    if doubt.number:
        return _("Looks like a picture of the case %(number)s (%(phase)s).") % told
    return _("Looks like an earlier picture of another case, which you may not see.")
