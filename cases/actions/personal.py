"""Looking at personal data for a reason, and the legal hold that keeps it. Each act stands in its own record."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import connection, transaction

from cases.actions.looking import one_at_a_time
from cases.actions.moving import lock
from cases.contracts import REPORTER_READ, ReporterRead
from cases.contracts.personal import (
    HOLD,
    PERSON_KEPT,
    PERSON_RELEASED,
    UNMASK,
    LookGround,
    PersonalVerb,
    PersonNews,
    TooOften,
    Whole,
)
from cases.models import Case, PersonalAct, Reporter
from cases.selectors import case as case_seen_by
from cases.selectors import personal_rule
from cases.selectors.personal import looks_since, originals_of, reporter_of, words_of
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.personal import NOBODY, Person, masked_words
from core.scope import Actor
from core.trace import current_trace, use_trace
from journal import actions as journal

LONGEST_NOTE = 400
HOUR = timedelta(hours=1)
HOLDS_LOCK = 0x0E5B0431
"""A hold on one case keeps others too: what is erased meanwhile would be gone for good."""


@transaction.atomic
def look(number: str, *, actor: Actor, ground: str, note: str) -> Whole:
    """Who reported, whole, this once: why it was asked for stands in the record of the case and in the journal.

    Errors: Forbidden, Invalid, NotFound where nobody is known, Conflict where it was erased, TooOften.
    """
    case = case_seen_by(number, actor)
    _may(UNMASK, case, actor)
    if ground not in {known.value for known in LookGround}:
        raise Invalid("person.needs_ground")
    originals = originals_of(case)
    row = reporter_of(case, kept=True) or (Reporter(case=case) if originals else None)
    note = told(note, row.person if row else NOBODY)
    if row is None:
        raise NotFound("person.nobody", number=case.number)
    if row.erased_at is not None:
        raise Conflict("person.erased", day=f"{row.erased_at:%Y-%m-%d}")
    _not_too_often(actor)
    write_act(case, PersonalVerb.LOOK, actor, ground=ground, note=note)
    journal.record(
        REPORTER_READ, subject=case.number, actor=actor, data=ReporterRead(case.number), user_id=actor.user_id
    )
    return Whole(case.number, row.person, case.callback_wanted, words_of(case), originals)


def _not_too_often(actor: Actor) -> None:
    """Two looks of one person at one moment are counted one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.look'), hashtext(%s))", [actor.key])
    most = personal_rule().looks_per_hour
    if looks_since(actor, clock.now() - HOUR) >= most:
        raise TooOften("person.too_often", most=most)


@transaction.atomic
def keep_personal(number: str, *, actor: Actor, note: str) -> Reporter:
    """A legal hold keeps the personal data of the case until somebody decides that it ends."""
    case, row = held_open(number, actor, HOLD)
    note = told(note, row.person)
    if row.held_at is not None:
        raise Conflict("person.held_already")
    if row.erased_at is not None:
        raise Conflict("person.erased", day=f"{row.erased_at:%Y-%m-%d}")
    row.held_at = clock.now()
    row.save()
    write_act(case, PersonalVerb.KEEP, actor, note=note)
    tell_act(case, PERSON_KEPT, actor, PersonNews(case.number, "", 0, 0, 0))
    return row


@transaction.atomic
def release_personal(number: str, *, actor: Actor, note: str) -> Reporter:
    """The legal hold is over: the personal data is erased when its time is, as if it had never been held."""
    case, row = held_open(number, actor, HOLD)
    note = told(note, row.person)
    if row.held_at is None:
        raise Conflict("person.not_held")
    row.held_at = None
    row.save()
    write_act(case, PersonalVerb.RELEASE, actor, note=note)
    tell_act(case, PERSON_RELEASED, actor, PersonNews(case.number, "", 0, 0, 0))
    return row


def held_open(number: str, actor: Actor, right: str) -> tuple[Case, Reporter]:
    """The locked case and what is kept of whoever reported it, for those with the right; else NotFound or Forbidden."""
    case_seen_by(number, actor)
    case = lock(number, actor)
    _may(right, case, actor)
    one_at_a_time(HOLDS_LOCK)
    return case, Reporter.objects.get_or_create(case=case)[0]


def _may(right: str, case: Case, actor: Actor) -> None:
    if not actor.may(right, org=case.org, area=case.area):
        raise Forbidden(
            {UNMASK: "person.may_not_unmask", HOLD: "person.may_not_hold"}.get(right, "person.may_not_erase")
        )


def told(note: str, person: Person) -> str:
    """The reason as it may stand: it never repeats what it is about."""
    note = note.strip()
    if not note:
        raise Invalid("person.needs_note")
    if len(note) > LONGEST_NOTE or "\x00" in note or any("\ud800" <= letter <= "\udfff" for letter in note):
        raise Invalid("person.bad_note", most=LONGEST_NOTE)
    return masked_words(note, person)


def write_act(
    case: Case,
    verb: PersonalVerb,
    actor: Actor,
    *,
    ground: str = "",
    note: str = "",
    counts: Mapping[str, int] | None = None,
) -> None:
    """One row of the record: who did what about the personal data of the case, and why."""
    PersonalAct.objects.create(
        case=case, verb=verb, ground=ground, note=note, counts=dict(counts or {}), actor=actor.key,
        actor_label=actor.label, at=clock.now(),
    )  # fmt: skip


def tell_act(case: Case, kind: str, actor: Actor, news: PersonNews) -> None:
    """The journal has an entry for it, without a value."""
    with use_trace(case.trace or current_trace()):
        journal.record(kind, subject=case.number, actor=actor, org=case.org, area=case.area, data=news)
