"""What is doubtful about the pictures of a case, in sentences for whoever verifies it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cases import selectors
from cases.contracts.evidence import DoubtKind, DoubtShown
from cases.models import Case, Evidence, words
from cases.templatetags.case_words import span
from core.scope import Actor


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
