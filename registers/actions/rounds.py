"""What the calendar does with registers: rounds begin by themselves, each once; a start that was missed says so."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from accounts import selectors as accounts
from assets import selectors as assets
from core import clock
from core.errors import DomainError
from core.scope import Actor, machine
from grid import selectors as grid
from journal import actions as journal
from registers import rules
from registers.actions.records import enter
from registers.contracts import KEEP, OFFICE_HOURS, Declared, Rounds, RoundStarted
from registers.models import Record, Register, RegisterVersion, Round
from registers.selectors import declared_of, version_of, versions_in_force

CALENDAR: Actor = machine("registers:calendar", KEEP, label="按期开始的任务")
BATCH = 50


def start_rounds() -> bool:
    """Rounds whose moment has come have begun, and go on where they stopped; answers whether something is left to do.

    Each call does a little of one register, in one transaction that another caller leaves alone.
    """
    for version in versions_in_force():
        if declared_of(version).rounds is not None and _one_step(version.register_id):
            return True
    return False


@transaction.atomic
def _one_step(register: int) -> bool:
    """The register is claimed by its lock; the round that is under way takes its next components, or one begins."""
    row = Register.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=register, retired=False).first()
    if row is None:
        return False
    version = version_of(row.code)
    declared = declared_of(version)
    if declared.rounds is None:
        return False
    going = Round.objects.filter(register=row, started_at__isnull=False, done_at__isnull=True).first()
    if going is None:
        return _begin(row, version, declared.rounds)
    _go_on(going, declared, declared.rounds)
    return True


def _begin(register: Register, version: RegisterVersion, rounds: Rounds) -> bool:
    """The last round whose moment has come begins; those before it, which nobody started, are kept as missed."""
    last = Round.objects.filter(register=register).order_by("-begins").first()
    hours = grid.calendar(OFFICE_HOURS)
    moments = rules.begun(rounds, last.begins if last else version.since, clock.now(), hours)
    if not moments:
        return False
    *missed, due = moments
    Round.objects.bulk_create([_missed(register, moment) for moment in missed])
    Round.objects.create(register=register, begins=due, started_at=clock.now())
    return True


def _missed(register: Register, moment: datetime) -> Round:
    return Round(register=register, begins=moment, done_at=clock.now())


def _go_on(going: Round, declared: Declared, rounds: Rounds) -> None:
    """The next components have a record, but for those that have one under way or are left alone; else it is done."""
    codes = assets.codes_standing(declared.assets, after=going.after, most=BATCH)
    under_way, left = _held(going.register, declared, codes)
    for code in codes:
        if code in under_way:
            going.waiting += 1
        elif code not in left and _entered(going, declared, rounds, code):
            going.entered += 1
        elif code not in left:
            going.refused += 1
    if codes:
        going.after = codes[-1]
    else:
        going.done_at = clock.now()
        _tell(going, declared)
    going.save()


def _held(register: Register, declared: Declared, codes: Sequence[str]) -> tuple[set[str], set[str]]:
    """Of these components, those with a record under way, and those whose last one was stopped for good."""
    rows = Record.objects.filter(register=register, asset__in=codes)
    newest = rows.order_by("asset", "-pk").distinct("asset").values_list("asset", "state", "ended")
    under_way = set(rows.filter(ended=False).values_list("asset", flat=True))
    stops = declared.rounds.stops if declared.rounds else ()
    return under_way, {asset for asset, state, ended in newest if ended and state in stops}


def _entered(going: Round, declared: Declared, rounds: Rounds, code: str) -> bool:
    """A record of the round is entered, kept by whoever carries the duty there; not where the register refuses it."""
    about = assets.asset(code, actor=CALENDAR)
    carriers = accounts.carrying(rounds.duty, about.area) if about and rounds.duty else []
    try:
        enter(
            declared.code, actor=CALENDAR, given=rounds.given, asset=code,
            key=f"round:{localtime(going.begins).date().isoformat()}:{code}",
            organisation=carriers[0].code if carriers else "",
        )  # fmt: skip
    except DomainError:
        return False
    return True


def _tell(going: Round, declared: Declared) -> None:
    since = Round.objects.filter(register=going.register, started_at__isnull=False, begins__lt=going.begins)
    before = since.order_by("-begins").values_list("begins", flat=True).first()
    rows = Round.objects.filter(register=going.register, started_at__isnull=True, begins__lt=going.begins)
    missed = (rows.filter(begins__gt=before) if before else rows).count()
    day = localtime(going.begins).date().isoformat()
    news = RoundStarted(declared.code, day, going.entered, going.waiting, going.refused, missed)
    journal.record("registers.round_started.v1", subject=declared.code, actor=CALENDAR, data=news)
