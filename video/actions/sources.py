"""Where streams may be opened: by an allow-list of schemes and networks, asked again each time a node opens one."""

from django.db import transaction

from core.errors import Forbidden, Invalid
from core.scope import Actor
from video.adapters import addresses
from video.models import AllowedSource
from video.rules.wishes import host_of, permitted, pinned, shown_host


def _allowed(url: str, found: list[str]) -> None:
    if not permitted(host_of(url)[0], found, AllowedSource.objects.values_list("scheme", "network")):
        raise Invalid("video.address_not_allowed", address=shown_host(url))


def check_address(url: str) -> None:
    """The stream's scheme and every address of its host are allowed; Invalid `video.address_not_allowed` otherwise."""
    _allowed(url, addresses.resolve(host_of(url)[1]))


def opened(url: str) -> str:
    """The stream's address with its host resolved once, so that a name cannot come to mean another place afterwards.

    A scheme that needs the name itself (a certificate, a virtual host) keeps it. Invalid `video.no_such_host` while
    nobody knows the name, `video.address_not_allowed` where it leads to is not allowed.
    """
    found = addresses.resolve(host_of(url)[1])
    if not found:
        raise Invalid("video.no_such_host", address=shown_host(url))
    _allowed(url, found)
    return pinned(url, found[0])


@transaction.atomic
def allow_source(*, scheme: str, network: str, note: str = "", actor: Actor) -> None:
    """Streams of this scheme may be opened in this network."""
    if not actor.may("admin"):
        raise Forbidden("video.not_admin")
    AllowedSource.objects.get_or_create(scheme=scheme, network=network, defaults={"note": note})
