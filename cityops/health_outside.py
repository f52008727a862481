"""How what comes from outside is: partners, files on their way in, the scanner of pictures, films."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import selectors as cases
from cityops.findings import CAUTION, CRITICAL, NORMAL, OFF, Finding, broken
from core import clock
from core.languages import pick
from core.scanning import ScannerDown, is_plugged_in, scanner
from core.sentences import say
from exchange import selectors as exchange

LONG_REPLY_S, LONG_SILENCE_M, LONG_SCAN_S, LONG_FILM_S = 900, 60, 600, 3600


def connectors() -> Iterator[Finding]:
    """What comes from outside: partners that exchange tickets, and files on their way in."""
    try:
        partners = exchange.hotline_health()
        if not partners:
            yield Finding(_("Connectors"), OFF, _("No connector to another system is set up."))
        yield from map(_partner, partners)
        seen = exchange.imports_seen()
    except DatabaseError as error:
        yield Finding(_("Imports"), CRITICAL, broken({"why": type(error).__name__}))
        return
    told = _("%(working)s at work, %(stuck)s of them stuck; %(failed)s failed in the last seven days.") % seen._asdict()
    level = CRITICAL if seen.stuck else CAUTION if seen.failed else NORMAL
    to_do = {
        CRITICAL: _("Look at the default workers and their log: an import goes on by itself once one works again."),
        CAUTION: _("Open Imports; each one that failed says why."),
    }
    yield Finding(_("Imports"), level, told, to_do.get(level, ""))


def scanning() -> Iterator[Finding]:
    """The scanner of pictures answers, and none waits long for it."""
    name = _("Scanner of pictures")
    if not is_plugged_in():
        said = _("None is set up (SCANNER_URL): pictures are shown once they were read as pictures and drawn anew.")
        yield Finding(name, OFF, said)
        return
    try:
        yield from _scanned(name, cases.held_back(), _answer_of_scanner())
    except DatabaseError as error:
        yield Finding(name, CRITICAL, broken({"why": type(error).__name__}))


def _answer_of_scanner() -> str:
    try:
        asked = scanner()
        if asked is not None:
            asked.ping()
    except ScannerDown as error:
        return str(error) or "?"
    return ""


def _scanned(name: str, held: cases.HeldBack, why: str) -> Iterator[Finding]:
    waits = ngettext("%(n)s picture waits.", "%(n)s pictures wait.", held.waiting) % {"n": held.waiting}
    if why:
        to_do = _("Start the scanner. Until then new pictures are seen by nobody but who sent them; nothing is lost.")
        yield Finding(name, CRITICAL, f"{broken({'why': why})} {waits}", to_do)
    else:
        late = held.since is not None and (clock.now() - held.since).total_seconds() > LONG_SCAN_S
        to_do = _("Look at the scanner's log, and at the default workers.") if late else ""
        yield Finding(name, CAUTION if late else NORMAL, f"{_('It answers.')} {waits}", to_do)
    if held.infected:
        said = ngettext(
            "Something was found in %(n)s picture in the last seven days.",
            "Something was found in %(n)s pictures in the last seven days.",
            held.infected,
        ) % {"n": held.infected}
        yield Finding(name, CAUTION, said, _("Each is named on its case and in the log; ask who sent it."))


def films() -> Iterator[Finding]:
    """No clip waits long for its film, and none was given up lately."""
    name = _("Films of clips")
    try:
        behind = cases.films_behind()
    except DatabaseError as error:
        yield Finding(name, CRITICAL, broken({"why": type(error).__name__}))
        return
    waits = ngettext("%(n)s film waits to be prepared.", "%(n)s films wait to be prepared.", behind.waiting)
    late = behind.since is not None and (clock.now() - behind.since).total_seconds() > LONG_FILM_S
    to_do = _("Look at the default workers: one of them prepares a film at a time.") if late else ""
    yield Finding(name, CAUTION if late else NORMAL, waits % {"n": behind.waiting}, to_do)
    if behind.given_up:
        said = ngettext(
            "%(n)s film was given up in the last seven days.",
            "%(n)s films were given up in the last seven days.",
            behind.given_up,
        ) % {"n": behind.given_up}
        to_do = _("The log says why (clip.not_prepared); mend it and run manage.py films_again. No original is lost.")
        yield Finding(name, CAUTION, said, to_do)


def _partner(one: exchange.PartnerHealth) -> Finding:
    name = _("Partner %(name)s") % {"name": pick(one.names)}
    told = ngettext("%(n)s reply waits to be sent.", "%(n)s replies wait to be sent.", one.queued) % {"n": one.queued}
    if one.down_since is None:
        slow = one.oldest is not None and (clock.now() - one.oldest).total_seconds() > LONG_REPLY_S
        way_out = _("Look at the default workers, and at the partner's page.") if slow else ""
        return Finding(name, CAUTION if slow else NORMAL, told, way_out)
    minutes = round((clock.now() - one.down_since).total_seconds() / 60)
    silent = _("No answer for %(minutes)s minutes: %(why)s ") % {"minutes": minutes, "why": say(one.failure, {})}
    way_out = _("Ask the partner. Nothing is lost: everything is sent in order when it answers again.")
    return Finding(name, CRITICAL if minutes > LONG_SILENCE_M else CAUTION, silent + told, way_out)
