"""What the frame around every page needs: the entries of the bar that exist and may be used, and the islands' words."""

from functools import cache
from typing import Any, NamedTuple

from django import template
from django.urls import Resolver404, resolve
from django.utils.html import format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from cases import selectors as cases
from core import clock
from core.languages import pick
from core.scope import NOBODY, Actor
from dashboard.selectors import help_of
from dashboard.templatetags.map_words import MAP_WORDS

register = template.Library()


class NavEntry(NamedTuple):
    """One entry of the bar; `current` when the page shown is below it."""

    path: str
    label: str
    current: bool


NAVIGATION = (
    ("/todo/", "", pgettext_lazy("page", "To do")),
    ("/wall/", "wall.see", _("Wall")),
    ("/map/", "", pgettext_lazy("page", "Map")),
    ("/cases/", "case.see", _("Cases")),
    ("/cases/new/", "case.report", _("Report")),
    ("/field/", "collect", pgettext_lazy("page", "Field")),
    ("/field/", "handle", pgettext_lazy("page", "Field")),
    ("/requests/", "case.see", _("Requests")),
    ("/hotline/", "accept", pgettext_lazy("page", "Hotline")),
    ("/video/", "camera.see", _("Video")),
    ("/alarms/", "alarm.see", pgettext_lazy("page", "Alarms")),
    ("/insights/", "case.see", _("Insights")),
    ("/scores/", "score.see", _("Scores")),
    ("/components/", "case.see", _("City data")),
    ("/systems/", "", pgettext_lazy("packs", "Systems")),
    ("/registers/", "register.see", pgettext_lazy("records", "Registers")),
    ("/enforcement/", "dossier.see", pgettext_lazy("page", "Enforcement")),
    ("/personal-data/looks/", "supervise", _("Personal data")),
    ("/personal-data/due/", "person.erase", _("To be erased")),
    ("/audit/", "audit.see", _("Audit")),
    ("/organisations/", "admin", _("Settings")),
)

CITY_DATA = (
    ("/components/", "case.see", _("Components"), ("/component-requests/", "/census/")),
    ("/grid/", "case.see", _("Grid"), ()),
    ("/devices/", "device.see", _("Devices"), ()),
    ("/classes/", "case.see", _("Classes"), ()),
    ("/responsibility/", "case.see", _("Responsibility"), ()),
    ("/control-areas/", "case.see", _("Control areas"), ()),
    ("/imports/", "admin", _("Imports"), ()),
)
SETTINGS = (
    ("/organisations/", "admin", _("Organisations"), ()),
    ("/people/", "admin", _("People"), ()),
    ("/rosters/", "admin", _("Rosters"), ()),
    ("/roles/", "admin", _("Roles"), ()),
    ("/calendars/", "admin", _("Calendars"), ()),
    ("/ladders/", "admin", _("Ladders"), ()),
    ("/request-rules/", "admin", _("Rules of asking"), ()),
    ("/texts/", "admin", _("Texts"), ()),
    ("/message-templates/", "admin", _("Message templates"), ()),
    ("/endpoints/", "admin", _("Endpoints"), ("/sendings/",)),
    ("/steps-models/", "admin", _("Model of steps"), ()),
    ("/sessions/everybody/", "admin", _("Who is signed in"), ()),
    ("/keys/", "admin", _("Keys"), ()),
    ("/open-services/", "admin", _("Open interface"), ()),
    ("/hotline/partners/", "admin", _("Partners"), ()),
    ("/machines/", "admin", _("Machines"), ()),
    ("/setup/", "admin", _("Set-up"), ()),
    ("/health/", "admin", _("Health"), ()),
    ("/admin/", "admin", _("Administration"), ()),
)
ALARMS = (
    ("/alarms/", "alarm.see", pgettext_lazy("page", "Alarms"), ()),
    ("/flooding/", "alarm.see", pgettext_lazy("page", "Flooding"), ("/gauges/",)),
    ("/alarm-rules/", "alarm.see", _("Rules of alarms"), ()),
)
SECTIONS = {"/alarms/": ALARMS, "/components/": CITY_DATA, "/organisations/": SETTINGS}
"""What stands below an entry of the bar: path, right, label, and further paths that belong to it."""

