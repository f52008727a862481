"""Contractors, their contracts and crews: what runs out, what ends with a contract, who works in which crew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, selectors
from accounts.contracts import Kind
from accounts.forms import ContractEndForm, ContractForm, ContractWordsForm, CrewForm, CrewMemberForm, midnight, today
from accounts.models import Contract, Crew, CrewMember, Organisation
from core import clock, versions
from core.errors import Conflict, DomainError, Stale
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from journal import selectors as journal


@require_safe
@page_needs("admin")
def contractors(request: HttpRequest) -> HttpResponse:
    """Every contractor with the contract that runs, the one to come, its people and crews; first what ends soon."""
    days, now = settings.CONTRACT_WARNING_DAYS, clock.now()
    rows = [
        {"home": home, "running": _at(home, now), "coming": _after(home, now), "crews": home.crews.all()}
        for home in selectors.contractors(request.actor)
    ]
    context = {
        "tab": "contractors", "rows": rows, "days": days,
        "ending": [(one, (one.valid_until - now).days) for one in selectors.contracts_ending(request.actor, days)],
        "without": [row["home"] for row in rows if row["running"] is None],
    }  # fmt: skip
    return render(request, "accounts/contractors/list.html", context)


def _at(home: Organisation, now: datetime) -> Contract | None:
    return next((one for one in home.contracts.all() if one.valid_from <= now < one.valid_until), None)


def _after(home: Organisation, now: datetime) -> Contract | None:
    coming = [one for one in home.contracts.all() if one.valid_from > now]
    return min(coming, key=lambda one: one.valid_from, default=None)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def contracts(request: HttpRequest, code: str) -> HttpResponse:
    """The contracts of one contractor; posting makes a new one."""
    found = _contractor(code, request)
    if request.method != "POST":
        return _contracts(request, found)
    form = ContractForm(request.POST, auto_id="contract_%s")
    if not form.is_valid():
        return _contracts(request, found, status=400, form=form)
    told = form.cleaned_data
    times: Any = {name: midnight(told[name]) for name in ("valid_from", "valid_until")}
    try:
        actions.make_contract(code, number=told["number"], scope=told["scope"], **times, actor=request.actor)
    except DomainError as error:
        return _contracts(request, found, status=error.status, form=form, refusal=sentence_of(error))
    messages.success(request, _("The contract is on record."))
    return redirect("organisation-contracts", code)


def _contractor(code: str, request: HttpRequest) -> Organisation:
    found = selectors.administered_organisation(code, request.actor)
    if found.kind != Kind.CONTRACTOR:
        raise Conflict("accounts.not_a_contractor", name=pick(found.names))
    return found


def _contracts(request: HttpRequest, found: Organisation, *, status: int = 200, **more: Any) -> HttpResponse:
    now, words = clock.now(), more.pop("words", None)
    rows = []
    for one in selectors.contracts_of(found.code):
        held = words if words and words[0] == one.pk else None
        first = {"number": one.number, "scope": one.scope}
        form = held[1] if held else ContractWordsForm(initial=first, auto_id=f"c{one.pk}_%s")
        over = one.valid_until <= now
        state = "over" if over else "coming" if one.valid_from > now else "running"
        end_form = None if over else ContractEndForm(auto_id=f"e{one.pk}_%s")
        rows.append({"contract": one, "state": state, "words": form, "open": held is not None, "end": end_form,
                     "days": (one.valid_until - now).days})  # fmt: skip
    crews = selectors.crews_of(found.code)
    context = {
        "tab": "contractors", "found": found, "rows": rows, "days": settings.CONTRACT_WARNING_DAYS, "crews": crews,
        "members": selectors.members_of([crew.code for crew in crews]),
        "people_count": selectors.people_under(found.path).count(),
        "form": ContractForm(auto_id="contract_%s"), **more,
    }  # fmt: skip
    return render(request, "accounts/contractors/contracts.html", context, status=status)


@require_POST
@page_needs("admin")
def change_contract(request: HttpRequest, pk: int) -> HttpResponse:
    """Another number, other words for what it covers."""
    contract = selectors.contract_of(pk, request.actor)
    form = ContractWordsForm(request.POST, auto_id=f"c{pk}_%s")
    if not form.is_valid():
        return _contracts(request, contract.organisation, status=400, words=(pk, form))
    try:
        actions.change_contract(pk, **form.cleaned_data, actor=request.actor)
    except DomainError as error:
        refused = {"words": (pk, form), "refusal": sentence_of(error)}
        return _contracts(request, contract.organisation, status=error.status, **refused)
    messages.success(request, _("The contract is changed; the journal has it."))
    return redirect("organisation-contracts", contract.organisation.code)


@require_POST
@page_needs("admin")
def end_contract(request: HttpRequest, pk: int) -> HttpResponse:
    """What another end of the contract would do, and with `act=save` that end."""
    contract = selectors.contract_of(pk, request.actor)
    form = ContractEndForm(request.POST)
    context: dict[str, Any] = {"tab": "contractors", "found": contract.organisation, "contract": contract, "form": form}
    if not form.is_valid():
        return render(request, "accounts/contractors/end.html", context, status=400)
    day = form.cleaned_data["until"]
    until: Any = clock.now() if day is None or day == today() else midnight(day)
    try:
        if request.POST.get("act") == "save":
            actions.end_contract_on(pk, until=until, actor=request.actor)
            messages.success(request, _("The contract has its new end, and the grants of its people too."))
            return redirect("organisation-contracts", contract.organisation.code)
        preview = actions.preview_contract_end(pk, until=until, actor=request.actor)
    except DomainError as error:
        return render(request, "accounts/contractors/end.html", context | {"refusal": sentence_of(error)},
                      status=error.status)  # fmt: skip
    refusal = sentence_of(preview.refusal) if preview.refusal else ""
    counted = [(pick(names), count) for names, count in preview.open_work]
    context |= {"preview": preview, "refusal": refusal, "counted": counted, "now": preview.until <= clock.now(),
                "longer": preview.until > contract.valid_until}  # fmt: skip
    return render(request, "accounts/contractors/end.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def crews(request: HttpRequest, code: str) -> HttpResponse:
    """The crews of an organisation with who works in them; posting makes a new one."""
    found = selectors.administered_organisation(code, request.actor)
    if request.method != "POST":
        return _crews(request, found)
    form = CrewForm(request.POST, auto_id="crew_%s")
    if not form.is_valid():
        return _crews(request, found, status=400, form=form)
    told = form.cleaned_data
    try:
        actions.create_crew(organisation=code, code=told["code"], names={"zh": told["zh"], "en": told["en"]},
                            actor=request.actor)  # fmt: skip
    except DomainError as error:
        return _crews(request, found, status=error.status, form=form, refusal=sentence_of(error))
    messages.success(request, _("The crew is made; nobody is in it yet."))
    return redirect("organisation-crews", code)


def _crews(
    request: HttpRequest, found: Organisation, *, status: int = 200, typed: Mapping[str, Any] | None = None, **more: Any
) -> HttpResponse:
    kept = list(selectors.crews_of(found.code))
    people = [(str(one.pk), one.get_full_name()) for one in selectors.people_under(found.path).order_by("label", "pk")]
    members: dict[int, list[CrewMember]] = {crew.pk: [] for crew in kept}
    for one in selectors.members_of([crew.code for crew in kept]):
        members[one.crew_id].append(one)
    rows = [
        {
            "crew": crew,
            "members": members[crew.pk],
            "names": (typed or {}).get(crew.code, crew.names),
            "version": versions.sealed(selectors.crew_told(crew)),
            "form": CrewMemberForm(people, auto_id=f"m{crew.pk}_%s"),
        }
        for crew in kept
    ]
    context = {
        "tab": "contractors", "found": found, "rows": rows, "people": people,
        "contractor": found.kind == Kind.CONTRACTOR, "form": CrewForm(auto_id="crew_%s"), **more,
    }  # fmt: skip
    return render(request, "accounts/contractors/crews.html", context, status=status)


@require_POST
@page_needs("admin")
def change_crew(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody joins, leads or leaves the crew; it has other names, or is dissolved."""
    crew = selectors.crew_of(code, request.actor)
    try:
        said = _act(request, crew)
    except Stale as error:
        return _stale_crew(request, crew, error)
    except DomainError as error:
        if error.status == 404:
            raise
        return _crews(request, crew.organisation, status=error.status, refusal=sentence_of(error))
    messages.success(request, said)
    return redirect("organisation-crews", crew.organisation.code)


