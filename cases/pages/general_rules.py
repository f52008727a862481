"""The general rules of responsibility: what packs and the city say of each duty; the city's own, replayed and saved."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions, selectors
from cases.contracts import GENERAL_CHANGED, GENERAL_ENDED
from cases.forms import EndGeneralForm, GeneralRuleForm
from cases.models import Responsibility
from cases.pages.showing import holders, replayed
from cases.templatetags.case_words import word
from core import clock, versions
from core.errors import DomainError, Invalid, Stale
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from journal import selectors as journal

Named = Mapping[str, Mapping[str, str]]


@require_safe
@page_needs("admin")
def rules(request: HttpRequest) -> HttpResponse:
    """Which rule counts for each duty and whose word it is; the city's own that are over or still to come."""
    found, kinds, now = selectors.general_rules(), selectors.organisation_kinds(), clock.now()
    names = {one.duty: one.newest.names for one in found}
    others = [
        {"state": row.state_at(now), **_shown(row, kinds, names)}
        for row in selectors.city_rules()
        if row.state_at(now) != "in_force"
    ]
    context = {
        "tab": "general",
        "rows": [{"one": one, **_entry(one, kinds, names)} for one in found],
        "others": others,
        "own": sum(bool(one.rule and one.rule.origin == "city") for one in found),
    }
    return render(request, "cases/responsibility/general.html", context)


def _entry(one: selectors.GeneralRule, kinds: Named, names: Named) -> dict[str, Any]:
    """A duty of the list: the rule in force, beside it what the pack says otherwise and what is to come."""
    return {
        "said": _shown(one.rule, kinds, names) if one.rule else None,
        "pack": _shown(one.pack, kinds, names) if one.pack and one.differs else None,
        "begins": one.to_come[0].valid_from if one.to_come else None,
    }


def _shown(row: Responsibility, kinds: Named, names: Named) -> dict[str, Any]:
    """A rule in the words of its page."""
    return {
        "row": row,
        "kind": _named([row.kind], kinds),
        "by": word(row.by, "level"),
        "cooperating": _named(row.cooperating, names),
        "arbiter": _named(row.arbiter, kinds),
    }


def _named(codes: Iterable[str], names: Named) -> str:
    return _(", ").join(pick(names.get(code)) or code for code in codes)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def rule(request: HttpRequest, duty: str = "") -> HttpResponse:
    """The city's own rule for a duty, or for a new one: first replayed on last month's cases, then saved."""
    row = selectors.general_rule(duty).newest if duty else None
    if request.method != "POST":
        asked = {} if row else {"initial": {"duty": request.GET.get("duty", "")[:40]}}
        return _rule(request, GeneralRuleForm(row, **asked), row)
    form, seen = GeneralRuleForm(row, data=request.POST), versions.seen_in(request.POST)
    draft = None
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        draft = actions.draft_general(actor=request.actor, **form.given())
        if request.POST.get("act") != "save":
            return _rule(request, form, row, draft=draft)
        which = {"version": seen.version} if row else {}
        actions.save_general(draft, actor=request.actor, seen=request.POST.get("seen", ""), **which)
    except Stale as error:
        return _stale(request, form, duty, seen, error)
    except DomainError as error:
        shown = draft if error.code == "responsibility.look_again" else None
        return _rule(request, form, row, draft=shown, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The general rule is saved; the journal has it."))
    return redirect("responsibility-general")


def _stale(request: HttpRequest, form: GeneralRuleForm, duty: str, seen: versions.Seen, error: Stale) -> HttpResponse:
    """The page with what was typed, and what somebody else or a pack changed meanwhile."""
    row = selectors.general_rule(duty).newest
    told = selectors.general_told(row)
    by_hand = "city" in (told["origin"], (seen.told or {}).get("origin"))
    words = {
        "origin": lambda code: _("The city") if code == "city" else _("The pack"),
        "kind": lambda code: _named([code], form.kinds),
        "by": lambda code: word(code, "level"),
        "cooperating": lambda code: _named([code], form.duties),
        "arbiter": lambda codes: _named(filter(None, codes.split(";")), form.kinds),
    }
    labels = {**form.fields, "origin": _("Whose word"), "arbiter": _("Kind that settles disputes")}
    more: dict[str, Any] = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, labels, words),
        "changed": journal.latest(f"general_rule:{duty}", GENERAL_CHANGED, GENERAL_ENDED) if by_hand else None,
    }
    return _rule(request, form, row, status=error.status, **more)


def _rule(
    request: HttpRequest, form: GeneralRuleForm, row: Responsibility | None, *, draft: Responsibility | None = None,
    status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "tab": "general",
        "form": form,
        "row": row,
        "waits": row is not None and row.state_at(clock.now()) == "to_come",
        "version": versions.field(request.POST, selectors.general_told(row)) if row else "",
        **(replayed(request, selectors.replay_general(draft), holders()) if draft else {}),
        **more,
    }
    return render(request, "cases/responsibility/general_rule.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A rule of the city is over, once its end has been replayed and looked at; then the pack's counts again."""
    row = selectors.city_rule(pk)
    form = EndGeneralForm(data=request.POST) if request.method == "POST" else EndGeneralForm()
    refusal, status = "", 200
    told = selectors.general_told(row)
    version = versions.field(request.POST, told)
    try:
        if request.method == "POST":
            if not form.is_valid():
                raise Invalid("case.form_incomplete")
            actions.end_general(pk, actor=request.actor, seen=request.POST.get("seen", ""), **form.cleaned_data,
                                version=versions.seen_in(request.POST).version)  # fmt: skip
            messages.success(request, _("The general rule is over; the journal has it."))
            return redirect("responsibility-general")
    except DomainError as error:
        refusal, status = sentence_of(error), error.status
        version = versions.sealed(told) if isinstance(error, Stale) else version
    pack = selectors.general_rules(row.duty)
    context = {
        "tab": "general", "row": row, "form": form, "refusal": refusal, "version": version,
        "pack": pack[0].pack if pack else None, "waits": row.state_at(clock.now()) == "to_come",
    }  # fmt: skip
    context |= replayed(request, selectors.replay_general_end(pk), holders())
    return render(request, "cases/responsibility/general_end.html", context, status=status)