WORDS = {
    "span.seconds": _("{n} s"),
    "span.minutes": _("{n} min"),
    "span.hours": _("{n} h"),
    "span.days": _("{n} d"),
    "sla.left": _("{span} left"),
    "sla.over": _("{span} over"),
    "lamp.green": pgettext_lazy("lamp", "green lamp: in time"),
    "lamp.yellow": pgettext_lazy("lamp", "yellow lamp: soon due"),
    "lamp.red": pgettext_lazy("lamp", "red lamp: overdue"),
    "ended.signed_out": _("You are signed out here. What you typed is still on this page."),
    "ended.sign_in": _("Sign in in a new tab"),
    "ended.rights": _("What you may see has changed; this page is no longer live."),
    "ended.again": _("Load it again"),
    "inbox.unread": _("{n} unread"),
    "inbox.new": _("New message: {title}"),
    "live.fresh": _("Live"),
    "live.stale": _("Not live since {time}"),
    "map.none": _("This browser cannot draw the map. The list has the same cases."),
    "map.pick": _("Click the map, or move it and press Enter, to choose the place."),
    "map.picked": _("Place chosen: {lon}, {lat}"),
    "map.canvas": _("Map drawing: arrow keys move it, plus and minus zoom"),
    "help.title": _("Help"),
    "help.all": _("All help"),
    "help.close": pgettext_lazy("help", "Close"),
    "files.none": _("No picture chosen"),
    "files.chosen": _("{n} chosen, {size}"),
    "files.remove": _("Remove {name}"),
    "files.too_large": _("Larger than {megabytes} MB, so it would be refused."),
    "files.held": _("{n} kept from before"),
    "files.waiting": _("Waits to be sent ahead"),
    "files.sending": _("{percent} % sent ahead"),
    "files.offline": _("{percent} % sent ahead; goes on by itself as soon as there is a network"),
    "files.paused": _("Paused at {percent} %; goes along with the form"),
    "files.there": _("Sent ahead"),
    "files.refused": _("Goes along with the form"),
    "files.progress": _("How much of {name} is sent"),
    "files.pause": _("Pause {name}"),
    "files.resume": _("Go on with {name}"),
    "files.first": _("The form is sent as soon as the pictures are there."),
    "files.too_many": _("No more than {most} pictures at once."),
}


@cache
def _exists(path: str) -> bool:
    """Whether there is such a page: the same for everybody as long as this process runs."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _may(actor: Actor, right: str) -> bool:
    """An entry without a right is for everybody who holds any."""
    return actor.holds(right) if right else bool(actor.rights)


def actor_in(context: template.Context) -> Actor:
    """The actor of the request that renders this page; nobody where there is none."""
    return getattr(context.get("request"), "actor", None) or NOBODY


def _section_at(path: str) -> str:
    """The entry of the bar below which the page stands, "" where it stands alone."""
    return next((at for at, entries in SECTIONS.items() if any(_below(path, entry) for entry in entries)), "")


def _below(path: str, entry: tuple[str, str, Any, tuple[str, ...]]) -> bool:
    return path.startswith((entry[0], *entry[3]))


@register.simple_tag(takes_context=True)
def nav_entries(context: template.Context) -> list[NavEntry]:
    """The pages that exist and that the actor may use; the longest matching path is the current one."""
    actor = actor_in(context)
    path = getattr(context.get("request"), "path", "")
    allowed = list({at: label for at, right, label in NAVIGATION if _may(actor, right) and _exists(at)}.items())
    current = _section_at(path) or max((at for at, _label in allowed if path.startswith(at)), key=len, default="")
    return [NavEntry(at, str(label), at == current) for at, label in allowed]


@register.simple_tag(takes_context=True)
def section_entries(context: template.Context) -> list[NavEntry]:
    """The pages beside the one shown, below the same entry of the bar; none where there is but one."""
    actor = actor_in(context)
    path = getattr(context.get("request"), "path", "")
    allowed = [one for one in SECTIONS.get(_section_at(path), ()) if _may(actor, one[1]) and _exists(one[0])]
    return [NavEntry(one[0], str(one[2]), _below(path, one)) for one in allowed] if len(allowed) > 1 else []


@register.simple_tag(takes_context=True)
def duty_name(context: template.Context, code: str) -> str:
    """What a duty is called; its code where no pack names it. Asked of the database once for each page."""
    held = vars(context["request"]) if "request" in context else {}
    words = held.get("duty_words")
    if words is None:
        words = held["duty_words"] = cases.duties()
    return pick(words.get(code, {})) or code


@register.simple_tag(takes_context=True)
def help_link(context: template.Context) -> str:
    """The address of the help for the page shown, "" for somebody who has not signed in."""
    request = context.get("request")
    return f"/help/{help_of(request.path)}/" if request is not None and actor_in(context).user_id is not None else ""


@register.simple_tag(takes_context=True)
def can(context: template.Context, right: str) -> bool:
    """Whether the actor holds the right anywhere."""
    return actor_in(context).holds(right)


@register.simple_tag(takes_context=True)
def who_am_i(context: template.Context) -> str:
    """The name of the actor's organisation, "" for somebody without one."""
    code = actor_in(context).org.rpartition(".")[2]
    return pick(accounts.organisation_named(code)) if code else ""


@cache
def _words_in(language: str) -> dict[str, str]:
    """The words as that language has them, which must be the active one."""
    return {key: str(text) for key, text in (WORDS | MAP_WORDS).items()}


@register.simple_tag
def shell_words(**more: str) -> SafeString:
    """JSON scripts: the words of the islands every page may carry, and the server's time."""
    words = _words_in(get_language() or "") | more
    scripts: list[tuple[Any]] = [
        (json_script(words, "words"),),
        (json_script(clock.now().isoformat(), "server-time"),),
    ]
    return format_html_join("\n", "{}", scripts)
