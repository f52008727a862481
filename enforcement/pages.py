"""Files as pages: the list, a file with its steps, terms and papers, a new one, the board, words of papers."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors as accounts
from cases import selectors as cases
from core.errors import DomainError, Forbidden, Invalid, NotFound
from core.languages import pick
from core.sentences import say, sentence_of
from enforcement import actions, rules, selectors
from enforcement.contracts import SEE, Office
from enforcement.contracts.words import PROCEDURES, STAGES, VERBS
from enforcement.forms import LookForm, NewForm, People, StepForm, TemplateForm, named


def cleaned(text: str) -> str:
    """A word of the address as it may be looked for."""
    return "".join(letter for letter in text if letter.isprintable())[:120].strip()


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    """The files that the reader sees, newest first, narrowed by the filters of the address."""
    given = {name: value for name, raw in request.GET.items() if name != "after" and (value := cleaned(str(raw)))}
    context: dict[str, Any] = {"refusal": "", "rows": [], "next": ""}
    try:
        rows = selectors.dossiers(given, request.actor)
        page = selectors.page_of(rows, below=_key(request.GET.get("after", "")))
        following = urlencode({**given, "after": page.following}) if page.following else ""
        context |= {"rows": page.rows, "next": following}
    except Invalid as error:
        context["refusal"] = sentence_of(error)
    today = selectors.local_today()
    context |= {
        "given": given, "narrowed": bool(given), "later": bool(request.GET.get("after")), "first": urlencode(given),
        "stages": named(STAGES), "procedures": named(PROCEDURES), "dues": selectors.DUE, "today": today,
        "causes": [(row.code, pick(row.document["names"])) for row in selectors.causes_on(today)],
        "may_open": request.actor.holds(Office.HANDLE),
    }  # fmt: skip
    return render(request, "enforcement/dossiers.html", context, status=400 if context["refusal"] else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new file, also of one that comes from a case (`?case=`)."""
    if not request.actor.holds(Office.HANDLE):
        raise Forbidden("enforcement.not_yours")
    case = cleaned(str(request.GET.get("case", "")))
    found = cases.case(case, request.actor) if case else None
    causes = [(row.code, pick(row.document["names"])) for row in selectors.causes_on(selectors.local_today())]
    data = request.POST if request.method == "POST" else None
    first = {"act_on": selectors.local_today(), "place": found.address if found else ""}
    form = NewForm(causes, data=data, initial=first)
    key = cleaned(request.POST.get("key", "")) or secrets.token_urlsafe(16)
    context = {"form": form, "case": found, "key": key}
    if data is None or not form.is_valid():
        return render(request, "enforcement/new.html", context, status=400 if data is not None else 200)
    try:
        row = actions.open_dossier(actor=request.actor, case=case, key=key, **form.given())
    except DomainError as error:
        return render(request, "enforcement/new.html", {**context, "refusal": sentence_of(error)}, status=error.status)
    messages.success(request, _("File %(number)s is opened.") % {"number": row.number})
    return redirect("dossier", row.number)


@require_safe
def dossier(request: HttpRequest, number: str) -> HttpResponse:
    """One file: where it stands, what may follow and why not, its terms, party, papers and past."""
    return _dossier(request, number)


