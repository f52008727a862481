"""What alarms call for becomes a case, one for each place and time; when the water is gone, the case is told so."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction

from cases.actions.intake import attach_clue, report
from cases.contracts import Source
from cases.selectors.finding import open_cases_near
from core import clock
from core.errors import DomainError
from core.languages import pick
from core.scope import Actor, machine
from journal.contracts import EntryView
from telemetry import actions as telemetry
from telemetry import selectors as alarms
from telemetry.contracts.alarms import LEVELS, Act

log = structlog.get_logger(__name__)
CALLER: Actor = machine("telemetry", "case.report", "case.see", label="物联感知")
INCIDENT = "alarm:"
METRES, MINUTES = 80.0, 60.0


def report_alarm(entry: EntryView) -> str:
    """There is a case for an alarm as grave as its rule says, or the one nearby that stands already; "" for none.

    Told again it is the same case. A class that the city has switched off makes none: the alarm stays on the desk.
    """
    if entry.data.get("late"):
        return ""
    act = entry.data.get("act", Act.RAISED)
    found = alarms.alarm_to_report(int(entry.data["alarm"]))
    if found is None:
        return ""
    row, says = found
    try:
        if row.case:
            return _told(row, str(act), int(entry.data["level"]), entry.id)
        if row.level < int(says["level"]) or row.ended_at is not None:
            return ""
        return _reported(row, says)
    except DomainError as error:
        log.warning("alarms.case_refused", alarm=row.pk, code=error.code)
        return ""


@transaction.atomic
def _reported(row: Any, says: Any) -> str:
    about, gauge = says.get("about", "place"), row.stream.asset if row.stream else ""
    component = {"station": row.station.asset, "gauge": gauge}.get(about, "")
    standing = _standing(row, says)
    if standing is not None:
        attach_clue(
            standing, actor=CALLER, source=Source.SENSOR, source_ref=f"alarm:{row.pk}", note=_words(row),
        )  # fmt: skip
        number = standing
    else:
        number = report(
            actor=CALLER, source=Source.SENSOR, source_ref=f"alarm:{row.pk}", category=says["category"],
            description=_words(row), incident=f"{INCIDENT}{row.rule.code}:{row.station.code}",
            reported_at=min(row.begun_at, clock.now()), lon=row.station.geom.x, lat=row.station.geom.y,
            component=component,
        ).number  # fmt: skip
    telemetry.link_case(row.pk, actor=CALLER, case=number)
    return number


def _standing(row: Any, says: Any) -> str | None:
    """The nearest case of the class that alarms opened so near and so lately, and that is not ended."""
    since = clock.now() - timedelta(minutes=float(says.get("minutes", MINUTES)))
    spot, metres = row.station.geom, float(says.get("metres", METRES))
    near = open_cases_near(spot.x, spot.y, metres, category=str(says["category"]))
    mine = [one for one in near if one.incident.startswith(INCIDENT) and one.reported_at >= since]
    return str(mine[0].number) if mine else None


def _told(row: Any, act: str, level: int, entry: int) -> str:
    """What became of the alarm is a further clue of its case, which people close; nothing closes itself."""
    said = {Act.CLEARED: "告警已解除，建议核实后结案", Act.RETRACTED: "告警因补报数据被撤回，建议核实"}
    note = said.get(Act(act)) or (f"告警等级变为{LEVELS[level][1]['zh']}" if act == Act.LEVEL else "")
    if note:
        attach_clue(
            row.case, actor=CALLER, source=Source.SENSOR, source_ref=f"alarm:{row.pk}:{act}:{entry}",
            note=f"{note}（{_words(row)}）",
        )  # fmt: skip
    return str(row.case)


def _words(row: Any) -> str:
    """The alarm in one Chinese line, as cases are written."""
    names = row.rule.versions.order_by("-number").first().document["names"]
    level = LEVELS[row.level][1]["zh"]
    where = pick(row.station.names, "zh")
    if row.stream is not None:
        return f"{where}：{pick(row.stream.names, 'zh')} {names['zh']}，{level}"
    return f"{where}：{names['zh']}，{level}，最大 {row.peak:g}"
