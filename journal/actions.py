"""Verbs of the journal: record in the transaction, number at publication, deliver in order."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from core import clock
from core.errors import Conflict, NotFound
from core.scope import Actor
from core.trace import current_trace, use_trace
from journal import rules, selectors
from journal.adapters import nudge
from journal.contracts import GLOBAL_FEED, EntryView, Subscriber, kind_of, subscribers
from journal.models import Cursor, Entry, Epoch, FeedHead, FeedPlace, Parked, Pulse

logger = logging.getLogger(__name__)
BATCH = 500
_ADVISORY_KEY = 0x6A6F75726E616C  # "journal"
_BATCH_SECONDS = 2.0
_MAX_ERROR = 2000


class NumberingConflict(RuntimeError):
    """Another relay has been at the same rows: the batch was rolled back and is taken again."""


def record(
    kind: str, *, subject: str, actor: Actor, org: str = "", area: str = "", data: Any, user_id: int | None = None,
    user_ids: Iterable[int] = (),
) -> None:  # fmt: skip
    """The fact is in the journal if and only if the surrounding transaction commits.

    A personal kind is told to `user_id`, whom the entry names, and to `user_ids`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"{kind}: an entry belongs to the transaction of its change")
    known = kind_of(kind)
    if known is None:
        raise ValueError(f"{kind}: not a registered kind")
    if type(data) is not known.shape:
        raise ValueError(f"{kind}: its data is a {known.shape.__name__}, not a {type(data).__name__}")
    if wrong := rules.misfits(data):
        raise ValueError(f"{kind}: wrong type in {', '.join(wrong)}")
    Entry.objects.create(
        kind=kind,
        subject=subject,
        actor=actor.key,
        actor_label=actor.label,
        org=org,
        area=area,
        user_id=user_id,
        scopes=rules.scopes_of(known.audience, org=org, area=area, user_id=user_id, user_ids=user_ids),
        data=rules.plain(data),
        at=clock.now(),
        trace=current_trace(),
    )
    if not any(hook[1] is nudge.send for hook in connection.run_on_commit):
        transaction.on_commit(nudge.send, robust=True)


def number(limit: int = BATCH) -> dict[str, int]:
    """Committed entries have their numbers and places; answers the new head of each feed that grew (`*`: all).

    The advisory lock only saves work: where another process holds it, nothing is done.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_KEY])
            if not cursor.fetchone()[0]:
                return {}
        return number_locked(limit)


def number_locked(limit: int = BATCH) -> dict[str, int]:
    """Number one batch; correct with any number of rivals, because of the row lock and the counts.

    The lock is a statement of its own, so that the next one sees what its last holder committed. Everybody who
    numbers takes the row `*` first, the other heads after it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM journal_entry WHERE seq IS NULL LIMIT 1")
        if cursor.fetchone() is None:
            return {}
        head = _lock_global_head(cursor)
        cursor.execute("SELECT id, at, scopes FROM journal_entry WHERE seq IS NULL ORDER BY id LIMIT %s", [limit])
        taken = cursor.fetchall()
        if not taken:
            return {}
        _give_numbers(cursor, taken, head)
        return {GLOBAL_FEED: head + len(taken), **_give_places(cursor, taken)}


def _lock_global_head(cursor: Any) -> int:
    lock = "SELECT head FROM journal_feedhead WHERE scope = %s FOR UPDATE"
    cursor.execute(lock, [GLOBAL_FEED])
    row = cursor.fetchone()
    if row is None:
        cursor.execute(
            "INSERT INTO journal_feedhead (scope, head) VALUES (%s, 0) ON CONFLICT DO NOTHING", [GLOBAL_FEED]
        )
        cursor.execute(lock, [GLOBAL_FEED])
        row = cursor.fetchone()
    return int(row[0])


def _give_numbers(cursor: Any, taken: list[Any], head: int) -> None:
    cursor.execute(
        """
        UPDATE journal_entry AS entry SET seq = given.seq
        FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) AS given (id, at, seq)
        WHERE entry.id = given.id AND entry.at = given.at AND entry.seq IS NULL
        """,
        [[row[0] for row in taken], [row[1] for row in taken], [head + place for place in range(1, len(taken) + 1)]],
    )
    if cursor.rowcount != len(taken):
        raise NumberingConflict(f"numbered {cursor.rowcount} of {len(taken)}")
    _move_heads(cursor, {GLOBAL_FEED: (head, head + len(taken))})


