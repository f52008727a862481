"""What a step makes of a file: new days, terms and sums. Pure, so that whole lives of files run in milliseconds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from enforcement.contracts import MeasureKind, Plea
from enforcement.rules import periods
from enforcement.rules.facts import DossierFacts, Exhibit, Given, Held, World
from enforcement.rules.periods import LAW

Changes = Mapping[str, Any]
Effect = Callable[[DossierFacts, Given, World], Changes]


def _penalty(given: Given) -> dict[str, Any]:
    """What was named; a band belongs to a fine, and without one there is none."""
    fine = given.get("fine") or Decimal(0)
    return {"kinds": frozenset(given["kinds"]), "fine": fine, "band": (given.get("band") or "") if fine else ""}


def _assign(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"officers": tuple(world.credentials[key] for key in dict.fromkeys(given["officers"]))}


def _recuse(facts: DossierFacts, given: Given, world: World) -> Changes:
    """Whoever steps back leaves the file and never comes back to it."""
    left = tuple(one for one in facts.officers if one.key != given["officer"])
    return {"officers": left, "recused": facts.recused | {given["officer"]}}


def _file(facts: DossierFacts, given: Given, world: World) -> Changes:
    until = periods.calendar_days(world.calendar, world.today, LAW.decide_days)
    return {"filed_on": world.today, "decide_until": until}


def _decide(facts: DossierFacts, given: Given, world: World) -> Changes:
    until = periods.working_days(world.calendar, world.today, LAW.service_days)
    return {**_penalty(given), "decided_on": world.today, "serve_until": until}


def _on_spot(facts: DossierFacts, given: Given, world: World) -> Changes:
    """Told, heard and decided in one go, and handed over on the same day."""
    told = {"noticed_on": world.today, "plea": Plea.SAID, "serve_until": world.today, "filed_on": world.today}
    return {**_decide(facts, given, world), **told}


def _gather(facts: DossierFacts, given: Given, world: World) -> Changes:
    new = Exhibit(str(given["title"])[:200], bool(given.get("electronic")))
    return {"exhibits": (*facts.exhibits, new)}


def _examine(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"exhibits": tuple(one._replace(examined=True) for one in facts.exhibits)}


def _hold(facts: DossierFacts, kind: MeasureKind, world: World) -> Changes:
    number = max((one.number for one in facts.measures), default=0) + 1
    if kind is MeasureKind.PRESERVE:
        until = periods.working_days(world.calendar, world.today, LAW.preserve_days)
    else:
        until = periods.strict_days(world.today, LAW.seizure_days)
    return {"measures": (*facts.measures, Held(number, kind, world.today, until))}


def _preserve(facts: DossierFacts, given: Given, world: World) -> Changes:
    return _hold(facts, MeasureKind.PRESERVE, world)


def _seize(facts: DossierFacts, given: Given, world: World) -> Changes:
    kind = MeasureKind.SEAL if given.get("kind") == MeasureKind.SEAL else MeasureKind.DETAIN
    return _hold(facts, kind, world)


def _changed(facts: DossierFacts, number: int, **change: Any) -> Changes:
    return {"measures": tuple(one._replace(**change) if one.number == number else one for one in facts.measures)}


def _prolong(facts: DossierFacts, given: Given, world: World) -> Changes:
    held = next(one for one in facts.measures if one.number == given["measure"])
    until = periods.strict_days(held.until, LAW.seizure_days)
    return _changed(facts, held.number, until=until, prolonged=True)


def _release(facts: DossierFacts, given: Given, world: World) -> Changes:
    return _changed(facts, given["measure"], released=world.today)


def _conclude(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"complex": bool(given.get("complex")), "public_interest": bool(given.get("public_interest"))}


def _extend(facts: DossierFacts, given: Given, world: World) -> Changes:
    begun = facts.decide_until or world.today
    until = periods.calendar_days(world.calendar, begun, world.local.extension_days)
    return {"decide_until": until, "extended": facts.extended + 1}


def _notify(facts: DossierFacts, given: Given, world: World) -> Changes:
    kinds, fine, band = (_penalty(given)[name] for name in ("kinds", "fine", "band"))
    told = replace(facts, noticed_kinds=kinds, noticed_fine=fine)
    asked = periods.working_days(world.calendar, world.today, LAW.hearing_request_days)
    return {
        "noticed_on": world.today, "noticed_kinds": kinds, "noticed_fine": fine, "band": band,
        "plea_until": periods.working_days(world.calendar, world.today, world.local.plea_days),
        "hearing_until": asked if told.hearing_right(world.local) else None,
    }  # fmt: skip


def _hear(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"plea": Plea(given["how"])}


def _ask_hearing(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"hearing_asked_on": world.today}


def _call_hearing(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"hearing_on": given["on"], "hearing_chair": given["chair"]}


def _hold_hearing(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"heard_on": world.today, "plea": Plea.SAID}


def _forgo(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"hearing_on": None, "hearing_chair": ""}


def _review(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"reviewed_on": world.today}


def _discuss(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"discussed_on": world.today}


def _again(facts: DossierFacts, given: Given, world: World) -> Changes:
    """Other facts want another notice, another plea and another review."""
    return {
        "noticed_on": None, "noticed_kinds": frozenset(), "noticed_fine": Decimal(0), "band": "", "plea": None,
        "plea_until": None, "hearing_until": None, "hearing_asked_on": None, "hearing_on": None, "hearing_chair": "",
        "heard_on": None, "reviewed_on": None, "discussed_on": None,
    }  # fmt: skip


def _serve(facts: DossierFacts, given: Given, world: World) -> Changes:
    """The party's terms run from the day of service; what is announced counts as served when its time is over."""
    day = given.get("on") or world.today
    if given.get("way") == "announced":
        day = periods.strict_days(day, world.local.announced_days)
    pay = periods.calendar_days(world.calendar, day, LAW.payment_days)
    suit = periods.months(world.calendar, day, LAW.suit_months)
    return {
        "served_on": day, "parts": ((pay, facts.fine),),
        "reconsider_until": periods.calendar_days(world.calendar, day, LAW.reconsider_days), "suit_until": suit,
        "court_until": periods.months(world.calendar, suit, LAW.court_months),
    }  # fmt: skip


