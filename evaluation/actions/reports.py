"""Reports that come by themselves: planned by people, made once for each period, whichever worker makes it."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, make_aware

from accounts.selectors import actors
from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.scope import NOBODY, Actor, Duty, machine
from evaluation import rules, selectors
from evaluation.contracts import (
    REPORT_FETCHED,
    REPORT_MADE,
    REPORT_PLANNED,
    ReportFetched,
    ReportMade,
    ReportPlanned,
)
from evaluation.models import ReportFile, ReportPlan, ReportRun
from evaluation.rules.plans import LATEST_DAY, day_due, periods_due
from evaluation.selectors import Question
from journal.actions import record

REPORTER = machine("evaluation", label="evaluation")
FORMATS = ("xlsx", "pdf")
LANGUAGES = ("zh-hans", "en")
LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 3
MOST_PLANS = 20
KEPT_FOR = timedelta(days=731)
"""Two years: as long as a year is held against the one before it."""
logger = logging.getLogger(__name__)
Maker = Callable[[Mapping[str, str], str, Actor], tuple[bytes, int]]
"""Makes a file of a board: its bytes, and how many lines it has."""


@transaction.atomic
def plan_report(
    asked: Question, *, scheme: str, show: str, every: str, day: int, at: time, formats: Iterable[str], language: str,
    actor: Actor,
) -> ReportPlan:  # fmt: skip
    """The board comes by itself from now on, for whoever may see all that it tells."""
    area = selectors.area_of(asked.within)
    if actor.user_id is None or not selectors.sees_report(actor, asked.by, area):
        raise Forbidden("evaluation.report_not_whole")
    if show not in rules.TABLES:
        selectors.judging(asked.by, scheme)
    chosen = sorted(set(formats))
    if every not in LATEST_DAY or not 1 <= day <= LATEST_DAY[every]:
        raise Invalid("evaluation.report_day")
    if not chosen or not set(chosen) <= set(FORMATS) or language not in LANGUAGES:
        raise Invalid("evaluation.report_format")
    held = ReportPlan.objects.select_for_update().filter(owner=actor.user_id, ended_at=None)
    if len(held) >= MOST_PLANS:
        raise Conflict("evaluation.report_many", most=MOST_PLANS)
    plan = ReportPlan.objects.create(
        owner_id=actor.user_id, label=actor.label, level=asked.by, within=asked.within, area=area, scheme=scheme,
        show=show, every=every, day=day, at=at, formats=chosen, language=language, made_at=clock.now(),
    )  # fmt: skip
    _tell_plan(plan, actor)
    return plan


@transaction.atomic
def end_report(pk: int, *, actor: Actor) -> ReportPlan:
    """The report comes no more; those that were made stay as long as any."""
    plan = ReportPlan.objects.select_for_update().filter(pk=pk, ended_at=None).first()
    if plan is None or not selectors.sees_report(actor, plan.level, plan.area):
        raise NotFound("evaluation.no_such_report")
    if plan.owner_id != actor.user_id and not actor.may(Duty.EVALUATE, area=plan.area):
        raise Forbidden("evaluation.not_your_report")
    plan.ended_at = clock.now()
    plan.save(update_fields=["ended_at"])
    _tell_plan(plan, actor)
    return plan


@transaction.atomic
def fetch_report(run: int, suffix: str, *, actor: Actor) -> ReportFile:
    """A file of a report, for who may see now what it tells; the journal says who fetched it."""
    row = selectors.report_file(run, suffix, actor)
    news = ReportFetched(row.run_id, row.format, row.sha256)
    record(REPORT_FETCHED, subject=f"report:{run}", actor=actor, area=row.run.plan.area, data=news)
    return row


def make_reports(make: Maker) -> int:
    """Every report that is due is made, also those that nobody made in time; answers how many this worker ended."""
    _note_due()
    ended = 0
    while (run := _claim()) is not None:
        ended += _made(run, make)
    return ended


def drop_reports() -> int:
    """Files of reports made more than two years ago are kept no more; answers how many. That they were made stays."""
    dropped, _tables = ReportFile.objects.filter(run__made_at__lt=clock.now() - KEPT_FOR).delete()
    return dropped


def _note_due() -> None:
    """Each period that is due has its row; there cannot be two."""
    now = clock.now()
    for plan in ReportPlan.objects.filter(ended_at=None):
        due = periods_due(plan.every, plan.day, localdate(plan.made_at), localdate(now))
        rows = [
            ReportRun(plan=plan, since=period.since, until=period.until)
            for period in due
            if plan.made_at < make_aware(datetime.combine(day_due(period, plan.day), plan.at)) <= now
        ]
        known = set(plan.runs.filter(since__in=[row.since for row in rows]).values_list("since", flat=True))
        ReportRun.objects.bulk_create([row for row in rows if row.since not in known], ignore_conflicts=True)


@transaction.atomic
def _claim() -> ReportRun | None:
    """The oldest report that nobody makes is this worker's, until it is silent for too long; None where there is none.

    The number of the attempt says who may write it.
    """
    free = Q(beat_at=None) | Q(beat_at__lt=clock.now() - LEASE)
    rows = ReportRun.objects.select_for_update(skip_locked=True, of=("self",)).select_related("plan")
    run = rows.filter(free, state="waiting").order_by("pk").first()
    if run is None:
        return None
    run.attempts, run.beat_at = run.attempts + 1, clock.now()
    run.save(update_fields=["attempts", "beat_at"])
    return run


def _made(run: ReportRun, make: Maker) -> int:
    """The report is made outside of any transaction, and written in one: its files, its state and its news."""
    files: list[ReportFile] = []
    lines, state, code = 0, "made", ""
    try:
        if run.attempts > MOST_ATTEMPTS:
            raise Conflict("evaluation.report_gave_up")
        for suffix in run.plan.formats:
            content, lines = make(selectors.options_of(run), suffix, _owner(run.plan))
            digest = hashlib.sha256(content).hexdigest()
            files.append(ReportFile(run=run, format=suffix, content=content, size=len(content), sha256=digest))
    except Forbidden as refused:
        state, code = "refused", refused.code
    except DomainError as failed:
        if failed.code == "paper.failed" and run.attempts < MOST_ATTEMPTS:
            return 0
        state, code = "failed", failed.code
        logger.error("evaluation: report %s of %s cannot be made: %s", run.plan_id, run.since, failed.code)
    return _write(run, files, lines, state, code)


@transaction.atomic
def _write(run: ReportRun, files: list[ReportFile], lines: int, state: str, code: str) -> int:
    row = ReportRun.objects.select_for_update().get(pk=run.pk)
    if row.state != "waiting" or row.attempts != run.attempts:
        return 0
    row.state, row.code, row.lines = state, code, lines
    row.made_at = clock.now() if state == "made" else None
    row.save()
    if state == "made":
        ReportFile.objects.bulk_create(files)
    last = rules.Period(run.plan.every, row.since, row.until).last
    news = ReportMade(run.plan_id, row.pk, row.since.isoformat(), last.isoformat(), state, code)
    record(REPORT_MADE, subject=f"report:{row.pk}", actor=REPORTER, area=run.plan.area, data=news)
    return 1


def _owner(plan: ReportPlan) -> Actor:
    """Who asked for it, with the rights of this moment; Forbidden once they may not see all that it tells."""
    actor = actors([plan.owner_id]).get(plan.owner_id, NOBODY)
    if not selectors.sees_report(actor, plan.level, plan.area):
        raise Forbidden("evaluation.report_not_whole")
    return actor


def _tell_plan(plan: ReportPlan, actor: Actor) -> None:
    news = ReportPlanned(
        plan.pk, plan.level, plan.within, plan.every, tuple(plan.formats), ended=plan.ended_at is not None
    )
    record(REPORT_PLANNED, subject=f"report-plan:{plan.pk}", actor=actor, area=plan.area, data=news)
