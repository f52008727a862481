"""Measures, service, money, remedies and enforcement."""

from datetime import time
from decimal import Decimal

from core.steps import Refusal
from enforcement.contracts import MeasureKind, Penalty, Served
from enforcement.rules.articles import Law, article, coercion, penalty
from enforcement.rules.facts import DossierFacts, Given, Held, World
from enforcement.rules.guards.saying import barred, word, wrong
from enforcement.rules.money import sums_up
from enforcement.rules.periods import LAW, works

NIGHT_ENDS, NIGHT_BEGINS = time(6), time(22)
"""What night is, the law does not say; these are customary [I]."""


def _named(facts: DossierFacts, given: Given) -> Held | None:
    return next((one for one in facts.held() if one.number == given.get("measure")), None)


def measure(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A measure of this file that is on."""
    return None if _named(facts, given) else wrong("enforcement.no_measure", coercion(24))


def seizure(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Registered preservation is never prolonged: within seven days something is decided about it."""
    found = _named(facts, given)
    kept = found is not None and found.kind is MeasureKind.PRESERVE
    return wrong("enforcement.preservation_ends", penalty(56)) if kept else None


def not_prolonged(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Once, and no more."""
    found = _named(facts, given)
    again = found is not None and found.prolonged
    return wrong("enforcement.prolonged_already", coercion(25)) if again else None


def not_lapsed(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Only while it runs."""
    found = _named(facts, given)
    over = found is not None and world.today > found.until
    return wrong("enforcement.measure_lapsed", coercion(25), until=found.until) if found and over else None


def list_signed(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The list is made in two copies, of which the party has one."""
    return None if given.get("list_signed") else wrong("enforcement.list_not_signed", coercion(24))


def released(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Nothing is held any more where a file ends."""
    return barred("enforcement.still_held", coercion(28), many=len(facts.held())) if facts.held() else None


def service_fits(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Electronic service needs a consent that was signed, leaving it somewhere a witness."""
    way = given.get("way")
    if way not in frozenset(Served):
        return wrong("enforcement.needs_way", penalty(61))
    if way == Served.ELECTRONIC and not given.get("consent"):
        return wrong("enforcement.needs_consent", penalty(61))
    lacks = way == Served.LEFT and not given.get("witness")
    return wrong("enforcement.needs_witness", penalty(61)) if lacks else None


def not_lodged(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Once."""
    return barred("enforcement.lodged_already", penalty(52)) if facts.lodged_on else None


def lodged(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A decision on the spot is lodged with the agency."""
    lacks = facts.simple and facts.lodged_on is None
    return barred("enforcement.not_lodged", penalty(52)) if lacks else None


def owing(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Something is owed."""
    return None if facts.owed(world.today).total > 0 else barred("enforcement.nothing_owed", penalty(67))


def amount(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """An amount above nothing."""
    return None if (given.get("amount") or 0) > 0 else wrong("enforcement.needs_amount", penalty(67))


def not_more(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Never more than the fine and its surcharge, which is never more than the fine."""
    owed = facts.owed(world.today).total
    return wrong("enforcement.more_than_owed", penalty(72), owed=owed) if (given.get("amount") or 0) > owed else None


def cash_allowed(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Who fines does not collect: cash only to a hundred yuan, or where it could not be collected later."""
    small = (given.get("amount") or 0) <= LAW.cash
    barred = given.get("cash") and not small and not given.get("why_cash")
    return wrong("enforcement.no_cash", penalty(68), most=LAW.cash) if barred else None


def plan(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Parts that are the fine, asked for before anything is overdue, the first of them still to come."""
    if facts.in_default(world.today):
        return barred("enforcement.plan_too_late", penalty(66))
    parts = tuple(given.get("plan") or ())
    right = sums_up(facts.fine, parts) and parts[0][0] >= world.today
    return None if right else wrong("enforcement.plan_does_not_sum", penalty(66), fine=facts.fine)


def remedy_open(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Review is asked for within sixty days, suit brought within six months."""
    law = article(Law.REVIEW, 20) if given.get("of") != "suit" else article(Law.SUIT, 46)
    until = facts.reconsider_until if given.get("of") != "suit" else facts.suit_until
    return None if until and world.today <= until else wrong("enforcement.remedy_lapsed", law, until=until)


def not_challenged(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """No review or suit is on."""
    return barred("enforcement.challenged", penalty(73)) if facts.challenged else None


def challenged(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A review or suit is on."""
    return None if facts.challenged else barred("enforcement.not_challenged", penalty(73))


def in_default(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The term is over, and something was not paid or done."""
    return None if facts.in_default(world.today) else barred("enforcement.not_in_default", coercion(35))


def to_perform(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The decision asks for something beside money."""
    return None if facts.to_be_performed else barred("enforcement.nothing_to_perform", penalty(66))


def performed(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """It was done."""
    return barred("enforcement.not_performed", penalty(66)) if facts.to_be_performed else None


def paid_up(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Fine and surcharge are paid."""
    owed = facts.owed(world.today).total
    return barred("enforcement.not_paid", penalty(67), owed=owed) if owed > Decimal(0) else None


def urge_heard(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """What the party said to the urging was heard, or its term is over."""
    over = facts.urge_until is not None and world.today > facts.urge_until
    return None if facts.urge_heard or over else barred("enforcement.urge_open", coercion(36), until=facts.urge_until)


def urge_over(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Ten days after the urging."""
    over = facts.urge_until is not None and world.today > facts.urge_until
    return None if over else barred("enforcement.urge_open", coercion(54), until=facts.urge_until)


def own_force(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Only where a law lets the agency enforce itself; else the court does."""
    able = facts.cause is not None and facts.cause.own_force
    return None if able else barred("enforcement.court_only", coercion(13))


def remedies_lapsed(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A building is removed by force only after the time for review and suit is over."""
    until = max((day for day in (facts.reconsider_until, facts.suit_until) if day), default=None)
    early = Penalty.REMOVAL in facts.kinds and (until is None or world.today <= until)
    return barred("enforcement.remedies_open", coercion(44), until=until) if early else None


def suit_lapsed(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The court is asked only when neither review nor suit can be brought any more."""
    until = max((day for day in (facts.reconsider_until, facts.suit_until) if day), default=None)
    early = until is None or world.today <= until
    return barred("enforcement.remedies_open", coercion(53), until=until) if early else None


def court_in_time(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Within three months."""
    late = facts.court_until is None or world.today > facts.court_until
    return barred("enforcement.court_too_late", coercion(53), until=facts.court_until) if late else None


def by_day(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Not at night and not on days of rest, except in an emergency."""
    if given.get("urgent"):
        return None
    day = NIGHT_ENDS <= world.now.time() < NIGHT_BEGINS and works(world.calendar, world.today)
    return None if day else barred("enforcement.night_or_holiday", coercion(43))


things = word("things", "enforcement.needs_things", coercion(24))
said = word("said", "enforcement.needs_said", coercion(36))
