"""A file is opened: from a clue with a place, or from a case, which it then names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from cases import selectors as cases
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.personal import Person, masked_words
from core.scope import Actor
from enforcement.actions.numbers import next_number
from enforcement.actions.writing import note
from enforcement.contracts import Office, PartyKind, Procedure, Stage
from enforcement.models import CauseRow, Dossier, Party
from enforcement.selectors import local_today
from grid import selectors as grid

LONGEST_KEY = 60
LONGEST = {"name": 80, "identity": 40, "phone": 40, "address": 200, "place": 200, "about": 2000}


def open_dossier(
    *, actor: Actor, cause: str, act_on: date, procedure: str, party_kind: str, party: Mapping[str, str],
    about: str = "", place: str = "", point: tuple[float, float] | None = None, case: str = "", harm: bool = False,
    key: str = "",
) -> Dossier:  # fmt: skip
    """A file stands at its first stage under the next number of its district and year; once for each `key`."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid("enforcement.bad_text")
    told = f"{actor.key} {key}" if key else ""
    try:
        with transaction.atomic():
            row = Dossier(procedure=_one(Procedure, procedure), party_kind=_one(PartyKind, party_kind), key=told)
            row.act_on, row.harm = act_on, harm
            return _opened(row, actor, cause, party, about, place, point, case)
    except IntegrityError:
        held = Dossier.objects.select_related("cause").filter(key=told).first() if told else None
        other = Dossier.objects.filter(case=case).exclude(stage__in=["dismissed", "dropped"]).first() if case else None
        if held is not None:
            return held
        if other is not None:
            raise Conflict("enforcement.case_has_file", case=case, number=other.number) from None
        raise


def _one(kind: Any, value: str) -> Any:
    if value not in frozenset(kind):
        raise Invalid("enforcement.bad_filter", filter=kind.__name__.lower(), value=str(value)[:40].replace("\0", ""))
    return kind(value)


def _text(name: str, text: str) -> str:
    text = text.strip()
    unfit = len(text) > LONGEST[name] or "\0" in text or any("\ud800" <= one <= "\udfff" for one in text)
    if unfit:
        raise Invalid("enforcement.bad_text")
    return text


def _opened(
    row: Dossier, actor: Actor, cause: str, party: Mapping[str, str], about: str, place: str,
    point: tuple[float, float] | None, case: str,
) -> Dossier:  # fmt: skip
    if row.act_on > local_today():
        raise Invalid("enforcement.act_in_future")
    _lies(row, actor, _text("place", place), point, case)
    if not actor.may(Office.HANDLE, org=row.org, area=row.area):
        raise Forbidden("enforcement.not_yours")
    row.cause = _cause(cause, row.act_on)
    kept = {name: _text(name, party.get(name, "")) for name in ("name", "identity", "phone", "address")}
    if not kept["name"]:
        raise Invalid("enforcement.needs_party")
    known = Person(kept["name"], kept["phone"])
    row.about, row.place = masked_words(_text("about", about), known), masked_words(row.place, known)
    row.opened_at = row.changed_at = clock.now()
    district = row.area.split(".")[1] if "." in row.area else row.area
    row.number = next_number(f"ZF{district}{localtime(row.opened_at).year}", 5)
    row.stage = Stage.OPENED
    row.save()
    Party.objects.create(dossier=row, **kept)
    note(row, actor, "open", "", {"case": row.case} if row.case else {})
    return row


def _lies(row: Dossier, actor: Actor, place: str, point: tuple[float, float] | None, case: str) -> None:
    """The file lies where its case lies, or at the point; it is kept by the organisation of whoever opens it."""
    row.org, row.place = actor.org, place
    if case:
        found = cases.case(case, actor)
        row.case, row.area = found.number, found.area
        row.lon, row.lat, row.place = found.lon, found.lat, place or found.address[: LONGEST["place"]]
        return
    where = grid.place_at(*point) if point else None
    if point is None:
        raise Invalid("enforcement.needs_place")
    if where is None:
        raise Invalid("enforcement.place_outside")
    row.area, (row.lon, row.lat) = where.area, point


def _cause(code: str, day: date) -> CauseRow:
    """The clause in force on the day of the act, else the newest: the guard says that there is none."""
    rows = CauseRow.objects.filter(code=code) if code.isprintable() else CauseRow.objects.none()
    then = rows.filter(since__lte=day).order_by("-since").first()
    found = then or rows.order_by("since").first()
    if found is None:
        raise Invalid("enforcement.unknown_cause")
    return found
