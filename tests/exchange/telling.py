"""The hotline for tests: a partner with a secret, its messages, and its simulated server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from exchange import actions
from exchange.models import Partner
from simulator import hotline as simulated
from tests.cases.factories import SETUP, point

SECRET = "a-secret-of-tests-shared-with-nobody"
DUMPING = "违规停车"
ABOUT = {
    "names": {"zh": "12345 热线", "en": "12345 hotline"}, "secret_ref": "tests", "classes": {DUMPING: "E0407"},
}  # fmt: skip


@pytest.fixture
def partner(town: Any, settings: Any) -> Partner:
    """A partner that sends; where it may be reached nobody has said."""
    settings.PARTNER_SECRETS = {"tests": SECRET}
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    return actions.save_partner("hotline", told=ABOUT, actor=SETUP)


def said(number: str, sequence: int, kind: str, **content: Any) -> dict[str, Any]:
    """A message about a ticket."""
    return {
        "version": 1, "kind": kind, "ticket": number, "sequence": sequence, "sent_at": "2026-11-30T09:00:00+08:00",
        "content": content,
    }  # fmt: skip


def ticket(number: str, sequence: int = 1, **content: Any) -> dict[str, Any]:
    """A ticket of a class that is known, at a place that is known."""
    lon, lat = point()
    about = {
        "class": DUMPING, "text": "门口倒了一堆垃圾", "lon": lon, "lat": lat, "deadline": "2026-12-01T18:00:00+08:00",
    }  # fmt: skip
    return said(number, sequence, "ticket", **{**about, **content})


@contextmanager
def running(**given: Any) -> Iterator[simulated.Partner]:
    """The simulated partner's server answers while this lasts."""
    server = simulated.Partner(("127.0.0.1", 0), secret=SECRET, code="hotline", **given)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.behave("ok")
        server.shutdown()
        server.server_close()
        thread.join()


def address(server: simulated.Partner) -> str:
    """Where it is reached."""
    return f"http://127.0.0.1:{server.server_address[1]}"
