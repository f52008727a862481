"""Questions to the journal: feeds, heads, history, and how far behind anybody is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from core import clock
from core.querying import scope_q
from core.scope import Actor
from journal import rules
from journal.contracts import GLOBAL_FEED, EntryView, subscribers
from journal.models import Cursor, Entry, Epoch, FeedHead, FeedPlace, Parked, Pulse

KEEP_PLACES = timedelta(days=30)


def view(entry: Entry, seq: int) -> EntryView:
    """The entry as readers see it at that place of a feed."""
    return EntryView(
        id=entry.id,
        seq=seq,
        kind=entry.kind,
        subject=entry.subject,
        actor=entry.actor,
        actor_label=entry.actor_label,
        org=entry.org,
        area=entry.area,
        data=entry.data,
        at=entry.at,
        trace=entry.trace,
    )


def epoch() -> int:
    """The epoch in force; numbers of different epochs cannot be compared."""
    return Epoch.objects.aggregate(last=Max("number"))["last"] or 1


def heads(scopes: Iterable[str]) -> dict[str, int]:
    """The last number of each feed; 0 where nothing was ever told."""
    wanted = list(scopes)
    found = dict(FeedHead.objects.filter(scope__in=wanted).values_list("scope", "head"))
    return {scope: found.get(scope, 0) for scope in wanted}


def entries_after(scope: str, after: int, limit: int) -> list[EntryView]:
    """The next entries of a feed in order, at most `limit`."""
    following = FeedPlace.objects.filter(scope=scope, seq__gt=after).order_by("seq")
    places = list(following.values_list("seq", "entry_id", "at")[:limit])
    if not places:
        return []
    times = [at for _, _, at in places]
    entries = Entry.objects.filter(at__range=(min(times), max(times))).in_bulk([entry for _, entry, _ in places])
    return [view(entries[entry], seq) for seq, entry, _ in places]


def first_kept(scope: str) -> int:
    """The lowest number of a feed that can still be read; one above the head when none can."""
    lowest = FeedPlace.objects.filter(scope=scope).aggregate(lowest=Min("seq"))["lowest"]
    return lowest if lowest is not None else heads([scope])[scope] + 1


def scopes_for(actor: Actor) -> list[str]:
    """The feeds that the actor may read."""
    known = FeedHead.objects.exclude(scope__startswith="user:").values_list("scope", flat=True)
    return rules.own_scopes(actor, known)


def may_read(actor: Actor, scope: str) -> bool:
    """Whether the actor may read this feed, all of it."""
    return rules.may_read(actor, scope)


def history(subject: str, limit: int = 500) -> list[EntryView]:
    """What happened to a subject, oldest first. The caller has made sure that the reader may see the subject."""
    return [view(entry, entry.seq or 0) for entry in Entry.objects.filter(subject=subject).order_by("id")[:limit]]


def latest(subject: str, *kinds: str) -> EntryView | None:
    """The last of these things that happened to a subject; None where none did."""
    found = Entry.objects.filter(subject=subject, kind__in=kinds).order_by("-id").first()
    return view(found, found.seq or 0) if found else None


def between(kinds: Iterable[str], begins: datetime, ends: datetime, limit: int) -> list[EntryView]:
    """What of these kinds happened in a span that ends before `ends`, oldest first; for machines that may read all."""
    found = Entry.objects.filter(kind__in=list(kinds), at__gte=begins, at__lt=ends).order_by("id")[:limit]
    return [view(entry, entry.seq or 0) for entry in found]


AUDIT_RIGHT = "audit.see"


class Asked(NamedTuple):
    """What an auditor asks for; an empty part does not limit. `kind` may be its first word, `area` is a path."""

    person: str = ""
    kind: str = ""
    subject: str = ""
    area: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditRow(NamedTuple):
    """An entry, and what it changed."""

    entry: EntryView
    changes: list[rules.Change]


def audit(actor: Actor, asked: Asked, *, before: int = 0, limit: int = 50) -> list[AuditRow]:
    """The newest entries on the auditor's ground that fit, below the row `before`, in two queries at most."""
    found = _asked_for(actor, asked)
    if before:
        found = found.filter(id__lt=before)
    same = Entry.objects.filter(subject=OuterRef("subject"), id__lt=OuterRef("id")).exclude(kind__contains="_read.v")
    earlier = Subquery(same.order_by("-id").values("data")[:1])
    rows = found.annotate(earlier=earlier).order_by("-id")[:limit]
    return [AuditRow(view(row, row.seq or 0), rules.changes(row.earlier, row.data)) for row in rows]


