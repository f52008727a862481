"""Automatic dispatch: its rules with their replay, its switch, what it did, and what of that came back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, selectors
from cases.contracts import CaughtUp
from cases.contracts.dispatching import ReplayState
from cases.forms import DispatchRuleForm, EndForm
from cases.models import AutoDispatch, DispatchRule, words
from cases.pages.showing import holders, row_of, title_of
from cases.rules import Line
from cases.templatetags.case_words import why_line
from core import clock
from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.sentences import sentence_of

DAYS, PAGE = 30, 50
KINDS = ("sent", "returned", "left")
Names = Mapping[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def rules(request: HttpRequest) -> HttpResponse:
    """The rules, and a new one: first replayed on the cases of the last days, then put in force."""
    if request.method != "POST":
        return _rules(request, DispatchRuleForm())
    form = DispatchRuleForm(data=request.POST)
    draft = None
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        draft = actions.draft_dispatch_rule(actor=request.actor, **form.given())
        if request.POST.get("act") != "save":
            return _looked(request, form, draft)
        actions.save_dispatch_rule(draft, actor=request.actor, seen=request.POST.get("seen", ""))
    except DomainError as error:
        again = draft if error.code == "dispatching.look_again" else None
        seen = _replay_now(form, again) if again else None
        return _rules(request, form, replay=seen, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The rule is in force; the journal has it."))
    return redirect("dispatching")


def _looked(request: HttpRequest, form: DispatchRuleForm, draft: DispatchRule) -> HttpResponse:
    """What the rule would have done; where that are more cases than anybody waits for, a worker looks at them."""
    if (found := _replay_now(form, draft)) is not None:
        return _rules(request, form, replay=found)
    typed = {name: request.POST.getlist(name) for name in form.fields}
    days = form.cleaned_data["days"]
    job = actions.ask_replay(draft, days=days, until=clock.now(), typed=typed, actor=request.actor)
    return redirect("dispatching-replay", uid=job.uid)


def _replay_now(form: DispatchRuleForm, draft: DispatchRule) -> selectors.DispatchReplay | None:
    """The replay, where it is of so few cases that it is there at once."""
    days, until = form.cleaned_data["days"], clock.now()
    if selectors.replay_size(draft, days, until) > actions.AT_SIGHT:
        return None
    return selectors.replay_dispatch(draft, days, until)


@never_cache
@require_safe
@page_needs("admin")
def replay(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A replay of many cases: how far it is, then what it found with the rule to be put in force."""
    job = selectors.replay_job(uid, request.actor)
    if job.state != ReplayState.DONE:
        return render(request, "cases/dispatching/replaying.html", {"tab": "dispatching", "job": job})
    typed = QueryDict(mutable=True)
    for name, given in job.typed.items():
        typed.setlist(name, given)
    return _rules(request, DispatchRuleForm(data=typed), replay=selectors.replay_of(job))


