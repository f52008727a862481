"""Small tags about people, for templates."""

from typing import NamedTuple

from allauth.mfa.utils import is_mfa_enabled
from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.actions import DEMO_PASSWORD, demo_people, profile
from accounts.models import Grant, User
from accounts.selectors import actor_of, asks_second_factor, kinds, organisation_names, people_named, role_names
from core.languages import pick

register = template.Library()


class DemoAccount(NamedTuple):
    """One line of the list on the demo's sign-in page."""

    username: str
    label: str
    role: str
    organisation: str
    password: str


@register.simple_tag
def demo_accounts() -> list[DemoAccount]:
    """The demo's accounts that exist, with the password of all; nothing at all outside the demo."""
    if not settings.DEMO:
        return []
    there, roles = people_named(person.username for person in demo_people()), role_names()
    return [
        DemoAccount(
            person.username,
            there[person.username].get_full_name(),
            pick(roles.get(person.role, {})) or person.role,
            _home(there[person.username]),
            DEMO_PASSWORD,
        )
        for person in demo_people()
        if person.username in there
    ]


def _home(user: User) -> str:
    return pick(user.organisation.names) if user.organisation else ""


@register.filter
def in_language(names: dict[str, str]) -> str:
    """The name in the active language."""
    return pick(names)


@register.filter
def ground(grant: Grant) -> str:
    """Where a grant holds, in words: an organisation, an area, or the whole city."""
    told = [pick(organisation_names(grant.org))] if grant.org else []
    if grant.area:
        told.append(pick(organisation_names(area=grant.area)) or grant.area)
    return " · ".join(part for part in told if part) or _("everywhere")


@register.simple_tag
def why_ended(why: str | None) -> str:
    """Why a session is over, for the sign-in page; "" where nobody asked."""
    idle = _("You were signed out because nothing was done for %(minutes)s minutes.")
    told = {
        "idle": idle % {"minutes": profile().idle_minutes},
        "long": _("You were signed out because a session lasts eight hours at most."),
        "ended": _(
            "Your session was ended: it was signed out elsewhere, the password changed, or the account switched off."
        ),
    }
    return told.get(why or "", "")


@register.filter
def kind_name(code: str) -> str:
    """What a kind of organisation is called; its code where the model does not name it."""
    return next((pick(row.names) for row in kinds() if row.code == code), "") or code


@register.simple_tag(takes_context=True)
def factor_due(context: template.Context) -> bool:
    """Whether the reader may do nothing before a second factor is set up."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not settings.MFA_REQUIRED or not isinstance(user, User) or is_mfa_enabled(user):
        return False
    return user.remote or actor_of(user).holds("admin") or asks_second_factor(user.pk)
