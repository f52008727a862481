"""A period is published: what its board says is frozen, raw and after exemptions, whatever happens after."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor, Duty, machine
from evaluation import rules, selectors
from evaluation.actions.facts import sweep_all
from evaluation.actions.schemes import first_version
from evaluation.contracts import PUBLISHED, PublishedNews
from evaluation.models import Publication, PublishedRow, Scheme
from evaluation.selectors import Judged, Question
from grid import selectors as grid
from journal.actions import record

COUNTER = machine("evaluation", selectors.RIGHT)
"""Who counts what is published: everything there, and not only what the publisher may see."""


@transaction.atomic
def publish(asked: Question, *, scheme: str, actor: Actor) -> Publication:
    """The board of a calendar period that is over is frozen; Conflict where it was published before."""
    if asked.period.kind not in rules.CALENDAR:
        raise Invalid("evaluation.publish_calendar")
    area = selectors.area_of(asked.within)
    if asked.by in selectors.AREAS and area.count(".") > selectors.AREAS.index(asked.by):
        raise Invalid("evaluation.not_itself")
    if not actor.may(Duty.EVALUATE, area=area):
        raise Forbidden("evaluation.not_evaluator")
    if selectors.moment(asked.period.until) > clock.now():
        raise Conflict("evaluation.period_runs")
    row = selectors.scheme_for(asked.by, scheme)
    Scheme.objects.select_for_update().get(pk=row.pk)
    first_version(row)
    if selectors.published(row, asked) is not None:
        raise Conflict("evaluation.published")
    sweep_all()
    _all_counted(asked, area)
    board = selectors.ranking(COUNTER, asked, row.code)
    if not board.lines:
        raise Conflict("evaluation.nothing_to_publish")
    publication = Publication.objects.create(
        version=board.version, scheme=row.code, level=asked.by, within=asked.within, area=area,
        period=asked.period.kind, since=asked.period.since, until=asked.period.until, document=board.version.document,
        published_by=actor.key, published_label=actor.label,
    )  # fmt: skip
    places = _places(asked.by)
    PublishedRow.objects.bulk_create(_frozen(publication, line, places.get(line.key, ("", ""))) for line in board.lines)
    news = PublishedNews(
        publication.pk, row.code, asked.by, asked.within, asked.period.since.isoformat(), asked.period.last.isoformat()
    )
    record(PUBLISHED, subject=f"publication:{publication.pk}", actor=actor, area=area, data=news)
    return publication


def _all_counted(asked: Question, area: str) -> None:
    """Conflict while a case of the period cannot be counted, or news of it is still on its way."""
    missing = selectors.uncounted(asked.period, area)
    if missing:
        raise Conflict("evaluation.uncounted", many=len(missing), some=", ".join(missing[:3]))
    if selectors.still_comes(asked.period):
        raise Conflict("evaluation.news_on_its_way")


def _frozen(publication: Publication, line: Judged, place: tuple[str, str]) -> PublishedRow:
    return PublishedRow(
        publication=publication, rank=line.rank, key=line.key, names=dict(line.names), org=place[0], area=place[1],
        score=line.result.value, raw_score=line.raw.value, grade=line.result.grade,
        parts=[_part(net, raw) for net, raw in zip(line.result.parts, line.raw.parts, strict=True)],
        counts={ref: [tally.raw, tally.net] for ref, tally in sorted(line.counts.items())},
    )  # fmt: skip


def _part(net: rules.Earned, raw: rules.Earned) -> dict[str, Any]:
    """A component as it is kept: its points, and each measure with numerator and denominator, also raw."""
    cells = [
        {
            "measure": cell.measure,
            "numerator": cell.numerator,
            "denominator": cell.denominator if cell.denominator_ref else None,
            "twice": cell.twice,
            "twice_of": cell.twice_of,
            "raw_numerator": before.numerator,
            "raw_denominator": before.denominator if before.denominator_ref else None,
        }
        for cell, before in zip(net.cells, raw.cells, strict=True)
    ]
    return {"code": net.code, "points": net.points, "raw_points": raw.points, "out_of": net.out_of, "cells": cells}


def _places(by: str) -> Mapping[str, tuple[str, str]]:
    """Organisation and area of each line, by which it is decided who sees it."""
    if by == "organisation":
        return {row.code: (row.path, row.area) for row in accounts.organisations()}
    return {row.code: ("", row.path) for row in grid.regions(by)}
