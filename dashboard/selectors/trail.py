"""Questions about the audit trail: what an auditor asks for, as a request says it, and the entries with reasons."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.timezone import get_current_timezone

from cases import selectors as cases
from core.errors import Invalid
from core.scope import Actor
from grid import selectors as grid
from journal import selectors as journal
from journal.selectors import Asked, AuditRow

FILTERS = ("person", "kind", "subject", "district", "since", "until")


class TrailRow(NamedTuple):
    """An entry with what it changed, and why: as it says itself, or as the step said to who may see the case."""

    row: AuditRow
    why: str


def trail_filters(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters that were filled in; Invalid where one is too long or no text."""
    given = {name: asked.get(name, "").strip() for name in FILTERS}
    for name, value in given.items():
        if "\x00" in value or len(value) > 100:
            raise Invalid("audit.bad_filter", name=name, value=value[:40].replace("\x00", ""))
    return {name: value for name, value in given.items() if value}


def trail_asked(given: Mapping[str, str]) -> Asked:
    """The same as the journal asks it; Invalid where a day or a district is none."""
    until = _midnight(given, "until")
    return Asked(
        person=given.get("person", ""),
        kind=given.get("kind", ""),
        subject=given.get("subject", ""),
        area=_area(given.get("district", "")),
        since=_midnight(given, "since"),
        until=until + timedelta(days=1) if until else None,
    )


def trail_number(text: str, name: str = "before", most: int = 10**18) -> int:
    """A number of a request; Invalid where it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) <= most):
        raise Invalid("audit.bad_filter", name=name, value=text[:40])
    return int(text)


def trail(actor: Actor, asked: Asked, *, before: int = 0, limit: int = 50) -> list[TrailRow]:
    """The newest entries on the auditor's ground that fit, below the row `before`, each with its reason."""
    rows = journal.audit(actor, asked, before=before, limit=limit)
    given = _reasons(actor, rows)
    return [
        TrailRow(
            row,
            row.entry.data.get("reason") or row.entry.data.get("detail") or given.get(_step(row) or ("", 0), ""),
        )
        for row in rows
    ]


def _reasons(actor: Actor, rows: Sequence[AuditRow]) -> Mapping[tuple[str, int], str]:
    steps: Iterable[tuple[str, int] | None] = [_step(row) for row in rows if row.entry.kind.startswith("case.")]
    return cases.reasons(actor, [step for step in steps if step is not None])


def _step(row: AuditRow) -> tuple[str, int] | None:
    version = row.entry.data.get("version")
    return (row.entry.subject, version) if isinstance(version, int) else None


def _midnight(given: Mapping[str, str], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        day = date.fromisoformat(given[name])
    except ValueError as error:
        raise Invalid("audit.bad_filter", name=name, value=given[name]) from error
    if not 1970 <= day.year <= 2999:
        raise Invalid("audit.bad_filter", name=name, value=given[name])
    return datetime.combine(day, time.min, get_current_timezone())


def _area(code: str) -> str:
    if not code:
        return ""
    found = next((one.path for one in grid.region_names_at("district") if one.code == code), "")
    if not found:
        raise Invalid("audit.bad_filter", name="district", value=code)
    return found
