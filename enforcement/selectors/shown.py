"""What is shown of a file: the party masked or whole for a reason, its past, its next steps, who looked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from cases import selectors as cases
from core import clock
from core.errors import Forbidden
from core.personal import masked_identity, masked_name, masked_phone
from core.scope import Actor
from core.steps import Refusal
from enforcement import rules
from enforcement.contracts import ENDS, SEE, Penalty, Stage
from enforcement.models import Dossier, Look, Party
from enforcement.selectors.files import facts_of, local_today, offices_of, visible_to, world_for
from enforcement.selectors.terms import Term, terms_of

PERSON_SEE, PERSON_UNMASK = "person.see", "person.unmask"
LOOK_LASTS, LOOKS_PER_HOUR = timedelta(minutes=15), 20
OUTLIER_SHARE = Decimal("0.9")


class PartyShown(NamedTuple):
    """A party as somebody sees it."""

    name: str
    identity: str
    phone: str
    address: str


class Next(NamedTuple):
    """A step that may follow, and why it may not."""

    verb: str
    no: Refusal | None
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """A file as the law sees it now, for one reader."""

    facts: rules.DossierFacts
    terms: Sequence[Term]
    nexts: Sequence[Next]
    debt: rules.Debt


def standing_of(row: Dossier, actor: Actor) -> Standing:
    """The facts of a file, its terms, what may follow and what is owed."""
    world, offices = world_for(row, actor), offices_of(row, actor)
    facts = facts_of(row, world.credentials)
    nexts = [Next(step.verb, no, rules.ASKS.get(step.verb, ())) for step, no in rules.open_steps(facts, world, offices)]
    return Standing(facts, terms_of(facts, world.today), nexts, facts.owed(world.today))


def may_see_party(row: Dossier, actor: Actor) -> bool:
    """Whether the actor may see the party of this file masked; who may not sees nothing of it on papers either."""
    return actor.may(PERSON_SEE, org=row.org, area=row.area)


def party_shown(row: Dossier, actor: Actor) -> PartyShown:
    """The party masked, for those with `person.see` there; Forbidden for others."""
    if not may_see_party(row, actor):
        raise Forbidden("enforcement.may_not_see_party")
    party = Party.objects.get(dossier=row)
    address = "＊＊＊" if party.address else ""
    return PartyShown(masked_name(party.name), masked_identity(party.identity), masked_phone(party.phone), address)


def party_whole(row: Dossier) -> PartyShown:
    """The party as it is: for actions, never for an answer without a look."""
    party = Party.objects.get(dossier=row)
    return PartyShown(party.name, party.identity, party.phone, party.address)


def has_looked(row: Dossier, actor: Actor) -> bool:
    """Whether the actor has just given a reason for seeing the party whole, and still may."""
    since = clock.now() - LOOK_LASTS
    may = actor.may(PERSON_UNMASK, org=row.org, area=row.area)
    return may and Look.objects.filter(dossier=row, actor=actor.key, at__gt=since).exists()


def looks_since(actor: Actor, span: timedelta = timedelta(hours=1)) -> int:
    """How often the actor has looked lately."""
    return Look.objects.filter(actor=actor.key, at__gt=clock.now() - span).count()


def looks_of(row: Dossier, actor: Actor) -> list[Look]:
    """Who saw the party whole, for those who may themselves, and for auditors."""
    may = any(actor.may(right, org=row.org, area=row.area) for right in (PERSON_UNMASK, "audit.see"))
    return list(row.looks.order_by("-id")) if may else []


def history(row: Dossier, actor: Actor) -> list[dict[str, Any]]:
    """The one history of a file and of the case that it came from, newest first; of the case what the actor sees."""
    told = [
        {"at": move.at, "verb": move.verb, "before": move.before, "after": move.after, "said": move.said,
         "actor": move.actor_label, "case": ""}
        for move in row.moves.order_by("-number")
    ]  # fmt: skip
    seen = cases.found_cases([row.case], actor) if row.case else ()
    if seen:
        moves = cases.history(cases.case(row.case, actor))
        told += [
            {"at": move.at, "verb": move.verb, "before": "", "after": move.after, "said": {},
             "actor": move.actor_label, "case": row.case}
            for move in moves
        ]  # fmt: skip
    return sorted(told, key=lambda one: one["at"], reverse=True)


def of_case(case: str, actor: Actor) -> QuerySet[Dossier]:
    """The files of a case that the actor sees, newest first."""
    return Dossier.objects.select_related("cause").filter(visible_to(actor), case=case).order_by("-pk")


@dataclass(frozen=True)
class Board:
    """What supervision looks at: stages, terms about to lapse, fines at the edge of their band, loads of officers."""

    stages: Sequence[tuple[str, int]]
    lapsing: Sequence[Dossier]
    over: int
    outliers: Sequence[tuple[Dossier, str]]
    loads: Sequence[tuple[str, int]]
    annulled: int
    decided: int


def board(actor: Actor, most: int = 20) -> Board:
    """The board of the ground that the actor sees."""
    if not actor.holds(SEE):
        raise Forbidden("enforcement.not_yours")
    rows, today = Dossier.objects.filter(visible_to(actor)), local_today()
    open_rows = rows.exclude(stage__in=[end.value for end in ENDS])
    counted = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
    stages = [(stage.value, counted[stage]) for stage in Stage if stage in counted]
    lapsing = open_rows.filter(next_due__lte=rules.strict_days(today, 7)).select_related("cause")
    loads: Counter[str] = Counter()
    for officers in open_rows.values_list("officers", flat=True):
        loads.update(officers)
    return Board(
        stages, list(lapsing.order_by("next_due", "pk")[:most]), open_rows.filter(next_due__lt=today).count(),
        _outliers(rows, most), loads.most_common(most), counted.get(Stage.ANNULLED, 0),
        rows.filter(decided_on__isnull=False).count(),
    )  # fmt: skip


def _outliers(rows: QuerySet[Dossier], most: int) -> list[tuple[Dossier, str]]:
    """Decided fines in the lowest or the highest tenth of their band, newest first."""
    found = []
    fined = rows.filter(decided_on__isnull=False, kinds__contains=[Penalty.FINE]).select_related("cause")
    for row in fined.order_by("-pk")[:500]:
        band = next((one for one in row.cause.document.get("bands") or () if one["code"] == row.band), None)
        low, high = (Decimal(str(band[name])) for name in ("low", "high")) if band else (Decimal(0), Decimal(0))
        if band is None or high <= low:
            continue
        share = (row.fine - low) / (high - low)
        if not 1 - OUTLIER_SHARE < share < OUTLIER_SHARE:
            found.append((row, "high" if share >= OUTLIER_SHARE else "low"))
    return found[:most]
