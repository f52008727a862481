"""One step with many cases: chosen in the list, looked at beforehand, then taken, with a result for each."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases import actions, rules, selectors
from cases.contracts import BulkLine, OpenStep, Stage
from cases.forms import OF_CLASS, BulkForm
from cases.models import Case, words
from cases.pages import many, showing
from cases.pages.queues import needs
from core.errors import DomainError, Invalid
from core.scope import Actor
from core.sentences import sentence_of


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The chosen cases, the steps that some of them may take, and what a step does or did to each."""
    needs(request.actor, "case.see")
    chosen = _chosen(request.POST.getlist("case"))
    numbers = [number for number, _version in chosen]
    found = {row.number: row for row in selectors.visible_to(request.actor).filter(number__in=numbers)}
    cases = [found[number] for number in numbers if number in found]
    verb = verb_of(request)
    context: dict[str, Any] = {"verbs": verbs_for(cases, request.actor), "verb": verb, "act": "", "status": 200}
    if not chosen:
        context |= {"refusal": sentence_of(DomainError("case.bulk_size", most=rules.MOST_IN_BULK)), "status": 400}
    elif verb:
        context |= _with_verb(request, verb, cases, chosen)
    lines = context.pop("lines", {})
    seen = dict(chosen)
    context["rows"] = [_row(row, seen[row.number], lines.get(row.number)) for row in cases]
    return render(request, "cases/bulk.html", context, status=context.pop("status"))


def verb_of(request: HttpRequest) -> str:
    """The step that was pressed last, of those that are taken with many cases."""
    return next((verb for verb in reversed(request.POST.getlist("verb")) if verb in rules.IN_BULK), "")


def _chosen(values: Iterable[str]) -> list[tuple[str, int]]:
    """The cases with the versions in which they were seen, each once."""
    pairs = (value.partition(":") for value in values)
    known = {number: int(version) for number, _colon, version in pairs if version.isdecimal() and len(version) < 10}
    return list(known.items())


def verbs_for(cases: Iterable[Case], actor: Actor) -> list[dict[str, Any]]:
    """The steps that somebody with these duties may try with some of the cases, and with how many."""
    counted: dict[str, int] = {}
    for case in cases:
        duties = actor.duties(case.org, case.area)
        steps = rules.steps_from(Stage(case.stage), case.merged_from)
        for verb in {step.verb for step in steps if step.duties & duties} & set(rules.IN_BULK):
            counted[verb] = counted.get(verb, 0) + 1
    return [{"verb": verb, "count": counted[verb]} for verb in rules.IN_BULK if verb in counted]


def form_for(verb: str, cases: list[Case], sent: QueryDict | None = None) -> BulkForm:
    """What the step asks for all these cases, and for each class of them; empty, or as it was `sent`."""
    shape = OpenStep(verb, "", True, "", {}, selectors.needs_of(verb))
    differs = next((need for need in shape.needs if need in OF_CLASS), "")
    sorts = many.sorts_of(many.able(cases, verb), differs) if differs else {}
    return BulkForm(shape, many.choices_of(cases, shape.needs), sorts, initial={"version": 1}, data=sent)


def _with_verb(request: HttpRequest, verb: str, cases: list[Case], chosen: list[tuple[str, int]]) -> dict[str, Any]:
    """The form of the step; with what was typed in it, what it would do or has done."""
    act = request.POST.get("act", "")
    sent = act in ("preview", "do")
    form = form_for(verb, cases, request.POST if sent else None)
    told: dict[str, Any] = {"form": form, "label": words.VERB_NAMES[verb]}
    if not sent:
        return told
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        lines = actions.bulk(
            verb, chosen, actor=request.actor, given=form.given(), own=form.own(), preview=act == "preview"
        )
    except DomainError as error:
        return {**told, "refusal": sentence_of(error), "status": error.status}
    done = sum(line.done for line in lines)
    return {**told, "act": act, "changed": done, "refused": len(lines) - done, "lines": _by_number(lines)}


def _by_number(lines: Iterable[BulkLine]) -> dict[str, dict[str, Any]]:
    return {
        line.number: {
            "line": line,
            "told": sentence_of(DomainError(line.code, **actions.told(line.params))) if line.code else "",
        }
        for line in lines
    }


def _row(case: Case, version: int, told: dict[str, Any] | None) -> dict[str, Any]:
    return {"case": case, "title": showing.title_of(case), "place": showing.place_of(case), "seen": version,
            **(told or {})}  # fmt: skip
