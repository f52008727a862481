"""Where streams may be opened: by an allow-list of schemes and networks, asked again each time a node opens one."""

from django.db import transaction

from core.errors import Forbidden, Invalid
from core.scope import Actor
from video.adapters import addresses
from video.models import AllowedSource
from video.rules.wishes import host_of, permitted, pinned, shown_host


def check_address(url: str) -> list[str]:
    """The addresses of the stream's host, all of them allowed for its scheme; Invalid `video.address_not_allowed`."""
    scheme, host, _port = host_of(url)
    found = addresses.resolve(host)
    if not permitted(scheme, found, AllowedSource.objects.values_list("scheme", "network")):
        raise Invalid("video.address_not_allowed", address=shown_host(url))
    return found


def opened(url: str) -> str:
    """The stream's address with its host resolved once, so that a name cannot come to mean another place afterwards.

    A scheme that needs the name itself (a certificate, a virtual host) keeps it.
    """
    return pinned(url, check_address(url)[0])


@transaction.atomic
def allow_source(*, scheme: str, network: str, note: str = "", actor: Actor) -> None:
    """Streams of this scheme may be opened in this network."""
    if not actor.may("admin"):
        raise Forbidden("video.not_admin")
    AllowedSource.objects.get_or_create(scheme=scheme, network=network, defaults={"note": note})
