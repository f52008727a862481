"""The catalogue in the browser: the list with its switches, a class with its versions, and the editor with its diff."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, rules, selectors
from cases.forms import ClassForms, WhyForm
from cases.models import Category, words
from cases.pages.showing import holders, replayed
from cases.selectors import ClassEntry
from cases.templatetags.class_words import shown
from core.errors import DomainError, Invalid, NotFound, Stale
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of

READERS = ("case.see", "case.report", "admin")
MOST_AT_ONCE = 20
LONGEST_SEARCH = 60
FILTERS = ("q", "kind", "state")
KINDS = ("event", "component")


@require_safe
@page_needs(*READERS)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every class by major class, with its switch; found by code, name or Pinyin initials, by kind and by state."""
    asked = _asked(request.GET)
    entries = selectors.class_entries()
    found = selectors.classes_found(entries, text=asked["q"], kind=asked["kind"], state=asked["state"])
    context = {
        **asked,
        "kinds": [{"code": kind, "count": _count(entries, kind=kind)} for kind in KINDS],
        "states": [{"code": state, "count": _count(entries, state=state)} for state in (*selectors.STATES, "differs")],
        "total": len(entries),
        "groups": _groups(found),
        "folded": len(found) > MOST_AT_ONCE,
        "query": urlencode({key: value for key, value in asked.items() if value}),
        "may_change": request.actor.may("admin"),
    }
    return render(request, "cases/classes/list.html", context)


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    text = "".join(letter for letter in given.get("q", "") if letter.isprintable())[:LONGEST_SEARCH].strip()
    kind, state = given.get("kind", ""), given.get("state", "")
    return {
        "q": text,
        "kind": kind if kind in KINDS else "",
        "state": state if state in (*selectors.STATES, "differs") else "",
    }


def _count(entries: Iterable[ClassEntry], **wanted: str) -> int:
    return len(selectors.classes_found(entries, **wanted))


def _groups(found: Iterable[ClassEntry]) -> list[dict[str, Any]]:
    groups: dict[str, list[ClassEntry]] = {}
    for one in found:
        groups.setdefault(selectors.major_of(one.row), []).append(one)
    return [
        {
            "code": code,
            "name": f"{code} {words.MAJOR_NAMES[code]}" if code in words.MAJOR_NAMES else code,
            "rows": rows,
            "on": sum(one.state == "on" for one in rows),
        }
        for code, rows in sorted(groups.items())
    ]


@require_POST
@page_needs("admin")
def switch(request: HttpRequest) -> HttpResponse:
    """Classes are switched on or off for new cases; back to where the button was."""
    codes, enabled = request.POST.getlist("code"), request.POST.get("enabled") == "1"
    try:
        count = actions.switch_classes(
            codes, enabled=enabled, actor=request.actor, reason=request.POST.get("reason", "")
        )
    except DomainError as error:
        messages.error(request, sentence_of(error))
    else:
        told = (
            ngettext("%(n)s class is switched on.", "%(n)s classes are switched on.", count)
            if enabled
            else ngettext("%(n)s class is switched off.", "%(n)s classes are switched off.", count)
        )
        messages.success(request, told % {"n": count})
    if request.POST.get("back") == "class" and len(codes) == 1:
        return redirect("class", codes[0])
    asked = urlencode({key: value for key, value in _asked(request.POST).items() if value})
    anchor = f"#{codes[0]}" if len(codes) == 1 else ""
    return HttpResponseRedirect(f"{reverse('classes')}?{asked}{anchor}")


