"""One case: what it is, how it went, and the next steps of whoever looks."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.contracts import ENDS, OpenStep
from cases.forms import LocateForm, StepForm
from cases.models import Case, Category, words
from cases.pages import asked, dispatching, doubting, private, showing, tied, timing
from cases.pages.keeping import left_over
from cases.pages.queues import needs, queue_context, redirect_to
from cases.rules import EXCEPTIONAL, Book, Control, blocking
from core import clock
from core.errors import DomainError, Invalid, NotFound, Stale
from core.languages import pick
from core.scope import Actor, Duty
from core.sentences import say, sentence_of
from exchange.actions import hold_pictures
from exchange.contracts.messages import Sent
from exchange.selectors import partners_told
from exchange.selectors import told_about as messages_about
from registers import selectors as registers

OPENS_FILES = "dossier.handle"
"""The right of whoever opens files of enforcement there; they are kept above cases, which only show the way."""


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The case beside its queue and the map; a whole, for those who see but a part of it, as far as they may read."""
    needs(request.actor, "case.see")
    try:
        found = selectors.case(number, request.actor)
    except NotFound:
        return whole_page(request, selectors.whole_of(number, request.actor))
    return case_page(request, found)


def whole_page(request: HttpRequest, whole: selectors.Whole) -> HttpResponse:
    """What it is, where, and how far its parts are; nothing to act on."""
    names = showing.holders()
    context = {
        "whole": whole,
        "title": showing.title_of(whole.case),
        "parts": [showing.row_of(row, names) | {"seen": row.number in whole.seen} for row in whole.parts],
        "parts_done": sum(row.stage in ENDS for row in whole.parts),
        "points": showing.points_of([whole.case]) if whole.case.point else [],
    }
    return render(request, "cases/whole.html", context)


@require_safe
def told(request: HttpRequest, number: str) -> HttpResponse:
    """Who was told what of the case, and who has read it: a part of its page, fetched when somebody asks."""
    needs(request.actor, "case.see")
    found = selectors.case(number, request.actor)
    rows = [
        {"told": one, "title": pick(one.titles), "sent": [_sent(sent) for sent in one.sent]}
        for one in messages_about(found.number)
    ]
    partners = [_sent(one) for one in partners_told(found.number)]
    return render(request, "cases/_told.html", {"case": found, "rows": rows, "partners": partners})


def _sent(one: Sent) -> dict[str, Any]:
    why = say(one.code, one.params) if one.code else ""
    return {"sent": one, "channel": pick(one.channel_names), "state": say(f"sending.state.{one.state}", {}), "why": why}


