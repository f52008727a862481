"""What is owed: the fine, its instalments, what was paid, and the surcharge that never passes the fine. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from enforcement.rules.periods import LAW

CENT = Decimal("0.01")
Part = tuple[date, Decimal]
Pause = tuple[date, date | None]


class Debt(NamedTuple):
    """What stands open: of the fine, of the surcharge; and the surcharge that has grown, paid or not."""

    fine: Decimal
    surcharge: Decimal
    grown: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.fine + self.surcharge


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def debt(fine: Decimal, parts: Sequence[Part], paid: Iterable[Part], today: date, pauses: Sequence[Pause] = ()) -> Debt:
    """What is owed on that day, of which `parts` say what falls due when.

    Payments count against the fine first [I]. Each day after a due date three per cent of what is due and not paid
    come on top (行政处罚法 72), not while a review or suit is on (73), and never more than the fine.
    """
    payments = sorted(paid)
    grown = _grown(fine, sorted(parts), payments, today, pauses)
    total = sum((amount for day, amount in payments if day <= today), Decimal(0))
    rest = max(total - fine, Decimal(0))
    return Debt(max(fine - total, Decimal(0)), max(grown - rest, Decimal(0)), grown)


def _grown(
    fine: Decimal, parts: Sequence[Part], payments: Sequence[Part], today: date, pauses: Sequence[Pause]
) -> Decimal:
    grown, share = Decimal(0), Decimal(LAW.surcharge_percent) / 100
    day = min((due for due, _amount in parts), default=today)
    while day < today and grown < fine:
        day += timedelta(days=1)
        due = sum((amount for moment, amount in parts if moment < day), Decimal(0))
        paid = sum((amount for moment, amount in payments if moment < day), Decimal(0))
        if paid >= fine:
            break
        if not any(begun <= day and (over is None or day <= over) for begun, over in pauses):
            grown += max(due - paid, Decimal(0)) * share
    return min(cents(grown), fine)


def sums_up(fine: Decimal, parts: Sequence[Part]) -> bool:
    """Whether the parts of an instalment plan are the fine, each of them something, one after the other."""
    days = [day for day, _amount in parts]
    whole = sum((amount for _day, amount in parts), Decimal(0)) == fine
    return whole and len(parts) > 1 and all(amount > 0 for _day, amount in parts) and days == sorted(set(days))
