"""Questions about imports: for administrators only."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core import clock
from core.errors import Forbidden, Invalid, Names, NotFound
from core.languages import pick
from core.scope import Actor
from exchange.adapters import folder
from exchange.contracts import AT_WORK, WAITING, Geometry, State, intakes
from exchange.contracts.books import Book
from exchange.models import ImportJob
from exchange.rules.mapping import headings
from exchange.rules.records import Header

SILENT = timedelta(minutes=5)
"""Workers tell every second or so, and another takes over after a minute: nobody works on what is silent for longer."""
LATELY = timedelta(days=7)


def only_admins(actor: Actor) -> None:
    """Files come in and go out by administrators."""
    if not actor.may("admin"):
        raise Forbidden("exchange.not_admin")


def visible_to(actor: Actor) -> QuerySet[ImportJob]:
    """The imports an actor may see: all of them, or none."""
    rows = ImportJob.objects.order_by("-created_at", "-pk")
    return rows if actor.may("admin") else rows.none()


def job(uid: str, actor: Actor) -> ImportJob:
    """One import."""
    try:
        found = visible_to(actor).filter(uid=UUID(str(uid))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("exchange.no_job")
    return found


def imports_waiting(actor: Actor) -> QuerySet[ImportJob]:
    """Those that wait for somebody to match columns or to confirm, and those that failed of late; the oldest first."""
    failed = Q(state=State.FAILED, ended_at__gte=clock.now() - LATELY)
    return visible_to(actor).filter(Q(state__in=sorted(WAITING)) | failed).order_by("created_at", "pk")


class ImportsSeen(NamedTuple):
    """Files on their way in: those at work, of them those whose worker fell silent, and what failed of late."""

    working: int
    stuck: int
    failed: int


def imports_seen() -> ImportsSeen:
    """How imports fare, for whoever runs the servers; one that waits for its first worker is not stuck yet."""
    now = clock.now()
    working = Q(state__in=sorted(AT_WORK))
    found = ImportJob.objects.aggregate(
        working=Count("pk", filter=working),
        stuck=Count("pk", filter=working & Q(beat_at__lt=now - SILENT)),
        failed=Count("pk", filter=Q(state=State.FAILED, ended_at__gte=now - LATELY)),
    )
    return ImportsSeen(**found)


def faults_of(job: ImportJob) -> Iterator[dict[str, Any]]:
    """Every fault of the newest check, also those that its report has no room for."""
    return folder.faults(job.uid, int(job.report.get("check") or 0))


def header_of(job: ImportJob) -> Header:
    """What the file said of itself when it came."""
    told = job.header
    return Header(
        format=job.format,
        columns=tuple(told["columns"]),
        layers=tuple(told["layers"]),
        layer=told["layer"],
        encoding=told["encoding"],
        crs=told["crs"],
        shapes=told["shapes"],
    )


def waited_for(uid: str, actor: Actor, seconds: float = 1500) -> ImportJob:
    """The import, once nobody works on it any more or the time is over."""
    end = time.monotonic() + seconds
    found = job(uid, actor)
    while found.state in AT_WORK and time.monotonic() < end:
        time.sleep(0.5)
        found = job(uid, actor)
    return found


class Template(NamedTuple):
    """A file to be filled in: what it is of, the settings it was made for, and its headings with what they take."""

    names: Mapping[str, str]
    settings: Mapping[str, str]
    kind: str
    headings: Sequence[tuple[str, str]]


def template_of(kind: str, settings: Mapping[str, str], language: str, actor: Actor) -> Template:
    """What a file of that kind has as its header under these settings; NotFound where there is no such kind."""
    only_admins(actor)
    intake = intakes().get(kind)
    if intake is None:
        raise NotFound("exchange.unknown_kind", kind=kind[:40])
    told, names = {}, dict(intake.names)
    for choice in intake.choices():
        labels = dict(choice.choices)
        value = settings.get(choice.name, choice.default)
        if labels and value not in labels:
            raise Invalid("exchange.bad_option", option=Names(choice.label))
        told[choice.name] = value
        if choice.asks and value:
            names = dict(labels.get(value) or names)
    return Template(names, told, kind, headings(intake.asked(told), intake.geometry, language))


def book_headings(kind: str, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sheets of a book by title, each with its headings and what may stand there; nothing of another kind."""
    book = intakes().get(kind)
    if not isinstance(book, Book):
        return []
    return [
        (pick(sheet.names), headings(intakes()[sheet.kind].columns, Geometry.NONE, language)) for sheet in book.sheets
    ]


def template_kinds() -> list[tuple[str, str, Mapping[str, str]]]:
    """Everything that a template can be made for: a kind, and (as a query) the setting that decides what it asks."""
    lines: list[tuple[str, str, Mapping[str, str]]] = []
    for kind, intake in intakes().items():
        deciding = next((choice for choice in intake.choices() if choice.asks and choice.required), None)
        if deciding is None:
            lines.append((kind, "", intake.names))
            continue
        for value, names in deciding.choices:
            if value:
                lines.append((kind, urlencode({deciding.name: value}), names))
    return lines