def audited(actor: Actor, asked: Asked) -> int:
    """How many entries on the auditor's ground fit."""
    return _asked_for(actor, asked).count()


def _asked_for(actor: Actor, asked: Asked) -> QuerySet[Entry]:
    found = Entry.objects.filter(scope_q(actor.scope(AUDIT_RIGHT)))
    if asked.person:
        found = found.filter(Q(actor=asked.person) | Q(actor_label__icontains=asked.person))
    if asked.kind:
        found = found.filter(Q(kind=asked.kind) | Q(kind__startswith=f"{asked.kind}."))
    if asked.subject:
        found = found.filter(subject=asked.subject)
    if asked.area:
        found = found.filter(Q(area=asked.area) | Q(area__startswith=f"{asked.area}."))
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    return found


class CursorLag(NamedTuple):
    """How far a subscriber is behind: entries, seconds since the oldest of them, failed attempts, rows parked."""

    subscriber: str
    behind: int
    seconds: float
    attempts: int
    parked: int


class Lag(NamedTuple):
    """How far the journal is behind. Seconds are None for a process that was never seen."""

    unnumbered: int
    unnumbered_s: float
    relay_seen_s: float | None
    deliver_seen_s: float | None
    parked: int
    cursors: tuple[CursorLag, ...]


def lag() -> Lag:
    """Unnumbered entries, the age of the oldest, when the processes were last seen, and every cursor."""
    now = clock.now()
    waiting = Entry.objects.filter(seq=None).aggregate(many=Count("id"), oldest=Min("at"))
    seen = dict(Pulse.objects.values_list("name", "at"))
    parked = dict(
        Parked.objects.filter(settled_at=None).values_list("subscriber").annotate(many=Count("id")).order_by()
    )
    head = heads([GLOBAL_FEED])[GLOBAL_FEED]
    cursors = Cursor.objects.filter(subscriber__in=list(subscribers())).order_by("subscriber")
    return Lag(
        unnumbered=waiting["many"],
        unnumbered_s=(now - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0.0,
        relay_seen_s=(now - seen["relay"]).total_seconds() if "relay" in seen else None,
        deliver_seen_s=(now - seen["deliver"]).total_seconds() if "deliver" in seen else None,
        parked=sum(parked.values()),
        cursors=tuple(
            CursorLag(
                subscriber=cursor.subscriber,
                behind=max(0, head - cursor.seq),
                seconds=(now - next_at).total_seconds() if (next_at := _first_after(cursor.seq)) else 0.0,
                attempts=cursor.attempts,
                parked=parked.get(cursor.subscriber, 0),
            )
            for cursor in cursors
        ),
    )


def _first_after(seq: int) -> datetime | None:
    return Entry.objects.filter(seq__gt=seq).order_by("seq").values_list("at", flat=True).first()


def parked_rows(limit: int = 200) -> Sequence[Parked]:
    """What waits for a person, oldest first."""
    return list(Parked.objects.filter(settled_at=None).order_by("id")[:limit])


def parked_subjects(subscriber: str) -> list[str]:
    """What the entries are about that this subscriber could not take, and nobody has settled."""
    rows = Parked.objects.filter(subscriber=subscriber, settled_at=None).order_by("id")
    return list(dict.fromkeys(rows.values_list("subject", flat=True)))


def waits_before(subscriber: str, moment: datetime) -> bool:
    """Whether a subscriber that has begun is still to be given entries from before this moment."""
    cursor = Cursor.objects.filter(subscriber=subscriber).first()
    if cursor is None:
        return False
    return Entry.objects.filter(Q(seq=None) | Q(seq__gt=cursor.seq), at__lt=moment).exists()


def position(subscriber: str) -> int:
    """The global number of the last entry that a subscriber has taken; 0 before its first."""
    return Cursor.objects.filter(subscriber=subscriber).values_list("seq", flat=True).first() or 0


def heads_at(scopes: Iterable[str], position: int) -> dict[str, int]:
    """Where a reader of the feeds stands who has taken everything up to a global number."""
    wanted = list(scopes)
    now = heads([*wanted, GLOBAL_FEED])
    if position >= now.pop(GLOBAL_FEED):
        return now
    return {scope: _place_before(scope, position) for scope in wanted}


def _place_before(scope: str, position: int) -> int:
    places = FeedPlace.objects.filter(scope=scope, entry__seq__lte=position).order_by("-seq")
    return places.values_list("seq", flat=True).first() or 0
