"""What a report says of itself: its title, and whatever it needs for being read a year later."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.languages import pick
from evaluation import rules
from evaluation.rules.reports import Report

MOMENT = "%Y-%m-%d %H:%M"


def title_of(report: Report) -> str:
    """What the report is called."""
    return _("City management evaluation: %(level)s, %(table)s") % {
        "level": pick(report.level), "table": pick(report.table),
    }  # fmt: skip


def span_of(report: Report) -> str:
    """Its first day and its last, and what kind of period that is."""
    period = report.period
    days = f"{period.since:%Y-%m-%d} – {period.last:%Y-%m-%d}"
    kind = rules.PERIODS.get(period.kind)
    return f"{days} ({pick(kind)})" if kind else days


def facts_of(report: Report, by: str, at: datetime) -> list[tuple[str, str]]:
    """Scope, period, scheme and version, what it was published by, and who made the report when."""
    facts = [
        (_("Scope"), pick(report.within) or _("the whole city")),
        (_("Lines"), pick(report.level)),
        (_("Table"), pick(report.table)),
        (_("Period of evaluation"), span_of(report)),
    ]
    judged = report.judged
    if judged is not None:
        version = _("Version %(version)s, valid from %(since)s.") % {
            "version": judged.version, "since": f"{judged.valid_from:%Y-%m-%d}",
        }  # fmt: skip
        facts += [(_("Scheme"), pick(judged.names)), (_("Version"), version)]
        if judged.source:
            facts.append((_("Where the scheme comes from"), judged.source))
        state = _("as it was counted when the report was made")
        if judged.published_at is not None:
            state = _("published by %(who)s, %(when)s") % {
                "who": judged.published_by, "when": localtime(judged.published_at).strftime(MOMENT),
            }  # fmt: skip
        facts.append((_("State"), state))
    return [*facts, (_("Made at"), localtime(at).strftime(MOMENT)), (_("Report made by"), by)]