def _stale_crew(request: HttpRequest, crew: Crew, error: Stale) -> HttpResponse:
    """The crews with the names that were typed, and what somebody else changed meanwhile."""
    told, seen = selectors.crew_told(crew), versions.seen_in(request.POST)
    labels = {"zh": _("Chinese name"), "en": _("English name")}
    more: dict[str, Any] = {
        "refusal": sentence_of(error),
        "meanwhile": versions.differences(seen, told, labels),
        "changed": journal.latest(f"crew:{crew.code}", "accounts.crew_changed.v1"),
    }
    typed = {crew.code: {name: request.POST.get(name, told[name]) for name in labels}}
    return _crews(request, crew.organisation, status=error.status, typed=typed, **more)


def _act(request: HttpRequest, crew: Crew) -> str:
    given, actor, seen = request.POST, request.actor, versions.seen_in(request.POST).version
    text = given.get("person", "")
    person = int(text) if text.isdecimal() and len(text) < 19 else 0
    act = given.get("act")
    if act in ("join", "lead"):
        leads = act == "lead" or bool(given.get("leads"))
        actions.join_crew(crew.code, user_id=person, leads=leads, actor=actor)
        return _("Now of the crew.")
    if act == "leave":
        actions.leave_crew(crew.code, user_id=person, actor=actor)
        return _("No more of the crew.")
    if act == "dissolve":
        actions.change_crew(crew.code, active=False, actor=actor, seen=seen)
        return _("The crew is dissolved.")
    names = {name: given.get(name, "") for name in ("zh", "en")}
    actions.change_crew(crew.code, names=names, actor=actor, seen=seen)
    return _("The crew has these names.")
