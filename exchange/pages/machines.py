"""Machines that report: which there are, what and where each may report, and what became of its last calls."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors as accounts
from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from core.versions import FIELD, field, seen_in
from exchange import actions, selectors
from exchange.contracts.machines import CallKind, CallState, MachineKind
from exchange.forms import MachineForm, OverlapForm
from exchange.forms.machines import KINDS
from exchange.models import MachineCall

STATES = {
    CallState.RECEIVED: (pgettext_lazy("call", "kept"), "caution"),
    CallState.TAKEN: (pgettext_lazy("call", "taken in"), "info"),
    CallState.WAITING: (pgettext_lazy("call", "waits"), "caution"),
    CallState.OLD: (pgettext_lazy("call", "out of date"), "off"),
    CallState.REFUSED: (pgettext_lazy("call", "refused"), "critical"),
}
SAID = {
    CallKind.FOUND: pgettext_lazy("call", "found"),
    CallKind.STILL: pgettext_lazy("call", "still there"),
    CallKind.CLEARED: pgettext_lazy("call", "cleared"),
}


@require_safe
@page_needs("admin")
def machines(request: HttpRequest) -> HttpResponse:
    """Every machine and how its calls of the last day went."""
    found = selectors.machines(request.actor)
    rows = [{"row": row, "name": pick(row.names), "kind": KINDS[MachineKind(row.kind)]} for row in found]
    return render(request, "exchange/machines.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new(request: HttpRequest) -> HttpResponse:
    """A machine more; its key is shown once, on the answer that made it."""
    selectors.may_set_machines(request.actor)
    if request.method != "POST":
        return _page(request, form=MachineForm(new=True))
    form = MachineForm(data=request.POST, new=True)
    if not form.is_valid():
        return _page(request, form=form, status=400)
    try:
        made = actions.make_machine(form.cleaned_data["code"], told=form.told(), actor=request.actor)
    except DomainError as error:
        return _page(request, form=form, status=error.status, refusal=sentence_of(error))
    return _page(request, code=made.row.code, key=made.key)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def machine(request: HttpRequest, code: str) -> HttpResponse:
    """One machine, as people set it, with its last calls."""
    selectors.may_set_machines(request.actor)
    selectors.machine(code)
    if request.method != "POST":
        return _page(request, code=code)
    form = MachineForm(data=request.POST)
    if not form.is_valid():
        return _page(request, code=code, form=form, status=400)
    try:
        actions.change_machine(code, told=form.told(), seen=seen_in(request.POST).version, actor=request.actor)
    except DomainError as error:
        return _page(request, code=code, form=form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The machine is saved; the journal has it."))
    return redirect("machine", code=code)


@never_cache
@require_POST
@page_needs("admin")
def act(request: HttpRequest, code: str) -> HttpResponse:
    """It is switched on or off, or has another key, which is shown once."""
    selectors.may_set_machines(request.actor)
    selectors.machine(code)
    if request.POST.get("act") == "key":
        form = OverlapForm(data=request.POST)
        if not form.is_valid():
            return _page(request, code=code, overlap=form, status=400)
        made = actions.change_key(code, **form.cleaned_data, actor=request.actor)
        return _page(request, code=code, key=made.key)
    if request.POST.get("act") not in ("on", "off"):
        return _page(request, code=code, status=400)
    enabled = request.POST["act"] == "on"
    actions.switch_machine(code, enabled=enabled, actor=request.actor)
    messages.success(request, _("The machine may report.") if enabled else _("The machine reports no more."))
    return redirect("machine", code=code)


def _page(
    request: HttpRequest, *, code: str = "", form: MachineForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {"form": form, "name": _("New machine"), "version_field": FIELD, **more}
    if code:
        row = selectors.machine(code)
        told = selectors.machine_told(row)
        asked = {name: request.GET.get(name, "") for name in ("state", "after")}
        try:
            page = selectors.machine_calls(row, request.actor, **asked)
        except DomainError as error:
            page, status = selectors.machine_calls(row, request.actor), error.status
            context["refusal"] = sentence_of(error)
        context |= {
            "row": row, "name": pick(row.names), "kind": KINDS[MachineKind(row.kind)],
            "version": field(request.POST, told), "after": page.after,
            "form": form or MachineForm(initial=MachineForm.shown(told)),
            "calls": [_call(one, page.standings) for one in page.rows], "asked": asked["state"],
            "states": [(state.value, name) for state, (name, _look) in STATES.items()],
            "organisation": pick(accounts.organisation_named(row.organisation)) if row.organisation else "",
            "trouble": say(row.trouble["code"], row.trouble["params"]) if row.trouble else "",
            "overlap": more.get("overlap") or OverlapForm(),
        }  # fmt: skip
    return render(request, "exchange/machine.html", context, status=status)


def _call(row: MachineCall, standings: Any) -> dict[str, Any]:
    state, look = STATES[CallState(row.state)]
    return {
        "row": row, "said": SAID[CallKind(row.kind)], "state": state, "look": look,
        "standing": standings.get(row.subject), "class": row.body.get("class", ""),
        "values": list(dict(row.body.get("values") or {}).items()),
        "flags": [say(one["code"], one["params"]) for one in row.flags],
    }  # fmt: skip
