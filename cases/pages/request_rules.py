"""The rules of asking: who asks for what and who signs, in plain words; and the city's own versions of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, selectors
from cases.forms import AskingForms
from cases.models import RequestRule, words
from core import versions
from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of


@require_safe
@page_needs("admin")
def rules(request: HttpRequest) -> HttpResponse:
    """Every kind of request: who asks, who signs one after the other, what is to come and what was."""
    return _list(request)


def _list(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = [
        {"kind": entry.kind, "label": words.REQUEST_NAMES[entry.kind], "counts": _shown(entry.counts),
         "to_come": _shown(entry.to_come), "over": [_shown(row) for row in entry.over]}
        for entry in selectors.asking_entries()
    ]  # fmt: skip
    return render(request, "cases/asking/rules.html", {"rows": rows, **more}, status=status)


def _shown(row: RequestRule | None) -> dict[str, Any]:
    """A version in plain words: chains as `a → b`, askers by name."""
    if row is None:
        return {}
    grounds = {ground["code"]: pick(ground["names"]) for ground in row.grounds}
    heads = {"usual": _("Signed by"), "again": _("Once more, signed by")}
    chains = [
        (heads.get(one.what) or _("On the ground “%(ground)s”, signed by") % {"ground": grounds[one.ground]},
         " → ".join(pick(signer.names) for signer in one.signers))
        for one in selectors.chains_of(row)
    ]  # fmt: skip
    askers = _(", ").join(str(words.DUTY_NAMES.get(duty, duty)) for duty in row.askers)
    return {"row": row, "chains": chains, "askers": askers, "grounds": _(", ").join(grounds.values()),
            "version": versions.sealed(row.told())}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def rule(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind: its last word in a form, and a version of the city's own from a moment on."""
    entry = selectors.asking_entry(kind)
    if request.method != "POST":
        return _page(request, AskingForms(entry.newest), entry)
    form = AskingForms(entry.newest, data=request.POST)
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        seen = versions.seen_in(request.POST).version
        actions.save_request_rule(kind, actor=request.actor, seen=seen, **form.given())
    except DomainError as error:
        return _page(request, form, entry, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The rule is saved; the journal has it. Requests that run keep their chain."))
    return redirect("asking-rules")


def _page(
    request: HttpRequest, form: AskingForms, entry: selectors.AskingEntry, *, status: int = 200, **more: Any
) -> HttpResponse:
    told = {"form": form, "label": words.REQUEST_NAMES[entry.kind], "now": _shown(entry.newest),
            "version": versions.field(request.POST, entry.newest.told())}  # fmt: skip
    return render(request, "cases/asking/rule.html", {**told, **more}, status=status)


@require_POST
@page_needs("admin")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of the city's own is over, or never begins."""
    reason, seen = request.POST.get("reason", ""), versions.seen_in(request.POST).version
    try:
        actions.end_request_rule(pk, actor=request.actor, reason=reason, seen=seen)
    except DomainError as error:
        return _list(request, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("Done; the journal has it. Requests that run keep their chain."))
    return redirect("asking-rules")