def _dossier(request: HttpRequest, number: str, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    row = selectors.dossier(number, actor)
    standing = selectors.standing_of(row, actor)
    people, tried = _people(row), more.pop("tried", None)
    steps = []
    for one in standing.nexts:
        mine = tried is not None and tried.verb == one.verb
        form = tried if mine else StepForm(one.verb, standing.facts, people)
        steps.append({"verb": one.verb, "names": VERBS[one.verb], "open": mine, "form": form,
                      "no": say(one.no.code, one.no.params) if one.no else ""})  # fmt: skip
    try:
        party = selectors.party_shown(row, actor)
    except Forbidden:
        party = None
    seen = cases.found_cases([row.case], actor) if row.case else ()
    context = {
        "row": row, "standing": standing, "steps": steps, "party": party, "case": seen[0] if seen else None,
        "may_look": actor.may(selectors.PERSON_UNMASK, org=row.org, area=row.area),
        "papers": selectors.documents_of(row, actor), "past": selectors.history(row, actor),
        "looks": selectors.looks_of(row, actor), "refusal": "", "agency": selectors.agency_of(row),
        "measures": row.measures.order_by("number"), "payments": row.payments.order_by("pk"),
        "kinds": rules.KINDS, **more,
    }  # fmt: skip
    return render(request, "enforcement/dossier.html", context, status=status)


def _people(row: Any) -> People:
    officers = [(one.key, f"{one.label} · {one.number}") for one in selectors.officers_for(row.area)]
    others = {
        person.key: person.label
        for office in (Office.REVIEW, Office.DECIDE)
        for person in accounts.people_with(office, org=row.org, area=row.area)
    }
    return People(officers, others.items())


@require_POST
def step(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """A step is taken, or the page says why not, by which article, and keeps what was typed."""
    row = selectors.dossier(number, request.actor)
    if verb not in rules.VERBS:
        raise NotFound("enforcement.no_step", verb=cleaned(verb)[:20])
    facts = selectors.facts_of(row, selectors.credentials())
    form = StepForm(verb, facts, _people(row), data=request.POST)
    if not form.is_valid():
        return _dossier(request, number, status=400, tried=form)
    seen = _key(request.POST.get("version", "")) or 0
    try:
        actions.take(number, verb, actor=request.actor, version=seen, given=form.given())
    except DomainError as error:
        return _dossier(request, number, status=error.status, tried=form, refusal=sentence_of(error))
    messages.success(request, _("Done: %(step)s.") % {"step": pick(VERBS[verb])})
    return redirect("dossier", number)


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, number: str) -> HttpResponse:
    """The party whole, this once, for a reason that is kept."""
    row = selectors.dossier(number, request.actor)
    if not request.actor.may(selectors.PERSON_UNMASK, org=row.org, area=row.area):
        raise Forbidden("enforcement.may_not_unmask")
    form = LookForm(data=request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"row": row, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "enforcement/look.html", context, status=400 if form.is_bound else 200)
    try:
        context["party"] = actions.look(number, actor=request.actor, **form.cleaned_data)
    except DomainError as error:
        return render(request, "enforcement/look.html", {**context, "refusal": sentence_of(error)}, status=error.status)
    answer = render(request, "enforcement/look.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def paper(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """A paper as it was sealed, the party masked unless it was just looked at for a reason."""
    found = selectors.document(number, place, request.actor)
    whole = selectors.has_looked(found.dossier, request.actor)
    masked = selectors.may_see_party(found.dossier, request.actor)
    context = {
        "row": found.dossier, "paper": found, "whole": whole,
        "words": selectors.words_of(found, whole=whole, masked=masked),
        "agency": found.words["values"].get("agency", ""), "kind": rules.KINDS[found.kind],
        "filters": urlencode({"file": number, "paper": place}),
    }  # fmt: skip
    answer = render(request, "enforcement/paper.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What supervision looks at."""
    told = selectors.board(request.actor)
    called = {key: one.label for key, one in selectors.credentials().items()}
    loads = [(called.get(key, key), key, many) for key, many in told.loads]
    context = {"board": told, "loads": loads, "most": max((many for _stage, many in told.stages), default=1),
               "today": selectors.local_today()}  # fmt: skip
    return render(request, "enforcement/board.html", context)


@require_safe
def power_list(request: HttpRequest) -> HttpResponse:
    """The power list in force today, with its bands of discretion."""
    if not request.actor.holds(SEE):
        raise Forbidden("enforcement.not_yours")
    causes = [selectors.cause_of(row) for row in selectors.causes_on(selectors.local_today())]
    return render(request, "enforcement/power_list.html", {"causes": causes})


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The words of a kind of paper, for administrators."""
    if not request.actor.may("admin"):
        raise Forbidden("enforcement.not_admin")
    if kind not in rules.KINDS:
        raise NotFound("enforcement.no_template")
    held = selectors.templates().get(kind)
    first = {"body": selectors.body_of(kind), "version": held.version if held else 0}
    form = TemplateForm(data=request.POST if request.method == "POST" else None, initial=first)
    context = {"kind": rules.KINDS[kind], "form": form, "kinds": rules.KINDS.values(), "held": held}
    if request.method != "POST" or not form.is_valid():
        return render(request, "enforcement/template.html", context, status=400 if form.is_bound else 200)
    try:
        actions.save_template(kind, actor=request.actor, **form.cleaned_data)
    except DomainError as error:
        return render(
            request, "enforcement/template.html", {**context, "refusal": sentence_of(error)}, status=error.status
        )
    messages.success(request, _("Papers of this kind made from now on have these words."))
    return redirect("paper-template", kind)


@login_not_required
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a paper is one of ours, for anybody who holds its code; nothing of the party."""
    try:
        found: Any = selectors.checked(token)
    except NotFound:
        found = None
    return render(request, "enforcement/verify.html", {"found": found}, status=200 if found else 404)
