"""The register as pages: the list beside its map, one component with its past, the forms that change it."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors as accounts
from assets import actions, selectors
from assets.contracts import AssetView, State, knowledge, reporting
from assets.forms import STATES, ComponentForm, PhotoForm, ReasonForm, as_choices, first_values
from assets.rules import LONGEST_CODE
from assets.templatetags.component_words import told
from core.errors import DomainError, Forbidden
from core.languages import pick
from core.scope import Actor
from core.sentences import sentence_of
from exchange.actions import hold_pictures
from grid import selectors as grid

FILTERS = ("type", "state", "area", "cell", "office", "q")


def needs_ground(actor: Actor) -> None:
    """The register opens to whoever holds any right on some ground."""
    if not actor.areas():
        raise Forbidden("assets.no_page")


def keeps(actor: Actor, area: str = "") -> bool:
    """Whether the actor keeps the register there, or, with no area, anywhere."""
    if not area:
        return actor.holds("component.edit") or actor.holds("admin")
    return actor.may("component.edit", area=area) or actor.may("admin", area=area)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """A page of the register by code, narrowed by the filters, and where its components stand."""
    needs_ground(request.actor)
    given = {name: _clean(request.GET.get(name, "")) for name in FILTERS}
    hot = _hot(given["type"], request.GET)
    given |= {field["name"]: field["value"] for field in hot if field["value"]}
    filters = selectors.filters_of(given)
    found, following = selectors.components(
        filters, actor=request.actor, after=_clean(request.GET.get("after", ""))[:LONGEST_CODE]
    )
    asked = {name: value for name, value in given.items() if value}
    types = selectors.types_standing()
    context = {
        "given": given, "hot": hot, "rows": found, "points": [_point(one) for one in found],
        "types": as_choices((code, names) for code, names, _ in types),
        "states": [*STATES, (State.REMOVED.value, pgettext("component", "Removed"))],
        "areas": selectors.area_choices(request.actor), "offices": _offices(),
        "next": urlencode({**asked, "after": following}) if following else "", "first": urlencode(asked),
        "on_later": bool(request.GET.get("after")), "narrowed": bool(asked),
        "cell_digits": grid.code_plan().cell,
        "tiles": f"/tiles/assets/{{z}}/{{x}}/{{y}}.mvt?{urlencode(_layer(given))}",
        "may_keep": keeps(request.actor), "may_ask": request.actor.holds("component.propose"), "tab": "components",
    }  # fmt: skip
    return render(request, "assets/components.html", context)


def _hot(kind: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields of the attributes that the list of this type narrows by."""
    fields = []
    for question, named in selectors.hot_lines(kind):
        name = f"{selectors.ATTRIBUTE}{question.name}"
        words: Mapping[Any, str] = {one: pick(named.get(str(one))) or str(one) for one in question.choices}
        if question.kind == "boolean":
            words = {"true": _("Yes"), "false": _("No")}
        fields.append({"name": name, "label": pick(question.names), "value": _clean(asked.get(name, "")),
                       "choices": [(str(one), word) for one, word in words.items()]})  # fmt: skip
    return fields


def _layer(given: dict[str, str]) -> dict[str, str]:
    return {"v": selectors.layer_version(), **({"types": given["type"]} if given["type"] else {})}


def _clean(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:120].strip()


def _point(view: AssetView) -> dict[str, Any]:
    level = {"intact": "normal", "damaged": "serious", "lost": "critical", "abandoned": "caution"}
    name = f"{pick(view.type_names)} {view.code}"
    return {
        "id": view.code, "lon": view.lon, "lat": view.lat, "level": level.get(view.state, "off"), "label": name,
        "href": f"/components/{view.code}/",
    }  # fmt: skip


def _offices() -> list[str]:
    return sorted({pick(row.names) for row in accounts.organisations()})


@require_safe
def component(request: HttpRequest, code: str) -> HttpResponse:
    """One component: where it stands, what it is, who answers for it, its pictures, its past, its cases."""
    return _component(request, code)


