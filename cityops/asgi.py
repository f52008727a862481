"""Sockets for uvicorn in production; pages and sockets together on one machine (./run demo)."""

import os
from importlib import import_module
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityops.settings.prod")
pages = get_asgi_application()


class BrowserOriginValidator(OriginValidator):
    """A browser names the page a socket was opened from, which must be ours; programs name none and bring a session."""

    def valid_origin(self, parsed_origin: Any) -> bool:
        """Whether this handshake may go on."""
        return parsed_origin is None or super().valid_origin(parsed_origin)


def sockets() -> BrowserOriginValidator:
    """The socket application; imported by name because models may be touched only after Django has started."""
    live = import_module("dashboard.live")
    authentication = import_module("accounts.authentication")
    routes = URLRouter(live.websocket_urlpatterns)
    return BrowserOriginValidator(
        AuthMiddlewareStack(authentication.ActorAsgiMiddleware(routes)), settings.ALLOWED_HOSTS
    )


application = ProtocolTypeRouter({"http": pages, "websocket": sockets()})
