"""The devices on somebody's ground, one of them, a new one; what a terminal is told."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.sentences import sentence_of
from telemetry import actions, selectors
from telemetry.actions.downlinks import COMMANDING, TEXT
from telemetry.contracts import SEE
from telemetry.forms.devices import DeviceForm
from telemetry.rules.devices import new_device
from telemetry.templatetags.device_words import KINDS, PROTOCOLS

PAGE = 50


def _cleaned(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:80].strip()


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@require_GET
@page_needs(SEE)
def devices(request: HttpRequest) -> HttpResponse:
    """Every device on my ground, how it is and where it was last; `?q=` and `?kind=` narrow it."""
    words, kind = _cleaned(request.GET.get("q", "")), request.GET.get("kind", "")
    if kind not in ("", *selectors.KINDS):
        raise Invalid("telemetry.bad_device_kind")
    found = Paginator(selectors.devices(request.actor, words=words, kind=kind), PAGE).get_page(_number(request))
    given = {name: value for name, value in (("q", words), ("kind", kind)) if value}
    context = {
        "page": found, "words": words, "kind": kind, "kinds": KINDS.items(), "narrowed": bool(given),
        "query": urlencode(given) + "&" if given else "", "counted": selectors.counters(request.actor),
        "may_add": request.actor.holds("admin"),
    }  # fmt: skip
    return render(request, "telemetry/devices.html", context)


@require_http_methods(["GET", "POST"])
@page_needs("admin")
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new device; what was typed stays when it is refused."""
    form = DeviceForm(request.POST if request.method == "POST" else None, kinds=KINDS, protocols=PROTOCOLS)
    if request.method != "POST" or not form.is_valid():
        return render(request, "telemetry/new.html", {"form": form}, status=400 if request.method == "POST" else 200)
    try:
        device = actions.add_device(new_device(form.wish()), actor=request.actor)
    except DomainError as error:
        context = {"form": form, "refusal": sentence_of(error)}
        return render(request, "telemetry/new.html", context, status=error.status)
    messages.success(request, _("The device %(code)s is registered.") % {"code": device.code})
    return redirect("device" if request.actor.holds(SEE) else "device-new", *_where(device.code, request))


def _where(code: str, request: HttpRequest) -> list[str]:
    return [code] if request.actor.holds(SEE) else []


@require_GET
@page_needs(SEE)
def device(request: HttpRequest, code: str) -> HttpResponse:
    """One device: its terminal, where it was last, what it was told."""
    return _shown(request, code)


def _shown(request: HttpRequest, code: str, refusal: str = "", status: int = 200, **typed: Any) -> HttpResponse:
    found = selectors.device(code, request.actor)
    place = {"org": found.organisation, "area": found.area}
    context = {
        "device": found, "downlinks": selectors.downlinks(found), "refusal": refusal, "key": secrets.token_urlsafe(12),
        "may_tell": found.terminal.protocol == "jt808" and any(request.actor.may(one, **place) for one in COMMANDING),
        "may_switch": request.actor.may("admin", **place), **typed,
    }  # fmt: skip
    return render(request, "telemetry/device.html", context, status=status)


@require_POST
@page_needs(SEE)
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """A text is told to the terminal; the same form sent twice tells it once."""
    text, key = request.POST.get("text", "").replace("\r\n", "\n"), _cleaned(request.POST.get("key", ""))
    try:
        actions.tell(
            code, message=TEXT, body={"text": text}, key=key or secrets.token_urlsafe(12), actor=request.actor
        )  # fmt: skip
    except Invalid as error:
        return _shown(request, code, sentence_of(error), error.status, text=text)
    messages.success(request, _("The text waits for the terminal."))
    return redirect("device", code)


@require_POST
@page_needs("admin")
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """The device may report from now on, or may not any more."""
    actions.switch_device(code, enabled=request.POST.get("enabled") == "yes", actor=request.actor)
    return redirect("device", code) if request.actor.holds(SEE) else redirect("device-new")
