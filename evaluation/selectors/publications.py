"""What was published, and which appeals there are; of what an actor may see."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from cases import selectors as cases
from core.errors import NotFound
from core.querying import scope_q
from core.scope import Actor, Duty
from evaluation import rules
from evaluation.models import Appeal, AppealRule, Fact, Publication, PublishedRow
from evaluation.selectors.counting import AREAS, RIGHT
from grid import selectors as grid


def publications(actor: Actor) -> QuerySet[Publication]:
    """Those with a line that the actor may see, newest first."""
    lines = PublishedRow.objects.filter(scope_q(actor.scope(RIGHT)))
    return Publication.objects.filter(pk__in=lines.values("publication"))


def publication(pk: int, actor: Actor) -> tuple[Publication, list[PublishedRow]]:
    """One with the lines that the actor may see; NotFound where there is none of either."""
    row = Publication.objects.select_related("version").filter(pk=pk).first()
    lines = list(row.rows.filter(scope_q(actor.scope(RIGHT))).order_by("rank", "key")) if row else []
    if row is None or not lines:
        raise NotFound("evaluation.no_such_publication")
    return row, lines


def facts(actor: Actor) -> QuerySet[Fact]:
    """The facts that the actor may see, as they stand: as one who may see scores, or as who has the case."""
    return Fact.objects.filter(round=0).filter(scope_q(actor.scope(RIGHT)) | scope_q(actor.scope(Duty.DESK)))


def told(rows: Iterable[Fact]) -> list[dict[str, Any]]:
    """Facts with the names of their class and place, for people."""
    held = list(rows)
    classes = cases.category_names()
    places = {row.code: row.names for level in AREAS for row in grid.regions(level)} if held else {}
    return [
        {
            "fact": fact,
            "category": classes.get(fact.category, {}),
            "places": [places[code] for code in (fact.district, fact.street, fact.community) if code in places],
        }
        for fact in held
    ]


def appeal_rule() -> AppealRule:
    """What holds: as a pack says, before that as the platform says."""
    return AppealRule.objects.filter(pk=1).first() or AppealRule(pk=1)


def may_judge(row: Appeal, actor: Actor) -> bool:
    """Whether the actor may grant or refuse the appeal now."""
    before = filter(None, [row.first_by])
    judges = rules.is_judge(actor.key, actor.org, row.asked_by, row.org, before)
    return row.state == "open" and judges and Duty.EVALUATE in actor.duties(row.org, row.area)


def appeals_to_decide(actor: Actor) -> QuerySet[Appeal]:
    """The open ones of others on the ground that the actor evaluates; the oldest first."""
    rows = Appeal.objects.filter(scope_q(actor.scope(Duty.EVALUATE)), state="open").exclude(asked_by=actor.key)
    rows = rows.exclude(first_by=actor.key)
    return rows.order_by("asked_at", "id")


def appeals(actor: Actor) -> QuerySet[Appeal]:
    """The appeals that the actor decides on, sees the scores of, or has asked for; newest first."""
    judged = scope_q(actor.scope(Duty.EVALUATE)) | scope_q(actor.scope(RIGHT)) | scope_q(actor.scope(Duty.DESK))
    return Appeal.objects.filter(judged | Q(asked_by=actor.key))
