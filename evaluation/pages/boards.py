"""Boards, the cases behind each number, what was published, and appeals."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Invalid
from core.gates import page_needs
from core.scope import Duty
from evaluation import actions, rules, selectors
from evaluation.forms import SCORE, Asked, asked, words_of
from evaluation.models import PublishedRow

PER_PAGE = 50
DEEPER = {"district": "street", "street": "community"}


@require_GET
@page_needs(selectors.RIGHT)
def scores(request: HttpRequest) -> HttpResponse:
    """A board: scores by a scheme, or a table of measures, of a level and a period; every number leads to its cases."""
    question = asked(request.GET)
    context = _around(request, question)
    if question.show == SCORE:
        board = selectors.ranking(request.actor, question.question, question.scheme)
        context["schemes"] = [
            _choice(question, row.names, row.code == board.scheme.code, scheme=row.code)
            for row in selectors.schemes()
            if question.question.by in row.document.get("subjects", rules.JUDGED)
        ]
        context |= {"board": board, "rows": [_judged(question, line) for line in board.lines]}
        context["may_publish"] = _may_publish(request, question) and board.publication is None
    else:
        lines = selectors.measured(request.actor, question.question, question.show)
        context["columns"] = [(ref, rules.says(ref)) for ref in rules.TABLES[question.show][1]]
        context["rows"] = [_measured(question, line) for line in lines]
    context["take_away"] = urlencode({**question.query, "language": get_language() or ""})
    return render(request, "evaluation/scores.html", context)


def _around(request: HttpRequest, question: Asked) -> dict[str, Any]:
    """What stands around every board: which other levels, periods, tables and schemes there are."""
    period, level = question.question.period, question.question.by
    tables: dict[str, Mapping[str, str]] = {SCORE: rules.SCORES} if level in rules.JUDGED else {}
    tables |= {code: names for code, (names, _refs) in rules.TABLES.items()}
    kinds = {kind: rules.period_of(kind, period.since) for kind in rules.CALENDAR}
    return {
        "asked": question.question,
        "period": period,
        "levels": [
            _choice(question, names, code == level, level=code, show="", scheme="")
            for code, names in rules.LEVELS.items()
        ],
        "kinds": [
            _choice(question, rules.PERIODS[kind], kind == period.kind, **_only(words_of(one)))
            for kind, one in kinds.items()
        ],
        "before": _link(question, **_only(words_of(rules.previous(period)))),
        "after": _link(question, **_only(words_of(rules.following(period)))),
        "tables": [_choice(question, names, code == question.show, show=code) for code, names in tables.items()],
        "kept": [
            (key, text) for key, text in question.query.items() if key not in ("days", "from", "to", "on", "period")
        ],
        "query": question.query,
    }


def _only(words: Mapping[str, str]) -> dict[str, str]:
    """These words for the period, and none of the other ways to say one."""
    return {**dict.fromkeys(("days", "from", "to", "on", "period"), ""), **words}


def _choice(question: Asked, names: Mapping[str, str], current: bool, **changes: str) -> dict[str, Any]:
    return {"names": names, "current": current, "link": _link(question, **changes)}


def _link(question: Asked, **changes: str) -> str:
    told = {key: text for key, text in {**question.query, **changes}.items() if text}
    return f"{reverse('scores')}?{urlencode(told)}"


def _behind(question: Asked, ref: str, key: str, number: int, raw: str = "") -> str:
    """Where the cases behind a number are listed; nowhere for 0."""
    told = {**question.query, "ref": ref, "key": key, "raw": raw}
    told = {name: text for name, text in told.items() if text and name not in ("show", "scheme")}
    return f"{reverse('score-cases')}?{urlencode(told)}" if number else ""


def _deeper(question: Asked, key: str) -> str:
    level = DEEPER.get(question.question.by)
    return _link(question, level=level, within=key, scheme="") if level else ""


def _judged(question: Asked, line: selectors.Judged) -> dict[str, Any]:
    parts = [
        {"part": part, "cells": [_seen(question, line.key, cell) for cell in part.cells]} for part in line.result.parts
    ]
    return {"line": line, "parts": parts, "deeper": _deeper(question, line.key)}


def _seen(question: Asked, key: str, cell: rules.Cell) -> dict[str, Any]:
    """A measure of a component with the ways to its cases."""
    return {
        "cell": cell,
        "numerator": _behind(question, cell.numerator_ref, key, cell.numerator),
        "denominator": _behind(question, cell.denominator_ref, key, cell.denominator),
    }


def _measured(question: Asked, line: selectors.Measured) -> dict[str, Any]:
    cells = [
        {
            "cell": cell,
            "numerator": _behind(question, cell.numerator, line.key, cell.tally.net),
            "raw": _behind(question, cell.numerator, line.key, cell.tally.raw, raw="1"),
            "denominator": _behind(question, cell.denominator, line.key, cell.under.net) if cell.under else "",
        }
        for cell in line.cells
    ]
    return {"line": line, "cells": cells, "deeper": _deeper(question, line.key)}


def _may_publish(request: HttpRequest, question: Asked) -> bool:
    period = question.question.period
    area = selectors.area_of(question.question.within)
    return period.kind in rules.CALENDAR and selectors.is_over(period) and request.actor.may(Duty.EVALUATE, area=area)


def _fixed(question: Asked, **more: str) -> str:
    """The same with its days fixed: a file that is made after midnight has the cases that were seen."""
    asked_for = question.question
    told = {"level": asked_for.by, "within": asked_for.within, **words_of(asked_for.period), **more}
    return urlencode({name: text for name, text in told.items() if text})


@require_GET
@page_needs(selectors.RIGHT)
def behind(request: HttpRequest) -> HttpResponse:
    """The cases behind one number, as many as it says."""
    question = asked({**request.GET.dict(), "show": "", "scheme": ""})
    ref, key, raw = (request.GET.get(name, "") for name in ("ref", "key", "raw"))
    found = selectors.counted(request.actor, question.question, ref, key, raw=raw == "1")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    names = selectors.names_of(request.actor, question.question, {key: None} if page.paginator.count else {})
    context = {
        "page": page,
        "rows": selectors.told(page.object_list),
        "measure": rules.says(ref),
        "whose": names.get(key),
        "period": question.question.period,
        "raw": raw == "1",
        "back": _link(question, show=""),
        "here": urlencode({**question.query, "ref": ref, "key": key, "raw": raw}),
        "address": _fixed(question, ref=ref, key=key, raw=raw),
        "may_appeal": request.actor.holds(Duty.DESK),
    }
    return render(request, "evaluation/behind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs(selectors.RIGHT)
def published(request: HttpRequest) -> HttpResponse:
    """What was published; or a board is published now."""
    if request.method == "POST":
        question = asked(request.POST)
        row = actions.publish(question.question, scheme=question.scheme, actor=request.actor)
        messages.success(request, _("The period is published. What was published does not change any more."))
        return redirect("score-publication", row.pk)
    page = Paginator(selectors.publications(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/published.html", {"page": page})


@require_GET
@page_needs(selectors.RIGHT)
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """One publication, as it was frozen."""
    row, lines = selectors.publication(pk, request.actor)
    formula = rules.formula_from(row.document)
    context = {
        "row": row,
        "formula": formula,
        "last": rules.Period(row.period, row.since, row.until).last,
        "lines": list(_frozen(lines, formula)),
        "level": rules.LEVELS[row.level],
        "live": f"{reverse('scores')}?{urlencode(_question_of(row))}",
        "take_away": urlencode({"publication": str(pk), "language": get_language() or ""}),
    }
    return render(request, "evaluation/publication.html", context)


def _question_of(row: Any) -> dict[str, str]:
    told = {"level": row.level, "within": row.within, "scheme": row.scheme, "show": SCORE}
    return {**told, "period": row.period, "on": row.since.isoformat()}


def _frozen(lines: Iterable[PublishedRow], formula: rules.Formula) -> Iterable[dict[str, Any]]:
    names = {part.code: part.names for part in formula.components}
    for line in lines:
        parts = [{**part, "names": names.get(part["code"], {})} for part in line.parts]
        yield {"line": line, "parts": parts}


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs(*selectors.SEE)
def appeals(request: HttpRequest) -> HttpResponse:
    """The appeals that somebody decides on or has asked for; or a department appeals."""
    if request.method == "POST":
        actions.appeal(request.POST.get("case", ""), actor=request.actor, reason=request.POST.get("reason", ""))
        messages.success(request, _("The appeal is made. Others who evaluate decide on it."))
        return redirect("score-appeals")
    page = Paginator(selectors.appeals(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "row": row,
            "may_decide": selectors.may_judge(row, request.actor),
            "may_withdraw": row.state == "open" and row.asked_by == request.actor.key,
        }
        for row in page.object_list
    ]
    context = {
        "page": page,
        "rows": rows,
        "case": request.GET.get("case", "")[:20],
        "may_ask": request.actor.holds(Duty.DESK),
    }
    return render(request, "evaluation/appeals.html", context)


@require_POST
@page_needs(*selectors.SEE)
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """An appeal is granted, refused or withdrawn."""
    act = request.POST.get("act", "")
    if act == "withdraw":
        actions.withdraw_appeal(pk, actor=request.actor)
    elif act in ("grant", "refuse"):
        answer, seen = request.POST.get("answer", ""), request.POST.get("seen", "")
        shown = int(seen) if seen in ("0", "1") else None
        actions.decide_appeal(pk, actor=request.actor, grant=act == "grant", answer=answer, seen=shown)
    else:
        raise Invalid("evaluation.act")
    messages.success(request, _("Done. The journal has it."))
    return redirect("score-appeals")


@require_GET
@page_needs(selectors.RIGHT)
def schemes(request: HttpRequest) -> HttpResponse:
    """The schemes in force with every version, and where their measures come from."""
    rows = [{"row": row, "versions": _versions(row)} for row in selectors.schemes()]
    context = {
        "rows": rows,
        "counts": [(one, rules.origin_of(one.line)) for one in rules.COUNTS.values()],
        "rates": [(one, rules.origin_of(one.line)) for one in rules.RATES.values()],
        "may_edit": request.actor.may(Duty.EVALUATE),
    }
    return render(request, "evaluation/schemes.html", context)


def _versions(row: Any) -> list[dict[str, Any]]:
    return [{"version": one, "formula": selectors.formula_of(one)} for one in selectors.versions_of(row)]
