"""Appeals: of which cases, and who may decide. Pure; the city's rule says what it is strict about."""

from collections.abc import Iterable
from typing import Protocol


class Rule(Protocol):
    """Of which cases a city allows appeals, and how many people must grant one."""

    closed: bool
    late: bool
    reviewers: int


def unfit(rule: Rule, *, closed: bool, late: bool) -> str:
    """Why a case that stands so is none to appeal, as the code of a sentence; "" where it is one."""
    if rule.closed and not closed:
        return "evaluation.appeal_not_closed"
    return "evaluation.appeal_not_late" if rule.late and not late else ""


def is_judge(actor: str, works_for: str, asked_by: str, department: str, before: Iterable[str] = ()) -> bool:
    """Whether a person may grant or refuse: not who asked, nobody of that department, and nobody twice."""
    own = bool(works_for) and (works_for == department or works_for.startswith(f"{department}."))
    return actor != asked_by and actor not in before and not own