def case_page(request: HttpRequest, found: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a case, with what went wrong or is kept from a form in `more`."""
    name = request.GET.get("queue", "mine")
    context = queue_context(request, {"queue": name if name in selectors.QUEUES else "mine"})
    context |= case_context(request, found, context["names"], **more)
    seen = request.GET.get("seen", str(found.version))
    here = f"{reverse('case', args=[found.number])}?{urlencode({'queue': context['queue'], 'seen': seen})}"
    context |= {"here": here, "changed_since": seen != str(found.version)}
    context.setdefault("typed", left_over(context))
    if found.point and not any(point["id"] == found.number for point in context["points"]):
        context["points"] += showing.points_of([found])
    return render(request, "cases/case.html", context, status=status)


def case_context(
    request: HttpRequest, found: Case, names: Mapping[str, str], *, bound: StepForm | None = None, **more: Any
) -> dict[str, Any]:
    """Everything that the pane of a case shows; `bound` is a form that was sent and must keep what was typed."""
    papers, pictures, moves = selectors.requests(found), selectors.pictures(found), selectors.history(found)
    facts = selectors.facts_of(found, papers, pictures)
    steps = selectors.open_steps(found, request.actor, facts, moves)
    chosen = selectors.category_for(found)
    book = selectors.book_of(found, chosen) if found.stage not in ENDS else None
    suggestion = showing.suggestion_for(found, book, names)
    conditions = {str(row["code"]): row for row in (chosen.conditions if chosen else ())}
    clocks, person = selectors.why_due(found), private.context(found, request.actor, more.get("kept", {}))
    lines = showing.lines_of(moves, names, conditions, selectors.told_of(found))
    return {
        "case": found,
        "title": showing.title_of(found),
        "place": showing.place_of(found),
        **_beside(found, chosen, request.actor),
        "holder": names.get(found.organisation, ""),
        "clocks": [{**row, "reasons": timing.why_of(row)} for row in timing.clocks_of(clocks)],
        "move_form": asked.reschedule_form(found, clocks)
        if asked.may_reschedule(found, request.actor, clocks)
        else None,
        "pictures": doubting.shown(found, pictures, request.actor),
        "doubts": doubting.lines(found, pictures, request.actor) if pictures else [],
        **(_dispatch(found, book, suggestion, names) if book and _to_dispatch(steps) else {"suggestion": {}}),
        "steps": _forms(found, [step for step in steps if step.verb not in tied.OWN_FORMS], suggestion, bound, names),
        "lines": private.with_acts(lines, person["acts"]),
        **person,
        "measured": _measured(found.attributes),
        "records": registers.tied_to_case(found.number, request.actor),
        "paper_forms": showing.forms_of(found, moves),
        "condition": conditions.get(str(found.promise.get("condition", ""))),
        "locate": _locate(request, found, more.pop("bound_locate", None)),
        **tied.context(found, request.actor, steps, names, more.get("kept", {})),
        **asked.context(found, request.actor, papers, facts, more.get("bound_ask")),
        **asked.pressing(found, request.actor, more.pop("order_form", None)),
        "holders": showing.targets_for(found) if selectors.may_coordinate(found, request.actor) else [],
        **more,
    }


def _beside(found: Case, chosen: Category | None, actor: Actor) -> dict[str, Any]:
    """What is said of the case beside its stage: whether it is late, its flags, whether it may become a file."""
    return {
        "late": selectors.is_late(found, clock.now()),
        "controlled": controlled(found, chosen),
        "may_file": actor.may(OPENS_FILES, org=actor.org, area=found.area),
        "flags": showing.flags_of(found, actor.duties(found.org, found.area)),
    }


def controlled(found: Case, chosen: Category | None) -> Control | None:
    """The control area that keeps the case from being registered now, while it could be otherwise."""
    if chosen is None or found.registered_at is not None or found.stage in ENDS:
        return None
    return blocking(selectors.controls_at(found.cell), chosen.code)


def _measured(attributes: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What the machine that reported it had measured."""
    values = attributes.get("values")
    return list(values.items()) if isinstance(values, dict) else []


def _to_dispatch(steps: Sequence[OpenStep]) -> bool:
    return any(step.verb.startswith("dispatch") for step in steps)


def _dispatch(found: Case, book: Book, suggestion: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """For whoever may dispatch it: whose duty it is, who could take it and why, and why no rule has."""
    ranked = [dispatching.suggested(one, names) for one in selectors.suggestions(found, book)]
    last = selectors.auto_dispatch_of(found)
    waits = last is not None and last.version == found.stage_version and not last.organisation
    return {
        "suggestion": suggestion,
        "ranked": ranked,
        "left": dispatching.why_of(last, names) if last and waits else "",
    }


def _forms(
    found: Case,
    steps: list[OpenStep],
    suggestion: Mapping[str, Any],
    bound: StepForm | None,
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    choices = showing.choices_for(found, [step for step in steps if step.allowed])
    proposed = showing.first_choice(found, suggestion, choices)
    waiting = [step.verb for step in steps if step.allowed and step.verb not in EXCEPTIONAL]
    opened = bound.step.verb if bound else next(iter(waiting), "")
    texts = showing.texts_for(found, [step.verb for step in steps if step.allowed], names)
    return [
        _step(step, choices, proposed, bound, texts.get(step.verb, ())) | {"open": step.verb == opened}
        for step in steps
    ]


def _step(
    step: OpenStep,
    choices: Mapping[str, Any],
    proposed: Mapping[str, Any],
    bound: StepForm | None,
    standard: Sequence[str] = (),
) -> dict[str, Any]:
    if not step.allowed:
        told = sentence_of(DomainError(step.code, **actions.told(step.params)))
        return {"verb": step.verb, "label": words.VERB_NAMES[step.verb], "refusal": told}
    if bound is not None and bound.step.verb == step.verb:
        form = bound
    else:
        form = StepForm(step, choices, standard, initial=dict(proposed))
    return {"verb": step.verb, "label": words.VERB_NAMES[step.verb], "form": form}


def _locate(request: HttpRequest, found: Case, bound: LocateForm | None) -> LocateForm | None:
    mine = Duty.ACCEPT in request.actor.duties(found.org, found.area)
    if found.area or found.stage != "reported" or not mine:
        return None
    return bound or LocateForm(initial={"version": found.version, "address": found.address})


@require_POST
def step(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The step is taken with what the form gave; refused, the page says why and keeps what was typed."""
    found = selectors.case(number, request.actor)
    if verb not in words.VERB_NAMES or verb in ("report", "locate"):
        raise NotFound("case.unknown", number=number)
    opened = next((one for one in selectors.open_steps(found, request.actor) if one.verb == verb), None)
    shape = opened or OpenStep(verb, "", False, "", {}, selectors.needs_of(verb))
    choices = showing.choices_for(found, [shape])
    standard = showing.texts_for(found, [verb], showing.holders()).get(verb, ())
    form = StepForm(shape, choices, standard, data=request.POST, files=request.FILES)
    try:
        if not form.is_valid():
            return _refused(request, number, form, Invalid("case.form_incomplete"))
        view = getattr(actions, verb)(number, actor=request.actor, version=form.cleaned_data["version"], **form.given())
    except DomainError as error:
        return _refused(request, number, form, error)
    done = _("Done: %(verb)s. The case stands at “%(stage)s”.")
    messages.success(request, done % {"verb": words.VERB_NAMES[verb], "stage": words.STAGE_NAMES[view.stage]})
    return redirect_to(number)


def _refused(request: HttpRequest, number: str, form: StepForm, error: DomainError) -> HttpResponse:
    """The case as it is now, the sentence, what others did meanwhile, and the form as it was typed."""
    found = selectors.case(number, request.actor)
    given = form.data.get("version", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else found.version
    since = [move for move in selectors.history(found) if move.version > seen]
    asked.renew(form, found)
    hold_pictures(form, actor=request.actor)
    still = any(one.verb == form.step.verb and one.allowed for one in selectors.open_steps(found, request.actor))
    more = {
        "refusal": sentence_of(error),
        "changed": showing.lines_of(since, showing.holders(), {}) if isinstance(error, Stale) and since else [],
        "typed": [] if still else form.typed(),
    }
    return case_page(request, found, status=error.status, bound=form if still else None, **more)


@require_POST
def locate(request: HttpRequest, number: str) -> HttpResponse:
    """An unlocated report gets its place."""
    form = LocateForm(data=request.POST)
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        given = dict(form.cleaned_data)
        actions.locate(number, given["lon"], given["lat"], actor=request.actor, version=given["version"],
                       address=given["address"])  # fmt: skip
    except DomainError as error:
        found = selectors.case(number, request.actor)
        asked.renew(form, found)
        return case_page(request, found, status=error.status, refusal=sentence_of(error), bound_locate=form)
    return redirect_to(number)
