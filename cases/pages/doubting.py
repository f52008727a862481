"""What is doubtful about the pictures of a case, in sentences for whoever verifies it."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from cases import selectors
from cases.contracts.evidence import DoubtKind, DoubtShown, Film, Scan
from cases.models import Case, Evidence, words
from cases.templatetags.case_words import span
from core.scope import Actor


def shown(found: Case, pictures: Collection[Evidence], actor: Actor) -> list[dict[str, Any]]:
    """Each picture or clip, and what is said in its place, or of its film, where the reader may not see it now."""
    drawn = Counter(one.evidence_id for one in selectors.annotations([one.pk for one in pictures])) if pictures else {}
    may = selectors.may_annotate(found, actor)
    return [
        {
            "row": one,
            "drawn": drawn.get(one.pk, 0),
            "marks": not one.is_clip and (drawn.get(one.pk, 0) or (may and selectors.is_annotated(found, one))),
            "instead": _instead(selectors.scan_of(one), one.actor == actor.key),
            "film": selectors.film_of(one),
            "unready": _unready(selectors.film_of(one)),
        }
        for one in pictures
    ]


def _unready(film: Film) -> str:
    told = {
        Film.WAITING: _("The film is being prepared; reload the page in a moment."),
        Film.BROKEN: _("The film could not be prepared; this is a still of it, the original is kept sealed."),
    }
    return told.get(film, "")


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