def _give_places(cursor: Any, taken: list[Any]) -> dict[str, int]:
    grown = Counter(scope for _, _, scopes in taken for scope in scopes)
    before = selectors.heads(sorted(grown))
    last = dict(before)
    places = []
    for entry_id, at, scopes in taken:
        for scope in scopes:
            last[scope] += 1
            places.append((scope, last[scope], entry_id, at))
    cursor.execute(
        """
        INSERT INTO journal_feedplace (scope, seq, entry_id, at)
        SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[])
        """,
        [[place[column] for place in places] for column in range(4)],
    )
    _move_heads(cursor, {scope: (before[scope], last[scope]) for scope in last})
    return last


def _move_heads(cursor: Any, moves: dict[str, tuple[int, int]]) -> None:
    """Each head goes from what was read to what was given, or nothing happens at all."""
    ordered = sorted(moves)
    if not ordered:
        return
    cursor.execute(
        """
        INSERT INTO journal_feedhead AS held (scope, head)
        SELECT scope, later FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS move (scope, earlier, later)
        ON CONFLICT (scope) DO UPDATE SET head = excluded.head
        WHERE held.head = (%s::bigint[])[array_position(%s::text[], held.scope)]
        """,
        [
            ordered,
            [moves[scope][0] for scope in ordered],
            [moves[scope][1] for scope in ordered],
            [moves[scope][0] for scope in ordered],
            ordered,
        ],
    )
    if cursor.rowcount != len(ordered):
        raise NumberingConflict(f"moved {cursor.rowcount} of {len(ordered)} heads")


def open_cursors() -> None:
    """Every subscriber has a cursor: at the start of the journal if it asked for that, else at its present end."""
    head = selectors.heads([GLOBAL_FEED])[GLOBAL_FEED]
    have = set(Cursor.objects.values_list("subscriber", flat=True))
    Cursor.objects.bulk_create(
        [
            Cursor(subscriber=name, seq=0 if one.from_start else head, moved_at=clock.now())
            for name, one in subscribers().items()
            if name not in have
        ],
        ignore_conflicts=True,
    )


def deliver(subscriber: str | None = None, limit: int = 100) -> int:
    """Subscribers have got their next numbered entries, in order; answers how many entries were passed.

    Only one process serves a subscriber at a time: where its cursor is held, it is left alone.
    """
    open_cursors()
    names = subscribers() if subscriber is None else {subscriber: subscribers()[subscriber]}
    return sum(_deliver_to(one, limit) for one in names.values())


def _deliver_to(subscriber: Subscriber, limit: int) -> int:
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(subscriber=subscriber.name).first()
        if cursor is None or (cursor.retry_at is not None and cursor.retry_at > clock.now()):
            return 0
        rows = Entry.objects.filter(seq__gt=cursor.seq).order_by("seq")[:limit]
        entries = [selectors.view(entry, entry.seq or 0) for entry in rows]
        passed = _pass_together(subscriber, cursor, entries)
        passed = passed or _go_by(entries, lambda entry: _pass(subscriber, cursor, entry))
        if passed or cursor.retry_at is not None:
            cursor.moved_at = clock.now()
            cursor.save()
        return passed


def _pass_together(subscriber: Subscriber, cursor: Cursor, entries: list[EntryView]) -> int:
    """So many went by in one savepoint, which is half the work; none where one of them failed, before or now.

    Then nothing of it has happened, and they are given one by one, so that those before the bad one count.
    """
    if cursor.attempts:
        return 0
    try:
        with transaction.atomic():
            passed = _go_by(entries, lambda entry: _given(subscriber, entry))
    except Exception:
        logger.info(
            "journal: %s gets %d entries one by one, for one has failed", subscriber.name, len(entries), exc_info=True
        )
        return 0
    if passed:
        cursor.seq, cursor.retry_at, cursor.error = entries[passed - 1].seq, None, ""
    return passed


