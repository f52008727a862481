"""Whom the news of a case concerns: those for whom it waits, whom its ladder names, its reporter at its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.utils import timezone

from accounts import selectors as accounts
from cases.contracts import DUE_SOON, ESCALATED, OCCASIONS, OVERDUE, TO_COORDINATE, UNASSIGNED
from cases.models import Case, Move, Rung
from cases.rules import BREACH, leader_of, waiting_duties
from cases.selectors.ties import reporters_of
from core.scope import Actor, Duty
from exchange.contracts.messages import Tidings, people_of
from journal.contracts import EntryView

_TASKED = {Duty.HANDLE: "handler", Duty.COLLECT: "collector"}
_ENDED, _MERGED, _PROGRESS = "case.ended", "case.merged", "case.progress"
_LADDER = frozenset({DUE_SOON, OVERDUE, ESCALATED})
_BELATED = 300
"""After so many seconds a message says that it comes late."""


def tidings(entry: EntryView) -> Sequence[Tidings]:
    """What an entry of a case is to people; nothing where the case has meanwhile gone on."""
    codes = [code for code, (_zh, _en, kinds) in OCCASIONS.items() if entry.kind in kinds]
    case = Case.objects.select_related("category").filter(number=entry.subject).first() if codes else None
    if case is None or case.stage != entry.data.get("stage"):
        return []
    rung = _rung(case, entry) if entry.kind in _LADDER else None
    over = _over(rung, entry) if rung is not None and entry.kind == ESCALATED else {}
    values = {**case_values(case, entry), **over}
    concerned = {code: _concerned(code, case, rung) for code in codes}
    sees = partial(sees_case, case)
    return [
        Tidings(code, people, values, f"/cases/{case.number}/", sees) for code, people in concerned.items() if people
    ]


def _concerned(code: str, case: Case, rung: Rung | None) -> set[int]:
    """Who reported it hears of its end, of its merging, and of how the case goes on that it was merged into."""
    if code == _MERGED:
        return people_of(case.reported_by)
    if code == _PROGRESS:
        return people_of(*reporters_of(case)) if case.absorbed else set()
    if code == _ENDED:
        return people_of(*reporters_of(case))
    if code == UNASSIGNED:
        return _last_handler(case)
    if code == TO_COORDINATE and not case.coordination:
        return set()
    return set().union(*(_named(name, case) for name in rung.tell)) if rung is not None else _waited_for(case)


def _last_handler(case: Case) -> set[int]:
    """Who had the case before the assignment was taken back."""
    move = Move.objects.filter(case=case, verb="revoke").order_by("-version").first()
    return people_of(str(move.given.get("handler", ""))) if move else set()


def _rung(case: Case, entry: EntryView) -> Rung | None:
    """The rung that the entry tells of: the last of its kind that this clock had reached by then."""
    rows = Rung.objects.filter(case=case, clock__kind=entry.data["clock"], told_at__lte=entry.at)
    if entry.kind == DUE_SOON:
        rows = rows.filter(code__startswith="w")
    else:
        rows = rows.filter(code=entry.data["rung"] if entry.kind == ESCALATED else BREACH)
    return rows.order_by("-told_at", "-id").first()


def _named(name: str, case: Case) -> set[int]:
    """The people that a ladder names: the post that has the case, its leader, the district's command, the city's."""
    if name == "post":
        return _waited_for(case)
    duties = {"leader": leader_of(case.stage), "district": Duty.COMMAND_DISTRICT, "city": Duty.COMMAND_CITY}
    return holders(duties[name], case)


def sees_case(case: Case, actor: Actor) -> bool:
    """Whether somebody may be told of the case."""
    return actor.may("case.see", org=case.org, area=case.area)


def _waited_for(case: Case) -> set[int]:
    found: set[int] = set()
    for duty in waiting_duties(case.stage):
        found |= people_of(getattr(case, _TASKED[duty])) if duty in _TASKED else holders(duty, case)
    return found


def holders(duty: str, case: Case) -> set[int]:
    """The people who have this duty over the case."""
    return {person.user_id for person in accounts.people_with(duty, org=case.org, area=case.area)}


def case_values(case: Case, entry: EntryView) -> Mapping[str, Mapping[str, str]]:
    """What fills the places that every message about a case has."""
    held = accounts.organisations().filter(path=case.org).first() if case.org else None
    due = moment_told(case.due_at) if case.due_at else ""
    return {
        "number": {"zh": case.number},
        "class": dict(case.category.names) if case.category else {},
        "place": {language: _where(case, language) for language in ("zh", "en")},
        "department": dict(held.names) if held else {},
        "due": {"zh": due},
        "by": {"zh": entry.actor_label},
    }


def _over(rung: Rung, entry: EntryView) -> Mapping[str, Mapping[str, str]]:
    """By how much it is over, and whether this should have been told before."""
    minutes = (rung.told_at - datetime.fromisoformat(entry.data["due_at"])).total_seconds() // 60
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    few = {"zh": f"{minutes:g} 分钟", "en": f"{minutes:g} min"}
    over = few if minutes < 60 else {"zh": f"{hours} 小时", "en": f"{hours} h"}
    then = moment_told(rung.at)
    late = {"zh": f"（应于 {then} 告知）", "en": f" (should have been told {then})"}
    belated = (rung.told_at - rung.at).total_seconds() > _BELATED
    return {"late": over, "belated": late if belated else {"zh": "", "en": ""}}


def moment_told(moment: datetime) -> str:
    """A day and a minute, as messages say it."""
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def _where(case: Case, language: str) -> str:
    parts = (case.place.get(language) or case.place.get("zh", ""), case.address)
    return " · ".join(part for part in parts if part)