@never_cache
@require_safe
@page_needs("admin")
def replay_progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How far it is, as a fragment; once it has ended, the page is asked to load itself anew."""
    job = selectors.replay_job(uid, request.actor)
    response = render(request, "cases/dispatching/_replaying.html", {"job": job})
    if not job.at_work:
        response["HX-Refresh"] = "true"
    return response


def _rules(
    request: HttpRequest, form: DispatchRuleForm, *, replay: selectors.DispatchReplay | None = None,
    status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    now, names = clock.now(), holders()
    counts = {one.rule: one for one in selectors.dispatch_counts(request.actor, DAYS)}
    rows = [
        {"row": row, "state": row.state_at(now), "says": says_of(row, dict(form.areas)), "counts": counts.get(row.pk)}
        for row in selectors.dispatch_rules()
    ]
    context = {
        "tab": "dispatching",
        "form": form,
        "rows": rows,
        "on": selectors.is_dispatching(),
        "switch": selectors.dispatch_switch(),
        "unruled": counts.get(None),
        "left_while_off": selectors.left_while_off().count(),
        "days": DAYS,
        **(_replayed(request, replay, names) if replay else {}),
        **more,
    }
    return render(request, "cases/dispatching/rules.html", context, status=status)


def says_of(row: DispatchRule, places: Names) -> list[str]:
    """The conditions of a rule in words, those that narrow."""
    hours = {"office": _("in working hours"), "off": _("outside working hours")}.get(row.hours, "")
    told = [
        places.get(row.area, row.area).strip("　"),
        _(", ").join(row.classes),
        _(", ").join(str(words.SOURCE_NAMES.get(source, source)) for source in row.sources),
        _("grades %(grades)s") % {"grades": ", ".join(map(str, row.grades))} if row.grades else "",
        hours,
    ]
    return [text for text in told if text]


def _replayed(request: HttpRequest, replay: selectors.DispatchReplay, names: Names) -> dict[str, Any]:
    seen = selectors.listed_for(replay, request.actor)
    listed = [
        {
            "number": one.number,
            "rule": names.get(one.rule, one.rule),
            "people": names.get(one.people, one.people),
            "why": "" if one.rule else sentence_of(DomainError(one.code)),
        }
        for one in seen
    ]
    left = [{"why": sentence_of(DomainError(code)), "n": n} for code, n in replay.left.most_common()]
    hidden = replay.wrong + replay.left.total() - len(listed)
    return {"replay": replay, "listed": listed, "left": left, "hidden": hidden}


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A rule dispatches nothing any more; what it did stays."""
    row = selectors.dispatch_rule(pk)
    form = EndForm(data=request.POST) if request.method == "POST" else EndForm()
    refusal, status = "", 200
    try:
        if request.method == "POST":
            if not form.is_valid():
                raise Invalid("case.form_incomplete")
            actions.end_dispatch_rule(pk, actor=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, _("The rule is over; the journal has it."))
            return redirect("dispatching")
    except DomainError as error:
        refusal, status = sentence_of(error), error.status
    context = {"tab": "dispatching", "row": row, "form": form, "refusal": refusal}
    return render(request, "cases/dispatching/end.html", context, status=status)


@require_POST
@page_needs("admin")
def switch(request: HttpRequest) -> HttpResponse:
    """All rules stand still, or act again."""
    on = request.POST.get("on") == "true"
    try:
        actions.switch_dispatching(on=on, actor=request.actor, reason=request.POST.get("reason", ""))
    except DomainError as error:
        typed = request.POST.get("reason", "")
        told: dict[str, Any] = {"switch_refusal": sentence_of(error), "switch_reason": typed}
        return _rules(request, DispatchRuleForm(), status=error.status, **told)
    messages.success(request, _("Automatic dispatch is on.") if on else _("Automatic dispatch is off."))
    return redirect("dispatching")


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def waiting(request: HttpRequest) -> HttpResponse:
    """Cases that came while the rules were off: what the rules would do with them, then done, each with a result."""
    if request.method != "POST":
        return _waiting(request, {})
    preview = request.POST.get("act") != "do"
    chosen = [number[:20] for number in request.POST.getlist("case")]
    try:
        lines = actions.dispatch_waiting(chosen, actor=request.actor, preview=preview)
    except DomainError as error:
        return _waiting(request, {}, status=error.status, refusal=sentence_of(error))
    return _waiting(request, {one.number: one for one in lines}, preview=preview)


def _waiting(
    request: HttpRequest, lines: Mapping[str, CaughtUp], *, preview: bool = True, status: int = 200, **more: Any
) -> HttpResponse:
    """Those that wait, or those that were acted on; of cases that the reader may not see only how many there are."""
    numbers = list(lines) or list(
        selectors.left_while_off().values_list("case__number", flat=True)[: actions.MOST_CAUGHT_UP]
    )
    seen = {case.number: case for case in selectors.visible_to(request.actor).filter(number__in=numbers)}
    names = holders()
    rows = [
        {**row_of(seen[number], names), "result": _result(lines.get(number), names)}
        for number in numbers
        if number in seen
    ]
    sent = sum(bool(one.organisation) for one in lines.values())
    context = {
        "tab": "dispatching",
        "on": selectors.is_dispatching(),
        "rows": rows,
        "numbers": numbers,
        "hidden": len(numbers) - len(rows),
        "acted": bool(lines),
        "preview": preview,
        "sent": sent,
        "left": len(lines) - sent,
        "waiting": selectors.left_while_off().count(),
        **more,
    }
    return render(request, "cases/dispatching/waiting.html", context, status=status)