def _go_by(entries: list[EntryView], goes: Callable[[EntryView], bool]) -> int:
    """So many went by, one after another: up to the first that does not, or until a batch has had its time."""
    started, passed = time.monotonic(), 0
    for entry in entries:
        if not goes(entry):
            break
        passed += 1
        if time.monotonic() - started > _BATCH_SECONDS:
            break
    return passed


def _given(subscriber: Subscriber, entry: EntryView) -> bool:
    if subscriber.wants(entry.kind):
        with use_trace(entry.trace):
            subscriber.react(entry)
    return True


def _pass(subscriber: Subscriber, cursor: Cursor, entry: EntryView) -> bool:
    """Whether the cursor may go past this entry: it was taken, was not wanted, or has been parked."""
    error = _react(subscriber, entry) if subscriber.wants(entry.kind) else None
    if error is not None:
        cursor.attempts += 1
        cursor.error = error
        if cursor.attempts < rules.MAX_ATTEMPTS:
            cursor.retry_at = clock.now() + rules.backoff(cursor.attempts)
            return False
        _park(subscriber, cursor, entry)
    cursor.seq, cursor.attempts, cursor.retry_at, cursor.error = entry.seq, 0, None, ""
    return True


def _react(subscriber: Subscriber, entry: EntryView) -> str | None:
    """Give the entry to the subscriber in a savepoint; the error it raised, whatever that is, or None."""
    try:
        with transaction.atomic(), use_trace(entry.trace):
            subscriber.react(entry)
    except Exception as error:
        logger.exception("journal: %s failed on %s %s", subscriber.name, entry.kind, entry.subject)
        return f"{type(error).__name__}: {error}"[:_MAX_ERROR]
    return None


def _park(subscriber: Subscriber, cursor: Cursor, entry: EntryView) -> None:
    Parked.objects.create(
        subscriber=subscriber.name,
        seq=entry.seq,
        entry_id=entry.id,
        kind=entry.kind,
        subject=entry.subject,
        error=cursor.error,
        attempts=cursor.attempts,
        parked_at=clock.now(),
    )


@transaction.atomic
def requeue_parked(parked_id: int) -> None:
    """The parked entry has been given to its subscriber again, out of order, and is settled if it was taken."""
    parked = Parked.objects.select_for_update().filter(pk=parked_id, settled_at=None).first()
    if parked is None:
        raise NotFound("journal.not_parked", id=parked_id)
    subscriber = subscribers().get(parked.subscriber)
    if subscriber is None:
        raise Conflict("journal.no_subscriber", subscriber=parked.subscriber)
    entry = Entry.objects.get(id=parked.entry_id)
    parked.attempts += 1
    error = _react(subscriber, selectors.view(entry, parked.seq))
    if error is None:
        parked.settled_at = clock.now()
    else:
        parked.error = error
    parked.save()


def prune() -> int:
    """Places older than 30 days are gone (the entries stay); answers how many."""
    removed, _ = FeedPlace.objects.filter(at__lt=clock.now() - selectors.KEEP_PLACES).delete()
    return removed


def make_partitions(ahead: int = 3) -> int:
    """The coming months have their partitions; answers how many were made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_make_partitions(%s)", [ahead])
        return int(cursor.fetchone()[0])


def beat(name: str) -> None:
    """A process of the journal has been seen at work now."""
    Pulse.objects.update_or_create(name=name, defaults={"at": clock.now()})


def raise_epoch(reason: str) -> int:
    """After a restore or a fail-over numbers start to count in a new epoch; readers load everything anew."""
    with transaction.atomic():
        FeedHead.objects.select_for_update().filter(scope=GLOBAL_FEED).first()
        number = (Epoch.objects.aggregate(last=Max("number"))["last"] or 1) + 1
        Epoch.objects.create(number=number, reason=reason, at=clock.now())
        return number


def give_up_when_frozen() -> None:
    """This connection loses its transaction, and with it its locks, when the process stands still inside one."""
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '2s'")
        cursor.execute("SET statement_timeout = '30s'")
