"""From the clue to the decision: cause, evidence, notice, plea, hearing, review, discussion, the ninety days."""

from core.steps import Refusal
from enforcement.contracts import PartyKind, Penalty, Plea
from enforcement.rules import periods
from enforcement.rules.articles import penalty
from enforcement.rules.facts import DossierFacts, Given, World
from enforcement.rules.guards.saying import barred, word, wrong
from enforcement.rules.periods import LAW

SPARED_FOR = frozenset({"minor_corrected", "first_minor", "no_fault", "not_proved"})


def simple(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Only a file of the simple procedure."""
    return None if facts.simple else barred("enforcement.not_simple", penalty(51))


def ordinary(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Only a file of the ordinary procedure is filed."""
    return barred("enforcement.not_ordinary", penalty(54)) if facts.simple else None


def cause_in_force(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A clause of the power list that was in force on the day of the act; without a basis there is no penalty."""
    cause = facts.cause
    if cause is None:
        return barred("enforcement.no_cause", penalty(38))
    begun = cause.since <= facts.act_on
    over = cause.until is not None and facts.act_on > cause.until
    return None if begun and not over else barred("enforcement.cause_not_in_force", penalty(37), day=facts.act_on)


def limitation(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Two years from the end of the act, five where life, health or money were harmed."""
    years = LAW.limitation_harm_years if facts.harm else LAW.limitation_years
    until = periods.years(facts.act_on, years)
    return None if world.today <= until else barred("enforcement.limitation", penalty(36), until=until, years=years)


def kinds(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A penalty is named, and only of kinds that the clause knows."""
    named = frozenset(given.get("kinds") or ())
    if not named:
        return wrong("enforcement.needs_kinds", penalty(59))
    known = facts.cause.penalties if facts.cause else frozenset()
    return None if named <= known else wrong("enforcement.kind_not_in_clause", penalty(38))


def in_band(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A fine lies in the published band that was chosen; no fine without a band."""
    fine = given.get("fine") or 0
    if (Penalty.FINE in (given.get("kinds") or ())) != (fine > 0):
        return wrong("enforcement.fine_and_kind", penalty(59))
    if not fine:
        return None
    band = facts.cause.band(str(given.get("band") or "")) if facts.cause else None
    if band is None:
        return wrong("enforcement.needs_band", penalty(34))
    if band.low <= fine <= band.high:
        return None
    return wrong("enforcement.out_of_band", penalty(34), low=band.low, high=band.high)


def simple_kinds(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """On the spot only a warning or a fine."""
    named = frozenset(given.get("kinds") or ())
    if not named:
        return wrong("enforcement.needs_kinds", penalty(59))
    known = facts.cause.penalties if facts.cause else frozenset()
    right = named <= {Penalty.WARNING, Penalty.FINE} and named <= known
    return None if right else wrong("enforcement.not_on_the_spot", penalty(51))


def simple_limit(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """At most 200 yuan of a citizen, 3,000 of an organisation."""
    most = LAW.simple_citizen if facts.party is PartyKind.CITIZEN else LAW.simple_organisation
    over = (given.get("fine") or 0) > most
    return wrong("enforcement.over_simple_limit", penalty(51), most=most) if over else None


def told_at_once(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The party was told facts, basis and rights, and what it said was heard."""
    if not given.get("told"):
        return wrong("enforcement.rights_not_told", penalty(44))
    return None if str(given.get("said") or "").strip() else wrong("enforcement.needs_plea", penalty(45))


def rights_told(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The notice names the rights to state, to defend and, where there is one, to a hearing."""
    return None if given.get("told") else wrong("enforcement.rights_not_told", penalty(44))


def evidence(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Nothing is concluded without evidence."""
    return None if facts.exhibits else barred("enforcement.no_evidence", penalty(46))


def examined(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Electronic records are examined before they are used."""
    raw = any(one.electronic and not one.examined for one in facts.exhibits)
    return barred("enforcement.not_examined", penalty(41)) if raw else None


def unexamined(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """There is something to examine."""
    raw = any(one.electronic and not one.examined for one in facts.exhibits)
    return None if raw else barred("enforcement.nothing_to_examine", penalty(41))


def noticed(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """No decision without notice."""
    return None if facts.noticed_on else barred("enforcement.no_notice", penalty(44))


def plea_over(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The plea was heard or its time is over; who waived it in writing waits for nothing."""
    if facts.plea is None:
        return barred("enforcement.plea_open", penalty(45), until=facts.plea_until)
    if facts.plea is Plea.WAIVED or facts.heard_on or (facts.plea_until and world.today > facts.plea_until):
        return None
    return barred("enforcement.plea_open", penalty(45), until=facts.plea_until)


def plea(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """What was said and how it was checked again; a waiver in writing; or the time that went by."""
    how = given.get("how")
    if how not in frozenset(Plea):
        return wrong("enforcement.needs_how", penalty(45))
    if how == Plea.SAID and not (given.get("said") and given.get("rechecked")):
        return wrong("enforcement.needs_recheck", penalty(45))
    if how == Plea.WAIVED and not given.get("receipt"):
        return wrong("enforcement.needs_waiver", penalty(45))
    if how == Plea.SILENT and not (facts.plea_until and world.today > facts.plea_until):
        return barred("enforcement.plea_open", penalty(45), until=facts.plea_until)
    return None


def plea_not_heavier(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Nobody is punished harder for pleading, nor for what was never told."""
    more = (given.get("fine") or 0) > facts.noticed_fine
    other = frozenset(given.get("kinds") or ()) - facts.noticed_kinds
    return wrong("enforcement.heavier_than_told", penalty(45), fine=facts.noticed_fine) if more or other else None


def hearing_right(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Only some penalties give a right to a hearing."""
    return None if facts.hearing_right(world.local) else barred("enforcement.no_hearing_right", penalty(63))


def hearing_asked_in_time(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Asked for once, within five working days of the notice."""
    if facts.hearing_asked_on:
        return barred("enforcement.hearing_asked_already", penalty(64))
    until = facts.hearing_until
    return None if until and world.today <= until else barred("enforcement.hearing_too_late", penalty(64), until=until)


def hearing_ahead(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The party is told seven working days ahead."""
    first = periods.working_days(world.calendar, world.today, LAW.hearing_notice_days)
    day = given.get("on")
    return None if day and day >= first else wrong("enforcement.hearing_too_soon", penalty(64), first=first)


def hearing_called(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """It was called."""
    return None if facts.hearing_on else barred("enforcement.hearing_not_called", penalty(64))


def hearing_day(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Its day has come."""
    come = facts.hearing_on is not None and world.today >= facts.hearing_on
    return None if come else barred("enforcement.hearing_not_yet", penalty(64), day=facts.hearing_on)


def hearing_over(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A right to a hearing was used, waived in writing, or its five days are over."""
    if not facts.hearing_right(world.local) or facts.heard_on or facts.plea is Plea.WAIVED:
        return None
    if facts.hearing_until and world.today > facts.hearing_until:
        return None
    return barred("enforcement.hearing_open", penalty(64), until=facts.hearing_until)


def review_done(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Where a legal review is due, nothing is decided without one."""
    lacks = facts.review_due() and facts.reviewed_on is None
    return barred("enforcement.needs_review", penalty(58)) if lacks else None


def discussion_done(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """What is complex or grave is discussed by the heads together."""
    lacks = facts.discussion_due(world.local) and facts.discussed_on is None
    return barred("enforcement.needs_discussion", penalty(57)) if lacks else None


def in_time(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Within ninety days of filing, and what they were extended by."""
    late = facts.decide_until is None or world.today > facts.decide_until
    return barred("enforcement.decision_too_late", penalty(60), until=facts.decide_until) if late else None


def extensible(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """So often as the city allows."""
    most = world.local.extensions
    return None if facts.extended < most else barred("enforcement.extended_enough", penalty(60), most=most)


def spare_ground(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A ground on which the law spares."""
    return None if given.get("ground") in SPARED_FOR else wrong("enforcement.needs_spare_ground", penalty(33))


def service_day(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A decision is served on or after its day, and not in the future."""
    day, decided = given.get("on") or world.today, facts.decided_on
    right = decided is not None and decided <= day <= world.today
    return None if right else wrong("enforcement.service_day", penalty(61))


title = word("title", "enforcement.needs_title", penalty(46))
summary = word("summary", "enforcement.needs_summary", penalty(57))
record = word("record", "enforcement.needs_record", penalty(64))
receipt = word("receipt", "enforcement.needs_receipt", penalty(61))