@require_safe
@page_needs(*READERS)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One class: what it says, who answers, what is to come, what its pack says otherwise, and its history."""
    entry = selectors.class_entry(code)
    context = {
        "entry": entry,
        "row": entry.row,
        "duty": pick(selectors.duties().get(_duty(entry.row), {})) or _duty(entry.row),
        "versions": selectors.class_versions(code),
        "coming": _shown(selectors.told(entry.row), selectors.told(entry.to_come)) if entry.to_come else [],
        "differs": [shown(one) for one in entry.differs],
        "cases": selectors.cases_of_class(code),
        "may_change": request.actor.may("admin"),
        "withdraw_form": WhyForm(dated=False),
    }
    return render(request, "cases/classes/class.html", context)


def _duty(row: Category) -> str:
    return str((row.department or {}).get("duty", ""))


def _shown(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [shown(one) for one in rules.differences(before, after)]


@require_safe
@page_needs(*READERS)
def version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version of a class, and what it said otherwise than the one before."""
    rows = {row.version: row for row in selectors.class_versions(code)}
    if version not in rows:
        raise NotFound("class.no_version", code=code, version=version)
    row = rows[version]
    before = next((rows[number] for number in range(version - 1, 0, -1) if not rows[number].withdrawn), None)
    context = {
        "row": row,
        "before": before,
        "duty": pick(selectors.duties().get(_duty(row), {})) or _duty(row),
        "changes": _shown(selectors.told(before), selectors.told(row)) if before else [],
    }
    return render(request, "cases/classes/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new(request: HttpRequest) -> HttpResponse:
    """A class of the city's own."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """A class is changed: first the differences are shown, then they are saved from a day on."""
    return _edit(request, selectors.class_entry(code))


def _edit(request: HttpRequest, entry: ClassEntry | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, entry, ClassForms(new=entry is None, initial=_initial(request, entry)))
    form = ClassForms(new=entry is None, data=request.POST)
    act = request.POST.get("act", "look")
    if act == "row":
        return _form(request, entry, form.with_another_row(request.POST))
    if not form.is_valid():
        return _form(request, entry, form, status=400)
    given, head = form.given(), form.head.cleaned_data
    try:
        draft = actions.draft_class(given, actor=request.actor, seen=head["seen"], valid_from=form.head.begins())
        if act != "save":
            return _form(request, entry, form, draft=draft)
        row = actions.save_class(
            given, actor=request.actor, seen=head["seen"], reason=head["reason"], valid_from=form.head.begins(),
            looked=request.POST.get("looked", ""),
        )  # fmt: skip
    except Stale as error:
        return _stale(request, form.head.cleaned_data["seen"], entry, error)
    except DomainError as error:
        again = {"draft": draft} if error.code == "class.look_again" else {}
        return _form(request, entry, form, status=error.status, refusal=sentence_of(error), **again)
    messages.success(request, _("Version %(n)s is saved; the journal has it.") % {"n": row.version})
    return redirect("class", row.code)


def _stale(request: HttpRequest, seen: int, entry: ClassEntry | None, error: Stale) -> HttpResponse:
    """The form as it was filled in, now upon the newest version, and what somebody else changed since."""
    given = request.POST.copy()
    more: dict[str, Any] = {"refusal": sentence_of(error), "status": error.status}
    if entry is None:
        return _form(request, None, ClassForms(new=True, data=given), **more)
    given["seen"] = str(entry.newest.version)
    before = next((row for row in selectors.class_versions(entry.row.code) if row.version == seen), None)
    meanwhile = _shown(selectors.told(before), selectors.told(entry.newest)) if before else []
    return _form(request, entry, ClassForms(new=False, data=given), meanwhile=meanwhile, by=entry.newest, **more)


def _initial(request: HttpRequest, entry: ClassEntry | None) -> dict[str, Any]:
    """What stands in the form at first: the last word on the class, or what its pack says."""
    if entry is None:
        return {}
    says = request.GET.get("take") == "pack" and entry.pack_says
    given = selectors.full(entry.pack_says or {}) if says else selectors.told(entry.newest)
    return {**given, "seen": entry.newest.version}


def _form(
    request: HttpRequest, entry: ClassEntry | None, form: ClassForms, *, status: int = 200, draft: Any = None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {"entry": entry, "form": form, "draft": draft, **more}
    if draft is not None and draft.differences:
        context["changes"] = [shown(one) for one in draft.differences]
        context["cases"] = selectors.cases_of_class(entry.row.code) if entry else None
        context |= replayed(request, selectors.replay_class(entry.row.code, form.given()), holders()) if entry else {}
    return render(request, "cases/classes/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """A class is retired from a day on, after a look at the cases that have it and at all that names it."""
    entry = selectors.class_entry(code)
    form = WhyForm(
        dated=True, data=request.POST if request.method == "POST" else None, initial={"seen": entry.newest.version}
    )
    refusal, status = "", 200
    if request.method == "POST":
        try:
            if not form.is_valid():
                raise Invalid("case.form_incomplete")
            told = form.cleaned_data
            actions.retire_class(code, actor=request.actor, seen=told["seen"] or 0, reason=told["reason"],
                                 valid_from=told["valid_from"])  # fmt: skip
        except DomainError as error:
            refusal, status = sentence_of(error), error.status
        else:
            messages.success(request, _("The class is retired; the journal has it."))
            return redirect("class", code)
    context = {"entry": entry, "form": form, "uses": selectors.class_uses(code), "refusal": refusal}
    return render(request, "cases/classes/retire.html", context, status=status)


@require_POST
@page_needs("admin")
def withdraw(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """A version that is to come never will."""
    try:
        actions.withdraw_class(code, version, actor=request.actor, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Version %(n)s is withdrawn; the journal has it.") % {"n": version})
    return redirect("class", code) if selectors.class_entries(code) else redirect("classes")
