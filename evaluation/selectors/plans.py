"""Reports that come by themselves: which there are, and who may see them."""

from collections.abc import Mapping, Sequence
from functools import partial

from core.errors import NotFound
from core.languages import pick
from core.scope import Actor, Duty
from evaluation import rules
from evaluation.contracts import REPORT_READY
from evaluation.models import ReportFile, ReportPlan, ReportRun
from evaluation.selectors.counting import RIGHT
from exchange.contracts.messages import Tidings, Words
from journal.contracts import EntryView

MOST_KEY = 2**63
"""Beyond what a key can be."""
STATES: Mapping[str, Words] = {
    "made": {"zh": "已生成", "en": "made"},
    "refused": {"zh": "未生成：您已无权查看", "en": "not made: you may not see it any more"},
    "failed": {"zh": "未能生成", "en": "could not be made"},
}


def sees_report(actor: Actor, level: str, area: str) -> bool:
    """Whether somebody may see all that a report of this area tells; of persons only who evaluates there."""
    right = Duty.EVALUATE if level == "person" else RIGHT
    return actor.holds(RIGHT) and actor.may(right, area=area)


def report_plans(actor: Actor) -> list[ReportPlan]:
    """The plans that go on and whose reports the actor may see, newest first."""
    return [row for row in ReportPlan.objects.filter(ended_at=None) if sees_report(actor, row.level, row.area)]


def report_runs(actor: Actor, most: int) -> list[ReportRun]:
    """The newest reports that the actor may see."""
    grounds = ReportPlan.objects.values_list("level", "area").distinct().order_by()
    seen = [pair for pair in grounds if sees_report(actor, *pair)]
    plans = [row.pk for row in ReportPlan.objects.all() if (row.level, row.area) in seen]
    runs = ReportRun.objects.filter(plan__in=plans).select_related("plan")
    return list(runs.order_by("-until", "-pk")[:most])


def files_of(runs: Sequence[ReportRun]) -> Mapping[int, list[ReportFile]]:
    """The files of these reports, without their bytes."""
    found: dict[int, list[ReportFile]] = {}
    for row in ReportFile.objects.filter(run__in=runs).defer("content").order_by("format"):
        found.setdefault(row.run_id, []).append(row)
    return found


def report_file(run: int, suffix: str, actor: Actor) -> ReportFile:
    """One file; NotFound where there is none, or the actor may not see what it tells."""
    asked = ReportFile.objects.select_related("run__plan").filter(run=run, format=suffix[:8])
    row = asked.first() if run < MOST_KEY else None
    if row is None or not sees_report(actor, row.run.plan.level, row.run.plan.area):
        raise NotFound("evaluation.no_such_report")
    return row


def options_of(run: ReportRun) -> dict[str, str]:
    """The question of a report, as the address of its board asks it."""
    plan = run.plan
    told = {"level": plan.level, "within": plan.within, "scheme": plan.scheme, "show": plan.show}
    told |= {"period": plan.every, "on": run.since.isoformat(), "language": plan.language}
    return {name: text for name, text in told.items() if text}


def tidings(entry: EntryView) -> Sequence[Tidings]:
    """Whom the news of a report concerns: who asked for it."""
    run = ReportRun.objects.select_related("plan").filter(pk=int(entry.data["run"])).first()
    if run is None:
        return []
    plan = run.plan
    values = {
        "report": {lang: pick(rules.LEVELS[plan.level], lang) + (f" {plan.within}" if plan.within else "")
                   for lang in ("zh", "en")},
        "period": {"zh": f"{entry.data['since']} – {entry.data['last']}"},
        "state": STATES[entry.data["state"]],
    }  # fmt: skip
    sees = partial(_holds, RIGHT)
    return [Tidings(REPORT_READY, {plan.owner_id}, values, "/scores/reports/", sees)]


def _holds(right: str, actor: Actor) -> bool:
    return actor.holds(right)
