"""The role editor: what each role may do, who holds it, and what a change would change before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, selectors
from accounts.forms.roles import PERMISSION_NAMES, NewRoleForm, RoleForm, grouped
from accounts.models import Role
from core import versions
from core.errors import Conflict, DomainError, Stale
from core.gates import page_needs
from core.languages import pick
from core.scope import Actor
from core.sentences import sentence_of
from journal import selectors as journal

SHOWN = 100
ROLE_NEWS = ("accounts.role_changed.v1", "accounts.role_factor_changed.v1")


def _named(permissions: Any) -> list[str]:
    return [str(PERMISSION_NAMES.get(code, code)) for code in permissions]


@require_safe
@page_needs("admin")
def roles(request: HttpRequest) -> HttpResponse:
    """Every role in use: who brought it, what it may do, how many hold it."""
    rows = [
        {"role": row, "name": pick(row.names), "may": _named(row.permissions), "holders": held}
        for row, held in selectors.roles_with_holders()
    ]
    return render(request, "accounts/roles.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new(request: HttpRequest) -> HttpResponse:
    """A role of the city's own."""
    form = NewRoleForm(data=request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    return _posted(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def role(request: HttpRequest, code: str) -> HttpResponse:
    """One role: names, permissions, holders, and how the city differs from the pack."""
    row = selectors.role(code)
    if request.method != "POST":
        given = {"zh": row.names.get("zh", ""), "en": row.names.get("en", ""), "permissions": row.permissions}
        return _page(request, RoleForm(initial={**given, "second_factor": row.second_factor}), row)
    if request.POST.get("act") == "reset":
        return _reset(request, row)
    return _posted(request, RoleForm(data=request.POST), row)


def _reset(request: HttpRequest, row: Role) -> HttpResponse:
    given = {**row.said.get("names", {}), "permissions": row.said.get("permissions", [])}
    seen = versions.seen_in(request.POST)
    try:
        actions.reset_role(row.code, actor=request.actor, seen=seen.version)
    except Stale as error:
        return _stale(request, RoleForm(initial=selectors.role_told(row)), row.code, seen, error)
    except DomainError as error:
        return _page(request, RoleForm(initial=given), row, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The role is again what the pack says; the journal has it."))
    return redirect("role", code=row.code)


def _posted(request: HttpRequest, form: RoleForm, row: Role | None) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, row, status=400)
    seen = versions.seen_in(request.POST)
    if row is not None and seen.version != versions.version_of(selectors.role_told(row)):
        return _stale(request, form, row.code, seen, Stale("version.stale"))
    if request.POST.get("act") != "save":
        return _page(request, form, row, diff=_diff(form, row))
    try:
        if request.POST.get("seen") != form.seal():
            raise Conflict("accounts.role_look_again")
        code = _save(form, row, seen, request.actor)
    except Stale as error:
        return _stale(request, form, str(row and row.code), seen, error)
    except DomainError as error:
        return _page(request, form, row, status=error.status, refusal=sentence_of(error), diff=_diff(form, row))
    messages.success(request, _("The role is saved; the journal has it."))
    return redirect("role", code=code)


def _stale(request: HttpRequest, form: RoleForm, code: str, seen: versions.Seen, error: Stale) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    row = selectors.role(code)
    words = {"permissions": lambda one: PERMISSION_NAMES.get(one, one)}
    told = selectors.role_told(row)
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, form.fields, words),
        "changed": journal.latest(f"role:{code}", *ROLE_NEWS),
    }
    return _page(request, form, row, status=error.status, **more)


def _save(form: RoleForm, row: Role | None, seen: versions.Seen, actor: Actor) -> str:
    code = row.code if row else str(form.cleaned_data["code"])
    actions.save_role(
        code=code,
        names=form.names(),
        permissions=form.cleaned_data["permissions"],
        second_factor=form.cleaned_data["second_factor"],
        new=row is None,
        seen=seen.version if row else None,
        actor=actor,
    )
    return code


def _diff(form: RoleForm, row: Role | None) -> dict[str, Any]:
    before, after = set(row.permissions if row else ()), set(form.cleaned_data["permissions"])
    renamed = row is not None and row.names != form.names()
    factor = form.cleaned_data["second_factor"]
    changed = factor != (row.second_factor if row else False)
    return {
        "added": _named(sorted(after - before)),
        "removed": _named(sorted(before - after)),
        "renamed": renamed,
        "factor": changed,
        "required": factor,
        "nothing": row is not None and before == after and not renamed and not changed,
        "seal": form.seal(),
    }


def _page(
    request: HttpRequest, form: RoleForm, row: Role | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "role": row, "groups": grouped(form.chosen()), **more}
    if row is not None:
        holders = list(selectors.holders_of(row.pk)[: SHOWN + 1])
        said = set(row.said.get("permissions", ())) if row.differs else set()
        context |= {
            "name": pick(row.names),
            "version": more.get("version") or versions.field(request.POST, selectors.role_told(row)),
            "holders": holders[:SHOWN],
            "more_holders": len(holders) > SHOWN,
            "city_more": _named(sorted(set(row.permissions) - said)) if row.differs else [],
            "city_less": _named(sorted(said - set(row.permissions))) if row.differs else [],
            "pack_names": pick(row.said.get("names", {})) if row.differs else "",
        }
    return render(request, "accounts/role.html", context, status=status)
