"""Whom the news of a case concerns: those for whom it waits, its department when late, its reporter at its end."""

from collections.abc import Mapping, Sequence
from functools import partial

from django.utils import timezone

from accounts import selectors as accounts
from cases.contracts import OCCASIONS, OVERDUE
from cases.models import Case
from cases.rules import waiting_duties
from cases.selectors.ties import reporters_of
from core.scope import Actor, Duty
from exchange.contracts.messages import Tidings, people_of
from journal.contracts import EntryView

_TASKED = {Duty.HANDLE: "handler", Duty.COLLECT: "collector"}
_ENDED, _MERGED, _PROGRESS = "case.ended", "case.merged", "case.progress"


def tidings(entry: EntryView) -> Sequence[Tidings]:
    """What an entry of a case is to people; nothing where the case has meanwhile gone on."""
    codes = [code for code, (_zh, _en, kinds) in OCCASIONS.items() if entry.kind in kinds]
    case = Case.objects.select_related("category").filter(number=entry.subject).first() if codes else None
    if case is None or case.stage != entry.data.get("stage"):
        return []
    values, sees = _values(case, entry), partial(_sees, case)
    concerned = {code: _concerned(code, entry.kind, case) for code in codes}
    return [
        Tidings(code, people, values, f"/cases/{case.number}/", sees) for code, people in concerned.items() if people
    ]


def _concerned(code: str, kind: str, case: Case) -> set[int]:
    """Who reported it hears of its end, of its merging, and of how the case goes on that it was merged into."""
    if code == _MERGED:
        return people_of(case.reported_by)
    if code == _PROGRESS:
        return people_of(*reporters_of(case)) if case.absorbed else set()
    if code == _ENDED:
        return people_of(*reporters_of(case))
    return _waited_for(case) | (_with(Duty.DESK, case) if kind == OVERDUE else set())


def _sees(case: Case, actor: Actor) -> bool:
    return actor.may("case.see", org=case.org, area=case.area)


def _waited_for(case: Case) -> set[int]:
    found: set[int] = set()
    for duty in waiting_duties(case.stage):
        found |= people_of(getattr(case, _TASKED[duty])) if duty in _TASKED else _with(duty, case)
    return found


def _with(duty: Duty, case: Case) -> set[int]:
    return {person.user_id for person in accounts.people_with(duty, org=case.org, area=case.area)}


def _values(case: Case, entry: EntryView) -> Mapping[str, Mapping[str, str]]:
    held = accounts.organisations().filter(path=case.org).first() if case.org else None
    due = f"{timezone.localtime(case.due_at):%m-%d %H:%M}" if case.due_at else ""
    return {
        "number": {"zh": case.number},
        "class": dict(case.category.names) if case.category else {},
        "place": {language: _where(case, language) for language in ("zh", "en")},
        "department": dict(held.names) if held else {},
        "due": {"zh": due},
        "by": {"zh": entry.actor_label},
    }


def _where(case: Case, language: str) -> str:
    parts = (case.place.get(language) or case.place.get("zh", ""), case.address)
    return " · ".join(part for part in parts if part)
