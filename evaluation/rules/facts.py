"""A case's record as one row of facts: the words that the measures count. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from cases.contracts import CaseRecord, Satisfaction, Source, Work, WorkDone

PUBLIC = frozenset({Source.CITIZEN, Source.PHONE, Source.HOTLINE})
"""Whoever tells through these is of the public."""
IMPORTANT = frozenset({Source.LEADER, Source.OPINION})
"""What leaders and media raise counts double in some cities (domain.md 7, SCORE)."""
_SAME = (
    "stage", "source", "category", "area", "org", "left", "reported_by", "reported_at", "returned_at", "shirked_at",
    "deferred_at", "voided_at", "voided_by", "part", "split", "settled", "refused", "urgent", "reworks", "returns",
    "extensions", "visited_at", "forced_at",
)  # fmt: skip
"""What the record and the fact call by the same word."""


def facts_of(record: CaseRecord, excused: bool = False) -> dict[str, Any]:
    """The columns of the fact, by name; `excused` where evaluation granted an appeal."""
    level = dict(enumerate(record.area.split(".")))
    alive = record.stage not in ("rejected", "voided")
    valid = (record.registered and alive) or record.settled
    public, patrol = record.source in PUBLIC, record.source == Source.COLLECTOR
    missed = public and record.registered and alive and not record.merged and bool(record.area)
    facts: dict[str, Any] = {
        "district": level.get(1, ""),
        "street": level.get(2, ""),
        "community": level.get(3, ""),
        "alive": alive,
        "valid": valid,
        "public": public,
        "missed": missed,
        "observed": (patrol and valid) or missed,
        "important": record.source in IMPORTANT,
        "answered": record.satisfaction not in ("", Satisfaction.UNREACHED),
        "satisfied": record.satisfaction == Satisfaction.SATISFIED,
        "unsatisfied": record.satisfaction == Satisfaction.UNSATISFIED,
        "hotline": record.source == Source.HOTLINE,
        "stood_from": record.reopened_at,
        "stood_until": record.stood_until,
        "exempt": record.exempt or excused,
        "excused": excused,
    }
    return {name: getattr(record, name) for name in _SAME} | facts | _works(record)


class Excused(Protocol):
    """A fact as it was kept last."""

    excused: bool
    kept_at: datetime


def stays_excused(fact: Excused, record: CaseRecord) -> bool:
    """Whether what an appeal granted still holds: not for a case that was opened again since, and is owed anew."""
    return fact.excused and not (record.reopened_at is not None and record.reopened_at >= fact.kept_at)


def was_excused(granted: Iterable[datetime], record: CaseRecord) -> bool:
    """Whether an appeal was granted while the case stood so, before it was opened again."""
    since, until = record.reopened_at, record.stood_until
    return any((since is None or at >= since) and (until is None or at < until) for at in granted)


def _works(record: CaseRecord) -> dict[str, Any]:
    """Owed, done, by whom and late, for each post; columns are told of work that never came up too."""
    told: dict[str, Any] = {}
    for work in Work:
        done: WorkDone | None = record.works.get(work)
        told[f"{work}_by"] = done.by if done else ""
        told[f"{work}_late"] = bool(done and done.late)
        if work in (Work.ACCEPT, Work.REGISTER):
            continue
        told[f"{work}_owed"] = done.owed_at if done else None
        told["closed_at" if work == Work.CLOSE else f"{work}_at"] = done.at if done else None
    accept, register = record.works.get(Work.ACCEPT), record.works.get(Work.REGISTER)
    came_on = register is not None or record.registered
    told["accepted_at"] = accept.at if accept and came_on else None
    told["registered_at"] = register.at if register and record.registered else None
    handle = record.works.get(Work.HANDLE)
    told["held"] = bool(record.held_since and (handle is None or record.held_since <= handle.owed_at))
    return told