def _pay(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"payments": (*facts.payments, (world.today, given["amount"]))}


def _instal(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"parts": tuple(given["plan"])}


def _challenge(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"pauses": (*facts.pauses, (world.today, None))}


def _uphold(facts: DossierFacts, given: Given, world: World) -> Changes:
    """After a review suit may be brought within fifteen days; after a suit nothing is left to bring."""
    closed = tuple((begun, over or world.today) for begun, over in facts.pauses)
    suit = periods.calendar_days(world.calendar, world.today, LAW.suit_after_review_days)
    suit = world.today if given.get("of") == "suit" else suit
    court = periods.months(world.calendar, suit, LAW.court_months)
    ended = min(facts.reconsider_until, world.today) if facts.reconsider_until else None
    return {"pauses": closed, "suit_until": suit, "court_until": court, "reconsider_until": ended}


def _perform(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"performed_on": world.today}


def _lodge(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"lodged_on": world.today}


def _urge(facts: DossierFacts, given: Given, world: World) -> Changes:
    until = periods.working_days(world.calendar, world.today, LAW.urge_days)
    return {"urged_on": world.today, "urge_until": until}


def _hear_urged(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {"urge_heard": True}


def _nothing(facts: DossierFacts, given: Given, world: World) -> Changes:
    return {}


EFFECTS: Mapping[str, Effect] = {
    "assign": _assign, "recuse": _recuse, "file": _file, "decide_on_spot": _on_spot, "gather": _gather,
    "examine": _examine, "preserve": _preserve, "seize": _seize, "prolong": _prolong, "release": _release,
    "conclude": _conclude, "extend": _extend, "notify": _notify, "hear_plea": _hear, "ask_hearing": _ask_hearing,
    "call_hearing": _call_hearing, "hold_hearing": _hold_hearing, "forgo_hearing": _forgo, "review": _review,
    "discuss": _discuss, "decide": _decide, "reinvestigate": _again, "serve": _serve, "lodge": _lodge, "pay": _pay,
    "instal": _instal, "challenge": _challenge, "uphold": _uphold, "perform": _perform, "urge": _urge,
    "hear_urged": _hear_urged, "carry_out": _perform,
}  # fmt: skip


def effect(verb: str, facts: DossierFacts, given: Given, world: World) -> Changes:
    """The fields of the file that the step changes, beside its stage."""
    return EFFECTS.get(verb, _nothing)(facts, given, world)
