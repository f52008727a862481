"""The terms of a file that are still to come or have gone by, each with the article that it stands on."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.errors import Names
from enforcement import rules
from enforcement.contracts import MeasureKind, Stage
from enforcement.contracts.words import BY_ARTICLE, PERIODS, WHY
from enforcement.rules.articles import Law, article

SOON_DAYS = 3
LIVE = {
    "decide_until": rules.BEFORE_DECISION, "plea_until": (Stage.NOTIFIED,), "hearing_until": (Stage.NOTIFIED,),
    "hearing_on": (Stage.HEARING,), "serve_until": (Stage.DECIDED,), "urge_until": (Stage.URGED,),
    "court_until": (Stage.URGED,),
    "reconsider_until": (Stage.SERVED, Stage.URGED), "suit_until": (Stage.SERVED, Stage.URGED, Stage.ENFORCING),
}  # fmt: skip
"""In which stages somebody waits for a term."""


class Term(NamedTuple):
    """A term: its code, its last day, how many days are left, and how near it is (critical, serious or normal)."""

    code: str
    until: date
    left: int
    level: str

    @property
    def names(self) -> Names:
        """What it is called."""
        return Names(PERIODS[self.code])

    @property
    def why(self) -> Names:
        """How it is counted."""
        return Names(WHY[self.code])

    @property
    def article(self) -> Names:
        """The article it stands on."""
        law, number = BY_ARTICLE[self.code]
        return article(Law(law), number)


def terms_of(facts: rules.DossierFacts, today: date) -> list[Term]:
    """The terms that run, soonest first; one that is over stays until the file has gone on."""
    found = [
        (code, getattr(facts, code)) for code, stages in LIVE.items()
        if facts.stage in stages and getattr(facts, code) is not None
    ]  # fmt: skip
    if facts.stage in (Stage.SERVED, Stage.URGED) and facts.owed(today).fine > 0:
        found += [("pay_until", day) for day in _unpaid(facts)[:1]]
    for held in facts.held():
        found.append(("preservation" if held.kind is MeasureKind.PRESERVE else "seizure", held.until))
    return sorted((_term(code, until, today) for code, until in found), key=lambda one: one.until)


def _unpaid(facts: rules.DossierFacts) -> list[date]:
    """The days on which something falls due that is not paid yet."""
    paid, due, days = sum((amount for _day, amount in facts.payments), Decimal(0)), Decimal(0), []
    for day, amount in facts.parts:
        due += amount
        days += [day] if due > paid else []
    return days


def _term(code: str, until: date, today: date) -> Term:
    left = (until - today).days
    return Term(code, until, left, "critical" if left < 0 else "serious" if left <= SOON_DAYS else "normal")
