"""A server of ours that dies when a message is committed and before it is answered, as a machine may. Run by a test."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

from django.core.wsgi import get_wsgi_application

_application = get_wsgi_application()


def dying(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Everything is done, and nobody hears of it."""
    list(_application(environ, start_response))
    os.kill(os.getpid(), signal.SIGKILL)
    return []


if __name__ == "__main__":
    server: WSGIServer = make_server("127.0.0.1", 0, dying)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
