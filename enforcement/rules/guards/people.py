"""Who may act: two officers with valid credentials, nobody in conflict, heads who did not investigate, no machine."""

from datetime import date

from core.steps import Refusal
from enforcement.contracts import Officer
from enforcement.rules.articles import Law, article, penalty
from enforcement.rules.facts import DossierFacts, Given, World
from enforcement.rules.guards.saying import barred, word, wrong

LEAST = 2


def person(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """A machine never files, fines or decides."""
    return None if world.actor.startswith("user:") else barred("enforcement.no_machine", article(Law.PERSON, 24))


def acting(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Whoever investigates is one of the officers of the file."""
    mine = any(one.key == world.actor for one in facts.officers)
    return None if mine else barred("enforcement.not_your_file", penalty(42))


def two_officers(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Never fewer than two."""
    many = len({one.key for one in facts.officers})
    return None if many >= LEAST else barred("enforcement.two_officers", penalty(42), many=many)


def valid(officer: Officer, day: date) -> bool:
    """Whether the credential is valid on that day."""
    return officer.since <= day <= officer.until


def credentials(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Each with a credential that is valid today."""
    lapsed = next((one for one in facts.officers if not valid(one, world.today)), None)
    if lapsed is None:
        return None
    return barred("enforcement.credential_lapsed", penalty(42), officer=lapsed.label, until=lapsed.until)


def recusal(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Nobody who has an interest in it or knows the party."""
    found = next((one for one in facts.officers if one.key in facts.recused), None)
    return barred("enforcement.recused", penalty(43), officer=found.label) if found else None


def officers(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Those who are named: two or more, each with a valid credential, none recused."""
    named = tuple(dict.fromkeys(given.get("officers") or ()))
    known = [world.credentials[key] for key in named if key in world.credentials]
    if len(known) < len(named):
        return wrong("enforcement.no_credential", penalty(42))
    if len(known) < LEAST:
        return wrong("enforcement.two_officers", penalty(42), many=len(known))
    for one in known:
        if one.key in facts.recused:
            return wrong("enforcement.recused", penalty(43), officer=one.label)
        if not valid(one, world.today):
            return wrong("enforcement.credential_lapsed", penalty(42), officer=one.label, until=one.until)
    return None


def of_the_file(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Whoever steps back is one of its officers."""
    found = any(one.key == given.get("officer") for one in facts.officers)
    return None if found else wrong("enforcement.not_of_the_file", penalty(43))


def not_investigator(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Who investigates neither reviews nor decides, nor does who has stepped back."""
    if any(one.key == world.actor for one in facts.officers):
        return barred("enforcement.investigates_too", penalty(57))
    back = world.actor in facts.recused
    return barred("enforcement.recused", penalty(43), officer=_called(world.actor, world)) if back else None


def _called(key: str, world: World) -> str:
    return world.credentials[key].label if key in world.credentials else key


def legal_reviewer(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The reviewer is qualified in law."""
    mine = world.credentials.get(world.actor)
    able = mine is not None and mine.legal and valid(mine, world.today)
    return None if able else barred("enforcement.not_qualified", penalty(58))


def chair(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """The hearing is chaired by somebody who did not investigate and has not stepped back."""
    named = str(given.get("chair") or "")
    if not named:
        return wrong("enforcement.needs_chair", penalty(64))
    if any(one.key == named for one in facts.officers):
        return wrong("enforcement.chair_investigates", penalty(64))
    back = named in facts.recused
    return wrong("enforcement.recused", penalty(43), officer=_called(named, world)) if back else None


def chair_acts(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Only who was named as chair holds it."""
    return None if facts.hearing_chair == world.actor else barred("enforcement.not_the_chair", penalty(64))


def members(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
    """Enough heads discuss it."""
    many = len(set(given.get("members") or ()))
    least = world.local.members
    return None if many >= least else wrong("enforcement.needs_members", penalty(57), least=least)


reason = word("reason", "enforcement.needs_reason", penalty(47))
opinion = word("opinion", "enforcement.needs_opinion", penalty(58))
minutes = word("minutes", "enforcement.needs_minutes", penalty(57))
