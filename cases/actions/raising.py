"""What registers call for becomes a case: a lapse, an overdue state, a step that raised a flag."""

import structlog

from cases.actions.intake import report
from cases.contracts import Source
from core.errors import DomainError
from core.scope import Actor, machine
from journal.contracts import EntryView
from registers import actions as registers
from registers import selectors as records
from registers.contracts import Raised

log = structlog.get_logger(__name__)
CALLER: Actor = machine("registers", "case.report", "case.see", label="台账提醒")


def report_raised(entry: EntryView) -> list[str]:
    """There is a case for each reaction that the register of the record has to this news; told again, the same ones.

    A class that the city has switched off makes no case: the flag on the record stays for whoever looks.
    """
    return [number for raised in records.raised_by(entry) if (number := _reported(raised))]


def _reported(raised: Raised) -> str:
    address = "" if raised.lon is not None or raised.asset else raised.named
    try:
        case = report(
            actor=CALLER, source=Source.SENSOR, source_ref=f"register:{raised.key}", category=raised.category,
            description=raised.text, address=address, incident=f"register:{raised.register}:{raised.number}",
            reported_at=raised.at, lon=raised.lon, lat=raised.lat, component=raised.asset,
        )  # fmt: skip
    except DomainError as error:
        log.warning("registers.case_refused", key=raised.key, code=error.code)
        return ""
    registers.note_case(raised.register, raised.number, actor=CALLER, case=case.number)
    return case.number
