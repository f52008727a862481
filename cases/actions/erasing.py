"""Erasure: when its time is over, or because the person asked. Each case for itself: a run may stop anywhere."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.db.models import Q

from assets import selectors as assets
from cases.actions.looking import one_at_a_time
from cases.actions.personal import HOLDS_LOCK, held_open, tell_act, told, write_act
from cases.actions.withholding import mask_words
from cases.contracts import Phase
from cases.contracts.personal import (
    ERASE,
    ERASURE_SWEPT,
    PERSON_ERASED,
    EraseGround,
    ErasureSwept,
    PersonalVerb,
    PersonNews,
)
from cases.models import Case, Evidence, PersonalRule, Reporter, Withheld
from cases.selectors.personal import free_of_holds, to_erase
from core import clock, vault
from core.errors import Conflict, NotFound
from core.personal import Person
from core.scope import Actor, machine
from journal import actions as journal

log = structlog.get_logger(__name__)

ERASER: Actor = machine("rule:erasure", label="到期清除 Retention")
BATCH = 200


class Erased(NamedTuple):
    """How much was erased of a case, or of all cases of a run."""

    values: int
    words: int
    pictures: int


@transaction.atomic
def erase_personal(number: str, *, actor: Actor, note: str) -> Erased:
    """Nothing personal is left of whoever reported, because they asked for that; who answered them, and why, stands."""
    case, row = held_open(number, actor, ERASE)
    note = told(note, row.person)
    if row.held_at is not None:
        raise Conflict("person.held", day=f"{row.held_at:%Y-%m-%d}")
    if not free_of_holds().filter(pk=row.pk).exists():
        raise Conflict("person.held_beside")
    if row.erased_at is not None:
        raise Conflict("person.erased", day=f"{row.erased_at:%Y-%m-%d}")
    done = _erase(case, row, actor, EraseGround.REQUEST, note)
    if not any(done):
        raise NotFound("person.nobody", number=case.number)
    return done


def erase_due(limit: int = BATCH) -> int:
    """Personal data whose time is over is erased, at most so many cases of it; how many there were.

    Killed in the middle, the next run goes on where this one stopped; a case that somebody works on waits for it, and
    so does one whose pictures the disk does not let go: it is named in the log, and holds up no other.
    """
    done = [found for pk in to_erase().order_by("pk").values_list("pk", flat=True)[:limit] if (found := _try(pk))]
    if done:
        _tell_run(done)
    return len(done)


def _try(pk: int) -> Erased | None:
    try:
        return _due(pk)
    except OSError as error:
        log.error("personal.not_erased", reporter=pk, why=str(error))
        return None


@transaction.atomic
def _due(pk: int) -> Erased | None:
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("category")
    case = rows.filter(reporter__pk=pk).first()
    one_at_a_time(HOLDS_LOCK)
    row = to_erase().filter(pk=pk).first() if case else None
    return _erase(case, row, ERASER, EraseGround.RETENTION, "") if case and row else None


def _tell_run(done: Sequence[Erased]) -> None:
    news = ErasureSwept(len(done), *(sum(column) for column in zip(*done, strict=True)))
    journal.record(ERASURE_SWEPT, subject="personal_data", actor=ERASER, data=news)


def _erase(case: Case, row: Reporter, actor: Actor, ground: EraseGround, note: str) -> Erased:
    """The values and the words as they were written are gone from their rows; how many there were is told."""
    values = sum(map(bool, row.person))
    words, _ = Withheld.objects.filter(case=case).delete()
    _mask_older_words(case, row.person)
    row.name, row.phone, row.email, row.erased_at = *Person(), clock.now()
    row.save()
    done = Erased(values, words, _erase_originals(case))
    write_act(case, PersonalVerb.ERASE, actor, ground=ground, note=note, counts=done._asdict())
    tell_act(case, PERSON_ERASED, actor, PersonNews(case.number, ground, *done))
    return done


def _mask_older_words(case: Case, person: Person) -> None:
    """What was written before words were masked on their way in; and nobody is to be called back any more."""
    mask_words(case, person)
    Case.objects.filter(pk=case.pk).update(callback_wanted=False)


def _erase_originals(case: Case) -> int:
    """The pictures that came with the report are there as public copies only: what their files said besides is gone.

    The file goes before the transaction ends: where that fails, the next run finds it gone and says so again.
    """
    rows = list(Evidence.objects.filter(case=case, phase=Phase.REPORT, erased_at=None))
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(erased_at=clock.now())
    for sha256 in {row.sha256 for row in rows}:
        named = Q(sha256=sha256, erased_at=None) | Q(public_sha256=sha256) | Q(clip__public_sha256=sha256)
        if not Evidence.objects.filter(named).exists() and not assets.names_picture(sha256):
            vault.drop(sha256)
    return len(rows)


@transaction.atomic
def save_personal_rule(given: dict[str, Any], *, pack: str) -> None:
    """Personal data is kept, and looked at, as the pack says."""
    PersonalRule.objects.update_or_create(pk=1, defaults={**given, "pack": pack})