def _result(line: CaughtUp | None, names: Names) -> dict[str, str]:
    """Where a case goes, or why it still waits."""
    if line is None:
        return {}
    if line.organisation:
        return {"to": names.get(line.organisation, line.organisation)}
    among = line.params.get("names", ())
    named = " ".join(names.get(code, code) for code in among) if isinstance(among, list | tuple) else ""
    return {"why": f"{sentence_of(DomainError(line.code, **line.params))} {named}".strip()}


@require_safe
@page_needs("case.see")
def acts(request: HttpRequest) -> HttpResponse:
    """Cases that were dispatched without a person, came back, or were left to people, the newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    rule, after = (_number(request.GET.get(name, "")) for name in ("rule", "after"))
    rows = selectors.auto_dispatches(request.actor, selectors.RECENT_DAYS, kind, rule)
    found = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: PAGE + 1])
    names = holders()
    context = {
        "rows": [{"one": one, "title": title_of(one.case), **told(one, names)} for one in found[:PAGE]],
        "kind": kind,
        "here": urlencode({name: value for name, value in (("kind", kind), ("rule", rule)) if value}),
        "rule": selectors.dispatch_rule(rule) if rule else None,
        "every_rule": _acts_at(kind=kind),
        "next": _acts_at(kind=kind, rule=rule, after=found[PAGE - 1].pk) if len(found) > PAGE else "",
        "first": _acts_at(kind=kind, rule=rule) if after else "",
        "days": selectors.RECENT_DAYS,
        "tabs": [
            (name, label, _acts_at(kind=name, rule=rule))
            for name, label in [("", _("All")), *((name, str(words.DISPATCH_KINDS[name])) for name in KINDS)]
        ],
    }
    return render(request, "cases/dispatching/acts.html", context)


def _acts_at(**asked: str | int | None) -> str:
    told = urlencode({name: value for name, value in asked.items() if value})
    return reverse("dispatching-acts") + (f"?{told}" if told else "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def told(one: AutoDispatch, names: Names) -> dict[str, Any]:
    """What was decided without a person, and why, in words."""
    lines = [why_line(Line(code, params)) for code, params in one.why]
    return {"name": names.get(one.organisation, one.organisation), "why": why_of(one, names), "lines": lines}


def why_of(one: AutoDispatch, names: Names) -> str:
    """Why it was sent or left, in one sentence."""
    if one.organisation and one.rule:
        return _("By the rule “%(rule)s”: %(reason)s") % {"rule": one.rule.name, "reason": one.rule.reason}
    params = dict(one.params)
    who = _(", ").join(names.get(code, code) for code in params.pop("names", ()))
    return f"{sentence_of(DomainError(one.code, **actions.told(params)))} {who}".strip()


def suggested(one: Any, names: Names) -> dict[str, Any]:
    """Who could take a case, and the grounds in one sentence each."""
    record = one.record
    grounds = [str(_("The matrix names it for this class here."))] if one.matrix else []
    if record.here:
        grounds.append(_("It handled %(n)s cases of this class in this cell in the last year.") % {"n": record.here})
    if record.judged:
        told = {"rate": f"{100 * record.in_time / record.judged:.0f}", "kept": record.in_time, "all": record.judged}
        sentence = _("In this district %(kept)s of %(all)s cases of the last 30 days were in time (%(rate)s%%).")
        grounds.append(sentence % told)
    grounds.append(_("It has %(n)s open cases in this district.") % {"n": record.open})
    return {"code": one.organisation, "name": names.get(one.organisation, one.organisation), "grounds": grounds}
