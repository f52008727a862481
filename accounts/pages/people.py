"""People: the list, one person, who is new, and links to set passwords with."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, selectors
from accounts.forms import AppointForm, GrantForm, NewPersonForm, PersonForm, midnight, organisation_choices
from accounts.models import User
from core import versions
from core.errors import DomainError, Stale
from core.gates import page_needs
from core.sentences import sentence_of
from journal import selectors as journal

PAGE = 50
MOST_LINKS = 500


@require_safe
@page_needs("admin")
def people(request: HttpRequest) -> HttpResponse:
    """The people on the actor's ground, searched and filtered."""
    asked = {name: request.GET.get(name, "")[:60].strip() for name in ("q", "organisation", "post", "active", "new")}
    home = selectors.administered(request.actor).filter(code=asked["organisation"]).first()
    found = selectors.find_people(
        request.actor, text=asked["q"], org=home.path if home else "", post=asked["post"],
        active=asked["active"], invited=asked["new"] == "1",
    )  # fmt: skip
    pages = Paginator(found, PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "tab": "people",
        "asked": asked,
        "page": page,
        "total": pages.count,
        "query": urlencode({key: value for key, value in asked.items() if value}),
        "organisations": organisation_choices(request.actor, active=False),
        "posts": [(row.code, selectors.post_title(row)) for row in selectors.administered_posts(request.actor)],
        "waiting": selectors.find_people(request.actor, invited=True).count(),
        "gives_away": request.actor.may("admin"),
    }
    return render(request, "accounts/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new_person(request: HttpRequest) -> HttpResponse:
    """Somebody new, without a password: the next page makes the link."""
    if request.method != "POST":
        form = NewPersonForm(request.actor, initial={"organisation": request.GET.get("organisation", "")[:40]})
        return render(request, "accounts/people/new.html", {"tab": "people", "form": form})
    form, refusal, status = NewPersonForm(request.actor, data=request.POST), "", 400
    if form.is_valid():
        try:
            made = actions.create_user(**form.cleaned_data, actor=request.actor)
        except DomainError as error:
            refusal, status = sentence_of(error), error.status
        else:
            messages.success(request, _("The account is created. Now make a link to set the password."))
            return redirect("person", made.pk)
    context = {"tab": "people", "form": form, "refusal": refusal}
    return render(request, "accounts/people/new.html", context, status=status)


@require_safe
@page_needs("admin")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts, other grants, shifts, crews, keys, last sign-in."""
    return _page(request, selectors.administered_person(pk, request.actor))


def _page(request: HttpRequest, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    home = user.organisation
    initial = {"label": user.label, "organisation": home.code if home else "", "phone": user.phone, "email": user.email}
    mine = set(selectors.administered_grants(request.actor, user_id=user.pk).values_list("pk", flat=True))
    grants = selectors.grants_of(user.pk).filter(post=None)
    context = {
        "tab": "people",
        "user": user,
        "posts": [(grant, selectors.post_title(grant.post)) for grant in selectors.posts_of(user.pk) if grant.post],
        "grants": [(grant, grant.pk in mine) for grant in grants],
        "watches": selectors.coming_watches(user.pk),
        "crews": selectors.crews_with(user.pk),
        "keys": selectors.keys_held_by(user.pk),
        "form": PersonForm(request.actor, initial=initial),
        "appoint_form": AppointForm(request.actor, auto_id="appoint_%s"),
        "grant_form": GrantForm(request.actor, auto_id="grant_%s"),
        "myself": request.actor.user_id == user.pk,
        "version": versions.field(request.POST, selectors.person_told(user)),
        **more,
    }
    return render(request, "accounts/people/one.html", context, status=status)


@require_POST
@page_needs("admin")
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """The account is as told, or switched off or on."""
    user = selectors.administered_person(pk, request.actor)
    switch = request.POST.get("act")
    form = PersonForm(request.actor, data=request.POST)
    if switch not in ("off", "on") and not form.is_valid():
        return _page(request, user, status=400, form=form)
    seen = versions.seen_in(request.POST)
    words = {"active": switch == "on"} if switch in ("off", "on") else {**form.cleaned_data, "seen": seen.version}
    try:
        actions.change_person(pk, **words, actor=request.actor)
    except Stale as error:
        return _stale(request, selectors.administered_person(pk, request.actor), form, seen, error)
    except DomainError as error:
        more = {} if switch in ("off", "on") else {"form": form}
        return _page(request, user, status=error.status, refusal=sentence_of(error), **more)
    messages.success(request, _("The account is changed; the journal has it."))
    return redirect("person", pk)


def _stale(request: HttpRequest, user: User, form: PersonForm, seen: versions.Seen, error: Stale) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    told, names = selectors.person_told(user), dict(organisation_choices(request.actor, active=False))
    fields = {**form.fields, "active": _("in use"), "remote": _("Signs in from outside")}
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(
            seen, told, fields, {"organisation": lambda code: names.get(code, code).strip()}
        ),
        "changed": journal.latest(f"user:{user.pk}", "accounts.person_changed.v1"),
    }
    return _page(request, user, status=error.status, form=form, **more)


@require_POST
@page_needs("admin")
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """The person holds one more post."""
    user = selectors.administered_person(pk, request.actor)
    form = AppointForm(request.actor, data=request.POST, auto_id="appoint_%s")
    if not form.is_valid():
        return _page(request, user, status=400, appoint_form=form)
    told = form.cleaned_data
    times = {name: midnight(told[name]) for name in ("valid_from", "valid_until")}
    try:
        actions.appoint(told["post"], user=pk, **times, actor=request.actor)
    except DomainError as error:
        return _page(request, user, status=error.status, refusal=sentence_of(error), appoint_form=form)
    messages.success(request, _("The person holds the post."))
    return redirect("person", pk)


@require_POST
@page_needs("admin")
def give_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """The person holds one more role without a post; refused as a post would be where it conflicts."""
    user = selectors.administered_person(pk, request.actor)
    form = GrantForm(request.actor, data=request.POST, auto_id="grant_%s")
    if not form.is_valid():
        return _page(request, user, status=400, grant_form=form)
    try:
        actions.grant(user=pk, **form.given(), actor=request.actor)
    except DomainError as error:
        return _page(request, user, status=error.status, refusal=sentence_of(error), grant_form=form)
    messages.success(request, _("The role is given."))
    return redirect("person", pk)


@require_POST
@page_needs("admin")
def end_grant(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """The person holds that role no more."""
    user = selectors.administered_person(pk, request.actor)
    held = selectors.administered_grants(request.actor, user_id=user.pk).filter(pk=grant).first()
    actions.revoke(held.pk if held else 0, actor=request.actor)
    messages.success(request, _("The role is taken back."))
    return redirect("person", pk)


@require_POST
@page_needs("admin")
def leave_post(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """The person holds the post no more."""
    user = selectors.administered_person(pk, request.actor)
    actions.leave_post(selectors.posts_of(user.pk).filter(pk=grant).values_list("pk", flat=True).first() or 0,
                       actor=request.actor)  # fmt: skip
    messages.success(request, _("The person has left the post."))
    return redirect("person", pk)


@require_POST
@page_needs("admin")
def invite(request: HttpRequest) -> HttpResponse:
    """Links to set passwords with, shown on this page and kept nowhere: for one person, or for all without one."""
    one = request.POST.get("person", "")
    if one.isdecimal():
        wanted = [selectors.administered_person(int(one), request.actor).pk]
    else:
        waiting = selectors.find_people(request.actor, invited=True)
        wanted = list(waiting.values_list("pk", flat=True)[:MOST_LINKS])
    links = [
        (invited.user, request.build_absolute_uri(invited.path))
        for invited in actions.invite(wanted, actor=request.actor)
    ]
    answer = render(request, "accounts/people/links.html", {"tab": "people", "links": links})
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
