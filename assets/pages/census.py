"""The census as pages: the list and the plan, a project with its progress, the surveyor's phone, the sample."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets import actions, selectors
from assets.contracts import FindingKind, ProjectState, StreetState, event_classes
from assets.forms import CensusForm, FindingForm, as_choices
from assets.pages.components import keeps, refused
from assets.rules import LONGEST_CODE
from core.errors import DomainError, Forbidden
from core.languages import pick
from core.scope import Actor
from core.sentences import sentence_of
from exchange.actions import hold_pictures

SHADES = {"assigned": "same", "handed_in": "change", "checking": "change", "verified": "add"}


def needs_part(actor: Actor) -> None:
    """The census opens to whoever keeps the register or surveys."""
    if not (keeps(actor) or actor.holds("component.propose")):
        raise Forbidden("assets.no_page")


@require_http_methods(["GET", "HEAD", "POST"])
def censuses(request: HttpRequest) -> HttpResponse:
    """Every census one keeps or surveys, and the form that plans another."""
    needs_part(request.actor)
    form = _plan(request) if keeps(request.actor) else None
    context = {"rows": selectors.projects(actor=request.actor), "form": form, "tab": "census"}
    if request.method != "POST":
        return render(request, "assets/censuses.html", context)
    if form is None:
        raise Forbidden("assets.not_your_register")
    if not form.is_valid():
        return render(request, "assets/censuses.html", context, status=400)
    try:
        made = actions.plan_census(actor=request.actor, **form.given())
    except DomainError as error:
        return render(request, "assets/censuses.html", {**context, "refusal": sentence_of(error)}, status=error.status)
    return redirect("census", made.pk)


def _plan(request: HttpRequest) -> CensusForm:
    rules = selectors.census_rules()
    grounds = [(one["code"], pick(one["names"])) for one in rules["grounds"]]
    return CensusForm(
        areas=selectors.area_choices(request.actor), grounds=grounds, sampling=rules["sampling"],
        types=as_choices((code, names) for code, names, _ in selectors.types_standing()),
        classes=as_choices(sorted(event_classes().items())), data=request.POST or None,
        initial={"grounds": [code for code, _ in grounds]},
    )  # fmt: skip


@require_safe
def census(request: HttpRequest, pk: int) -> HttpResponse:
    """A census: every street with its surveyor, what was found of what was expected, and what comes next."""
    return _census(request, pk)


def _census(request: HttpRequest, pk: int, status: int = 200, **more: Any) -> HttpResponse:
    needs_part(request.actor)
    project = selectors.project_of(pk, actor=request.actor)
    streets = selectors.progress_of(project)
    may_keep = keeps(request.actor, project.area)
    context = {
        "project": project, "streets": streets, "grounds": selectors.by_ground(project),
        "surveyors": selectors.by_surveyor(streets), "may_keep": may_keep,
        "mine": selectors.my_streets(project, actor=request.actor), "total": selectors.total_of(streets),
        "people": selectors.surveyors(project.area) if may_keep else [], "sample": _sample(project) if may_keep else [],
        "outcomes": selectors.outcomes_of(project), "shapes": selectors.street_shapes(streets, SHADES),
        "may_start": may_keep and project.state == ProjectState.PLANNED,
        "may_accept": may_keep and project.state == ProjectState.VERIFIED and project.accepting_at is None
        and not selectors.surveyed(project, request.actor),
        "writing": project.accepting_at is not None and project.accepted_at is None, "tab": "census", **more,
    }  # fmt: skip
    return render(request, "assets/census.html", context, status=status)


def _sample(project: Any) -> list[Any]:
    return [
        one
        for one in selectors.findings(project, sample=True, limit=500)
        if one.street.state == StreetState.CHECKING and one.correct is None
    ]


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a census or of a street of it, as its button says."""
    given, actor = request.POST, request.actor
    code, reason = given.get("street", "")[:12], given.get("reason", "")
    number = given.get("number", "")
    chosen = int(number) if number.isdecimal() and len(number) < 18 else 0
    steps = {
        "start": lambda: actions.start_census(pk, actor=actor),
        "accept": lambda: actions.accept_census(pk, actor=actor),
        "assign": lambda: actions.assign_street(pk, code, actor=actor, surveyor=chosen),
        "hand_in": lambda: actions.hand_in(pk, code, actor=actor),
        "draw": lambda: actions.draw_sample(pk, code, actor=actor),
        "send_back": lambda: actions.send_back(pk, code, actor=actor, reason=reason),
        "right": lambda: actions.judge_finding(chosen, actor=actor, correct=True),
        "wrong": lambda: actions.judge_finding(chosen, actor=actor, correct=False, note=reason),
    }
    selectors.project_of(pk, actor=actor)
    try:
        steps.get(given.get("act", ""), lambda: None)()
    except DomainError as error:
        if error.status == 404:
            raise
        return _census(request, pk, status=error.status, refusal=sentence_of(error))
    return redirect("census", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The surveyor's page of a street, for a phone: what is still to find, and the form for what was found."""
    street = selectors.street_of(pk, code, actor=request.actor)
    if street.surveyor != request.actor.key:
        raise Forbidden("assets.census_not_yours", street=code)
    if request.method != "POST":
        return _survey(request, street, _finding_form(request, street))
    form = _finding_form(request, street)
    try:
        if not form.is_valid():
            _keep_pictures(request, form)
            return _survey(request, street, form, status=400)
        sure = request.POST.get("another") == "yes"
        actions.record_finding(pk, actor=request.actor, another=sure, **form.finding())
    except DomainError as error:
        _keep_pictures(request, form)
        return _survey(request, street, form, status=error.status, **refused(error))
    messages.success(request, _("Written down."))
    return redirect("census-survey", pk, code)


def _keep_pictures(request: HttpRequest, form: FindingForm) -> None:
    """Of what is new; a card of what stands there is not shown with what was chosen in it."""
    if request.POST.get("kind") == "new":
        hold_pictures(form, actor=request.actor)


def _finding_form(request: HttpRequest, street: Any) -> FindingForm:
    project = street.project
    names = {code: named for code, named, _ in selectors.types_standing()}
    classes = event_classes() if project.classes else {}
    given: dict[str, Any] = {
        "grounds": [(one["code"], pick(one["names"])) for one in project.grounds],
        "types": [(code, pick(names.get(code)) or code) for code in project.types],
        "classes": [(code, pick(classes.get(code)) or code) for code in project.classes],
    }
    if request.method == "POST":
        return FindingForm(**given, data=request.POST, files=request.FILES)
    return FindingForm(**given, initial={"key": uuid4().hex})


def _survey(request: HttpRequest, street: Any, form: FindingForm, status: int = 200, **more: Any) -> HttpResponse:
    after = request.GET.get("after", "")[:LONGEST_CODE]
    rows = selectors.still_to_find(street, actor=request.actor, after=after) if street.project.types else []
    names = event_classes()
    spots = selectors.spots_to_find(street) if street.project.classes else []
    context = {
        "street": street, "project": street.project, "form": form, "kinds": [kind.value for kind in FindingKind],
        "rows": [{"row": row, "view": selectors.view_of(row), "key": uuid4().hex} for row in rows],
        "spots": [{"row": row, "name": pick(names.get(row.event_class)), "key": uuid4().hex} for row in spots],
        "next": rows[-1].code if len(rows) == 30 else "", "open": street.state == StreetState.ASSIGNED,
        "progress": next(one.progress for one in selectors.progress_of(street.project) if one.street.pk == street.pk),
        "points": [selectors.mark_of(row) for row in rows], "tab": "census", **more,
    }  # fmt: skip
    return render(request, "assets/survey.html", context, status=status)
