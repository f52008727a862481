"""Questions about personal data: what is shown of whoever reported, who looked, what is to be erased."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.contracts import ENDS, OUTSIDE_SOURCES, Phase
from cases.contracts.personal import ERASE, SEE, UNMASK, PersonalVerb, Shown, Words
from cases.models import Case, Evidence, PersonalAct, PersonalRule, Reporter, Withheld
from cases.selectors.reading import pictures
from core import clock
from core.errors import Forbidden
from core.personal import NOBODY
from core.querying import scope_q
from core.scope import Actor, Duty

OVERSEERS = (Duty.SUPERVISE, "audit.see", ERASE)
"""Any of these sees who looked at what."""
LOOK_LASTS = timedelta(minutes=15)
"""So long after a look the originals of the pictures can be opened."""


def personal_rule() -> PersonalRule:
    """What holds: as a pack says, before that as the platform says."""
    return PersonalRule.objects.filter(pk=1).first() or PersonalRule(pk=1)


def reporter_of(case: Case, *, kept: bool = False) -> Reporter | None:
    """What is kept of whoever reported, whole: for actions, never for an answer.

    `kept`: it stays as it is until the transaction ends, so that nobody is told what is erased meanwhile.
    """
    rows = Reporter.objects.filter(case=case)
    return (rows.select_for_update(no_key=True) if kept else rows).first()


def words_of(case: Case) -> list[Words]:
    """The words that the case shows masked, as they were written."""
    return [Words(*row) for row in Withheld.objects.filter(case=case).values_list("place", "text")]


def shown_of(case: Case, actor: Actor) -> Shown:
    """Who reported, masked, for those with `person.see` there; Forbidden("case.person_hidden") for others."""
    if not actor.may(SEE, org=case.org, area=case.area):
        raise Forbidden("case.person_hidden")
    return shown(case) or Shown(NOBODY, case.callback_wanted, 0, None, None, None)


def shown(case: Case) -> Shown | None:
    """What is kept of whoever reported, masked; None where nothing ever was."""
    row = reporter_of(case)
    if row is None:
        return None
    ends = case.stage in ENDS and row.held_at is None and row.erased_at is None
    return Shown(
        person=row.person.shown(),
        callback=case.callback_wanted,
        words=Withheld.objects.filter(case=case).count(),
        held_at=row.held_at,
        erased_at=row.erased_at,
        keep_until=case.stage_since + timedelta(days=personal_rule().keep_days) if ends else None,
    )


def acts_of(case: Case, actor: Actor) -> list[PersonalAct]:
    """What was done about the personal data of a case; who looked, only for those who oversee it or look themselves."""
    rows = PersonalAct.objects.filter(case=case)
    may = any(actor.may(right, org=case.org, area=case.area) for right in (*OVERSEERS, UNMASK))
    return list(rows if may else rows.exclude(verb=PersonalVerb.LOOK))


def looks_of(actor: Actor, who: str = "") -> QuerySet[PersonalAct]:
    """Who looked at what and why, on the ground that the actor oversees; of a person by key, or a part of the name."""
    if not any(actor.holds(right) for right in OVERSEERS):
        raise Forbidden("case.no_page")
    ground = Q()
    for right in OVERSEERS:
        ground |= scope_q(actor.scope(right), "case__org", "case__area")
    rows = PersonalAct.objects.filter(ground, verb=PersonalVerb.LOOK)
    return rows.filter(Q(actor=who) | Q(actor_label__icontains=who)) if who else rows


def looks_within(actor: Actor, *, before: int = 0, who: str = "", limit: int = 50) -> list[PersonalAct]:
    """A page of the looks, newest first."""
    rows = looks_of(actor, who).select_related("case__category")
    rows = rows.filter(pk__lt=before) if before else rows
    return list(rows.order_by("-pk")[:limit])


def is_withheld(row: Evidence) -> bool:
    """Whether the original of the picture came with a report of somebody from outside, and is still there."""
    return row.phase == Phase.REPORT and row.erased_at is None and row.case.source in OUTSIDE_SOURCES


def has_looked(case: Case, actor: Actor) -> bool:
    """Whether the actor has just given a reason for seeing what is personal in the case."""
    since = clock.now() - LOOK_LASTS
    return PersonalAct.objects.filter(verb=PersonalVerb.LOOK, case=case, actor=actor.key, at__gt=since).exists()


def originals_of(case: Case) -> list[int]:
    """The pictures of the case whose originals a look opens."""
    rows = Evidence.objects.filter(pk__in=[row.pk for row in pictures(case)], phase=Phase.REPORT, erased_at=None)
    return list(rows.filter(case__source__in=OUTSIDE_SOURCES).order_by("pk").values_list("pk", flat=True))


def looks_since(actor: Actor, since: datetime) -> int:
    """How often the actor has looked since then."""
    return PersonalAct.objects.filter(verb=PersonalVerb.LOOK, actor=actor.key, at__gt=since).count()


def to_erase(now: datetime | None = None) -> QuerySet[Reporter]:
    """The personal data whose time is over and which no legal hold keeps.

    A merged report waits for the case that it was merged into: whoever told it is informed when that one ends. What a
    legal hold keeps of a case it keeps also of the reports merged into it, of its parts, and of what it is a part of.
    """
    over = {"stage__in": sorted(ENDS), "stage_since__lt": (now or clock.now()) - _kept()}
    mine = Q(**{f"case__{name}": value for name, value in over.items()})
    whole = Q(case__duplicate_of=None) | Q(**{f"case__duplicate_of__{name}": value for name, value in over.items()})
    return free_of_holds().filter(mine & whole, erased_at=None)


def free_of_holds() -> QuerySet[Reporter]:
    """What no legal hold keeps: none of its case, of what that was merged into or is a part of, and of its parts."""
    held = Reporter.objects.filter(held_at__isnull=False)
    of_parts = held.filter(case__parent=OuterRef("case__number"))
    return Reporter.objects.filter(
        ~Exists(of_parts),
        held_at=None,
        case__duplicate_of__reporter__held_at=None,
        case__parent__reporter__held_at=None,
    )


def _kept() -> timedelta:
    return timedelta(days=personal_rule().keep_days)


def erasable_rows(actor: Actor, right: str) -> QuerySet[Reporter]:
    """What the next run would erase on the actor's ground."""
    if not actor.holds(right):
        raise Forbidden("case.no_page")
    return to_erase().filter(scope_q(actor.scope(right), "case__org", "case__area"))


def erasable(actor: Actor, right: str, limit: int = 100) -> tuple[int, Sequence[Reporter]]:
    """How many cases of the actor's ground the next run would erase, and the oldest of them: the dry run."""
    rows = erasable_rows(actor, right)
    found = rows.select_related("case__category").order_by("case__stage_since", "case_id")
    return rows.count(), list(found[:limit])