def _component(request: HttpRequest, code: str, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    row = selectors.component_row(code, actor=actor)
    view = selectors.view_of(row)
    then, moment, refusal = _then(request, code)
    context = {
        "view": view, "row": row, "schema": selectors.attribute_lines(selectors.schema_of(row), view.attributes),
        "place": selectors.place_names(view.area), "point": _point(view), "photos": selectors.photos_of(row),
        "shape": _drawn(view), "lines": _lines(row, actor),
        "known": [(pick(names), lines) for names, lines in knowledge(view, f"{row.type.major}{row.type.minor}", actor)],
        "report_at": reporting(view, actor), "may_keep": keeps(actor, row.area),
        "may_ask": selectors.may_propose(actor, row.area),
        "requests": selectors.requests(actor=actor, code=code, state="open"), "gone": row.state == State.REMOVED,
        "why": ReasonForm(), "photo_form": PhotoForm(label_suffix=""), "then": then, "at": moment, "refusal": refusal,
        "tab": "components", **more,
    }  # fmt: skip
    return render(request, "assets/component.html", context, status=status)


def _lines(row: Any, actor: Actor) -> list[dict[str, Any]]:
    """The history for people: of the attributes only those that differ, each by its name."""
    lines = []
    for line in selectors.history(row.code, actor=actor):
        changes = [(told(name, "field"), name, *both) for name, *both in line.changes if name != "attributes"]
        for name, before, after in line.changes:
            if name == "attributes":
                differ = selectors.changed_attributes(row.type.schema, before, after)
                changes += [(label, "attribute", old, new) for label, old, new in differ]
        lines.append({"line": line, "changes": changes})
    return lines


def _then(request: HttpRequest, code: str) -> tuple[list[tuple[str, Any]], str, str]:
    """What the register said at the end of the day asked for, as field and value; or why it said nothing."""
    asked = request.GET.get("at", "")[:10]
    day = parse_date(asked) if len(asked) == 10 else None
    if day is None:
        return [], "", ""
    try:
        found = selectors.past(code, make_aware(datetime.combine(day, time.max)), actor=request.actor)
    except DomainError as error:
        return [], asked, sentence_of(error)
    shown = ("state", "names", "authority", "owner", "maintainer", "accuracy", "attributes", "cell")
    return [(name, found[name]) for name in shown], asked, ""


def _drawn(view: AssetView) -> dict[str, Any]:
    if view.geometry.get("type") == "Point":
        return {"type": "FeatureCollection", "features": []}
    one = {"type": "Feature", "geometry": view.geometry, "properties": {"outcome": "same"}}
    return {"type": "FeatureCollection", "features": [one]}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a component, made from the schema of its type."""
    row = selectors.component_row(code, actor=request.actor)
    if not keeps(request.actor, row.area):
        raise Forbidden("assets.not_your_register")
    if request.method != "POST":
        return _edit(request, row, ComponentForm(row.type, initial=first_values(row, selectors.as_declared_now(row))))
    form = ComponentForm(row.type, data=request.POST)
    if not form.is_valid():
        return _edit(request, row, form, status=400)
    try:
        actions.edit(
            code, actor=request.actor, version=_version(request), given=form.given(),
            reason=form.cleaned_data["reason"], far=request.POST.get("far") == "yes",
        )  # fmt: skip
    except DomainError as error:
        return _edit(request, row, form, status=error.status, **refused(error))
    messages.success(request, _("The component is changed; its history says who and why."))
    return redirect("component", code)


def refused(error: DomainError) -> dict[str, Any]:
    """What a form says of a refusal; one for being far from where it was, or near another, is answered in the form."""
    near = error.params["code"] if error.code == "assets.one_nearby" else ""
    return {"refusal": sentence_of(error), "too_far": error.code == "assets.moved_far", "near": near}


def _version(request: HttpRequest) -> int:
    """The version that the form was made for; 0, which nothing has, where it says none."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _edit(request: HttpRequest, row: Any, form: ComponentForm, status: int = 200, **more: Any) -> HttpResponse:
    view = selectors.view_of(row)
    version = request.POST.get("version") or row.version
    context = {"row": row, "view": view, "form": form, "version": version, "offices": _offices(),
               "before": dict(view.geometry), "geometry": form.geometry, "tab": "components", **more}  # fmt: skip
    return render(request, "assets/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new component: first its type, then the form of that type."""
    if not keeps(request.actor):
        raise Forbidden("assets.not_your_register")
    kinds = as_choices((code, names) for code, names, _ in selectors.types_standing())
    chosen = request.GET.get("type", "")[:60]
    if not chosen:
        choose = {"types": kinds, "title": _("Enter a component"), "tab": "components"}
        return render(request, "assets/new.html", choose)
    kind = selectors.type_of(chosen)
    form = ComponentForm(kind, data=request.POST if request.method == "POST" else None)
    context = {"kind": kind, "form": form, "offices": _offices(), "geometry": form.geometry, "tab": "components"}
    if request.method != "POST":
        return render(request, "assets/edit.html", context)
    if not form.is_valid():
        return render(request, "assets/edit.html", context, status=400)
    try:
        view = actions.create(
            actor=request.actor, of_type=chosen, given=form.given(), reason=form.cleaned_data["reason"],
            another=request.POST.get("another") == "yes",
        )  # fmt: skip
    except DomainError as error:
        return render(request, "assets/edit.html", {**context, **refused(error)}, status=error.status)
    messages.success(request, _("Entered as %(code)s.") % {"code": view.code})
    return redirect("component", view.code)


@require_POST
def stand(request: HttpRequest, code: str) -> HttpResponse:
    """A component is removed from the register, or stands again; always with a reason."""
    act = actions.restore if request.POST.get("act") == "restore" else actions.retire
    try:
        act(code, actor=request.actor, version=_version(request), reason=request.POST.get("reason", ""))
    except DomainError as error:
        if error.status == 404:
            raise
        return _component(request, code, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The component is changed; its history says who and why."))
    return redirect("component", code)


@require_POST
def photos(request: HttpRequest, code: str) -> HttpResponse:
    """Pictures show the component."""
    selectors.component_row(code, actor=request.actor)
    form = PhotoForm(data=request.POST, files=request.FILES)
    try:
        if not form.is_valid():
            return _component(request, code, status=400, photo_form=form)
        actions.add_photos(code, actor=request.actor, photos=form.cleaned_data["photos"])
    except DomainError as error:
        hold_pictures(form, actor=request.actor)
        return _component(request, code, status=error.status, refusal=sentence_of(error), photo_form=form)
    return redirect("component", code)
