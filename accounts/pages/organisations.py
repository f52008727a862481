"""The tree of organisations and one of its nodes: created, renamed, moved and closed after a preview."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, selectors
from accounts.contracts import Kind, PlanState
from accounts.forms import (
    CloseForm,
    MoveForm,
    NamesForm,
    OrganisationForm,
    PostForm,
    day_of,
    midnight,
    today,
)  # fmt: skip
from accounts.models import Organisation, Post
from core import versions
from core.errors import DomainError, Stale
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from journal import selectors as journal

LONGEST_SEARCH = 60


@require_safe
@page_needs("admin")
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree, searched, today or as it stood or will stand on another day."""
    text = "".join(one for one in request.GET.get("q", "") if one.isprintable())[:LONGEST_SEARCH].strip()
    day = day_of(request.GET.get("at", ""))
    nodes = selectors.tree(midnight(day))
    shown = selectors.found_in(nodes, text) if text else nodes
    ground = set(selectors.administered(request.actor).values_list("code", flat=True))
    context = {
        "tab": "tree",
        "q": text,
        "day": day,
        "roots": _nested(shown, ground, bool(text)),
        "total": len(nodes),
        "found": len(shown),
        "closed": sum(not node.active for node in nodes),
        "people": sum(node.people for node in nodes),
        "plans": selectors.plans(),
        "ending": selectors.contracts_ending(request.actor, settings.CONTRACT_WARNING_DAYS).count(),
        "refused": [(plan, say(plan.refusal["code"], plan.refusal["params"])) for plan in _open_refusals()],
        "gives_away": request.actor.may("admin"),
    }
    return render(request, "accounts/organisations/tree.html", context)


def _open_refusals() -> list[Any]:
    return list(selectors.refused_plans()[:10])


def _nested(nodes: list[selectors.Node], ground: set[str], searched: bool) -> list[dict[str, Any]]:
    """Parents with their children inside; the upper levels are open, all of them in a search."""
    by_path: dict[str, dict[str, Any]] = {}
    roots: list[dict[str, Any]] = []
    for node in nodes:
        one = {"node": node, "open": searched or node.depth < 2, "mine": node.code in ground, "below": []}
        by_path[node.path] = one
        above = by_path.get(node.path.rpartition(".")[0])
        (above["below"] if above else roots).append(one)
    return roots


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new_organisation(request: HttpRequest) -> HttpResponse:
    """A new organisation."""
    if request.method != "POST":
        form = OrganisationForm(request.actor, initial={"parent": request.GET.get("parent", "")[:40]})
        return render(request, "accounts/organisations/new.html", {"tab": "tree", "form": form})
    form = OrganisationForm(request.actor, data=request.POST)
    status, refusal = 400, ""
    if form.is_valid():
        try:
            made = actions.create_organisation(**form.given(), actor=request.actor)
        except DomainError as error:
            refusal, status = sentence_of(error), error.status
        else:
            messages.success(request, _("The organisation is created."))
            return redirect("organisation", made.code)
    context = {"tab": "tree", "form": form, "refusal": refusal}
    return render(request, "accounts/organisations/new.html", context, status=status)


@require_safe
@page_needs("admin")
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: people, posts, plans, history; for a contractor its contracts and crews."""
    return _page(request, selectors.administered_organisation(code, request.actor))


def _page(request: HttpRequest, found: Organisation, *, status: int = 200, **more: Any) -> HttpResponse:
    people = selectors.find_people(request.actor, org=found.path, active="yes")
    crews = selectors.crews_of(found.code)
    initial = {"zh": found.names.get("zh"), "en": found.names.get("en"), "duties": ", ".join(found.duties)}
    context = {
        "tab": "tree",
        "found": found,
        "parent": found.parent,
        "children": selectors.administered(request.actor).filter(parent=found),
        "people": people[:12],
        "people_count": people.count(),
        "posts": _posts(request, found),
        "plans": [(plan, _refused(plan)) for plan in selectors.plans_of(found.code)],
        "waiting": selectors.plans().filter(organisation=found).first(),
        "history": selectors.history_of(found.code),
        "on_duty": selectors.on_duty(found.path),
        "contractor": found.kind == Kind.CONTRACTOR,
        "contracts": selectors.contracts_of(found.code),
        "crews": crews,
        "members": selectors.members_of([crew.code for crew in crews]),
        "names_form": NamesForm(initial=initial, auto_id="names_%s"),
        "move_form": MoveForm(request.actor, auto_id="move_%s"),
        "close_form": CloseForm(auto_id="close_%s"),
        "post_form": PostForm(auto_id="post_%s"),
        "version": versions.field(request.POST, selectors.organisation_told(found)),
        **more,
    }
    return render(request, "accounts/organisations/one.html", context, status=status)


def _posts(request: HttpRequest, found: Organisation) -> list[tuple[Post, str]]:
    """The posts of the organisation, each with its version for the form that gives it up."""
    rows = selectors.administered_posts(request.actor).filter(organisation=found)
    return [(row, versions.sealed(selectors.post_told(row))) for row in rows]


def _refused(plan: Any) -> str:
    return say(plan.refusal["code"], plan.refusal["params"]) if plan.state == PlanState.REFUSED else ""


@require_POST
@page_needs("admin")
def change_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """New names and duties."""
    found = selectors.administered_organisation(code, request.actor)
    form, seen = NamesForm(request.POST, auto_id="names_%s"), versions.seen_in(request.POST)
    try:
        return _acted(
            request, found, form, "names_form",
            lambda: actions.change_organisation(code, **form.given(), seen=seen.version, actor=request.actor),
            _("The organisation is changed; the journal has it."),
        )  # fmt: skip
    except Stale as error:
        return _stale(request, selectors.administered_organisation(code, request.actor), form, seen, error)


def _stale(
    request: HttpRequest, found: Organisation, form: NamesForm, seen: versions.Seen, error: Stale
) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    told = selectors.organisation_told(found)
    fields = {**form.fields, "duties": _("Duties"), "active": _("in use")}
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, fields),
        "changed": journal.latest(f"organisation:{found.code}", "accounts.organisation_changed.v1"),
    }
    return _page(request, found, status=error.status, names_form=form, **more)


@require_POST
@page_needs("admin")
def add_post(request: HttpRequest, code: str) -> HttpResponse:
    """A new post of the organisation."""
    found = selectors.administered_organisation(code, request.actor)
    form = PostForm(request.POST, auto_id="post_%s")
    return _acted(
        request, found, form, "post_form",
        lambda: actions.create_post(organisation=code, **form.given(), actor=request.actor),
        _("The post is created."),
    )  # fmt: skip


def _acted(request: HttpRequest, found: Organisation, form: Any, name: str, act: Any, said: str) -> HttpResponse:
    """The action is done and told, or the page says why not with the form as it was filled in."""
    if not form.is_valid():
        return _page(request, found, status=400, **{name: form})
    try:
        act()
    except Stale:
        raise
    except DomainError as error:
        return _page(request, found, status=error.status, refusal=sentence_of(error), **{name: form})
    messages.success(request, said)
    return redirect("organisation", found.code)


@require_POST
@page_needs("admin")
def give_up_post(request: HttpRequest, code: str) -> HttpResponse:
    """A post is given up; whoever held it holds it no more."""
    post, seen = selectors.post(code, request.actor), versions.seen_in(request.POST)
    try:
        actions.change_post(code, active=False, actor=request.actor, seen=seen.version)
    except Stale as error:
        labels = {**NamesForm.base_fields, "active": _("in use")}
        more = {
            "refusal": sentence_of(error),
            "version": versions.sealed(selectors.organisation_told(post.organisation)),
            "meanwhile": versions.differences(seen, selectors.post_told(post), labels),
            "changed": journal.latest(f"post:{post.code}", "accounts.post_changed.v1"),
        }
        return _page(request, post.organisation, status=error.status, **more)
    messages.success(request, _("The post is given up."))
    return redirect("organisation", post.organisation.code)


@require_POST
@page_needs("admin")
def move(request: HttpRequest, code: str) -> HttpResponse:
    """What a move would do, and with `act=save` the move."""
    found = selectors.administered_organisation(code, request.actor)
    form = MoveForm(request.actor, data=request.POST)
    if not form.is_valid():
        return _page(request, found, status=400, move_form=form)
    told = form.cleaned_data
    where = {"parent": told["parent"], "actor": request.actor}

    def save() -> object:
        return actions.move_organisation(code, **where, at=_from(told["at"]), note=told["note"])

    return _confirm(request, found, form, "move", lambda: actions.preview_move(code, **where), save)


@require_POST
@page_needs("admin")
def close(request: HttpRequest, code: str) -> HttpResponse:
    """What a closing would do, and with `act=save` the closing."""
    found = selectors.administered_organisation(code, request.actor)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=400, close_form=form)
    told = form.cleaned_data

    def save() -> object:
        return actions.close_organisation(code, at=_from(told["at"]), note=told["note"], actor=request.actor)

    return _confirm(request, found, form, "close", lambda: actions.preview_close(code, actor=request.actor), save)


def _from(day: Any) -> Any:
    """From that day on; today means now."""
    return None if day is None or day == today() else midnight(day)


def _confirm(request: HttpRequest, found: Organisation, form: Any, act: str, look: Any, save: Any) -> HttpResponse:
    refusal, status = "", 200
    try:
        if request.POST.get("act") == "save":
            save()
            messages.success(request, _("Done; the journal has it."))
            return redirect("organisation", found.code)
        preview = look()
    except DomainError as error:
        refusal, status, preview = sentence_of(error), error.status, None
    later = form.cleaned_data["at"] is not None and form.cleaned_data["at"] > today()
    if preview is not None and preview.refusal is not None:
        refusal = sentence_of(preview.refusal)
    parent = selectors.organisation(form.cleaned_data["parent"]) if form.cleaned_data.get("parent") else None
    counted = [(pick(one.names), one.count, one.hinders) for one in preview.counted] if preview else []
    context = {
        "tab": "tree", "found": found, "form": form, "what": act, "preview": preview, "refusal": refusal,
        "later": later, "new_parent": parent, "counted": counted, "may_save": not refusal or later,
    }  # fmt: skip
    return render(request, "accounts/organisations/confirm.html", context, status=status)


@require_POST
@page_needs("admin")
def cancel_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What was planned will not happen."""
    plan = actions.cancel_plan(pk, actor=request.actor)
    messages.success(request, _("The plan is cancelled."))
    return redirect("organisation", plan.organisation.code)
