"""Quarantine: a picture is shown to nobody else until the scanner has looked. The scanner is one that speaks."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from cases import actions, selectors, tasks
from cases.contracts.evidence import Scan
from cases.models import Doubt, Evidence, Quarantine
from cityops import health_page
from core import scanning
from core.errors import Conflict, DomainError, Forbidden
from journal.models import Entry
from tests.cases.conftest import Time
from tests.cases.factories import Town, picture, reported

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.ThreadingTCPServer):
    """Speaks as clamd does: PING, and INSTREAM in chunks; finds EICAR wherever it lies, and counts what it saw."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.streams: list[int] = []
        self.says: bytes | None = None


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        server: Any = self.server
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        server.streams.append(len(content))
        found = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(server.says or found)


@pytest.fixture
def clamd(settings: LazySettings) -> Iterator[Clamd]:
    """It stands ready, and the city is told of it."""
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        settings.SCANNER_URL = f"clamd://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


def sent(town: Town, tail: bytes = b"") -> Evidence:
    """A picture that the collector has sent."""
    case = reported(town, photos=[picture() + tail])
    return Evidence.objects.get(case__number=case.number)


def state(row: Evidence) -> Scan:
    return selectors.scan_of(Evidence.objects.get(pk=row.pk))


def see(town: Town, row: Evidence, who: str) -> bytes:
    return actions.public_copy(row.case.number, row.pk, actor=town.actor(who))


def refused(act: Callable[[], Any], error: type[DomainError], code: str) -> None:
    with pytest.raises(error) as told:
        act()
    assert told.value.code == code


def page(town: Town, row: Evidence, who: str = "acceptor") -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people[who])
    return client.get(f"/cases/{row.case.number}/").content.decode()


def test_without_a_scanner_a_picture_is_shown_at_once(town: Town) -> None:
    row = sent(town)
    assert state(row) == "none"
    assert see(town, row, "acceptor")[:3] == b"\xff\xd8\xff"
    assert [one.level for one in health_page.scanning()] == ["off"]


def test_a_picture_waits_for_the_scanner_and_only_who_sent_it_sees_it(town: Town, clamd: Clamd) -> None:
    row = sent(town)
    assert state(row) == "waiting"
    assert see(town, row, "collector")[:3] == b"\xff\xd8\xff"
    refused(lambda: see(town, row, "acceptor"), Conflict, "case.picture_waiting")
    refused(
        lambda: actions.read_original(row.case.number, row.pk, actor=town.actor("acceptor")), Conflict,
        "case.picture_waiting",
    )  # fmt: skip
    assert "Waits for the scanner" in page(town, row)
    assert f"/evidence/{row.pk}/public" not in page(town, row)
    tasks.scan()
    assert (state(row), clamd.streams) == ("clean", [row.size])
    assert see(town, row, "acceptor")[:3] == b"\xff\xd8\xff"
    assert f"/evidence/{row.pk}/public" in page(town, row)
    tasks.scan()
    assert len(clamd.streams) == 1, "asked once"


def test_an_infected_picture_is_kept_sealed_shown_to_nobody_and_told(town: Town, clamd: Clamd) -> None:
    row, other = sent(town, EICAR), sent(town, b"harmless")
    tasks.scan()
    assert (state(row), state(other)) == ("infected", "clean")
    for who in ("collector", "acceptor"):
        refused(lambda who=who: see(town, row, who), Forbidden, "case.picture_infected")
    refused(
        lambda: actions.read_original(row.case.number, row.pk, actor=town.actor("acceptor")), Forbidden,
        "case.picture_infected",
    )  # fmt: skip
    assert [(one.evidence, one.kind, one.said) for one in Doubt.objects.all()] == [(row, "infected", "Eicar-Signature")]
    entry = Entry.objects.get(kind="case.picture_doubted.v1")
    assert (entry.subject, entry.data["kinds"]) == (row.case.number, ["infected"])
    assert "The scanner found Eicar-Signature in the file." in page(town, row)
    assert [one.level for one in health_page.scanning()] == ["normal", "caution"]


def test_while_the_scanner_is_down_pictures_wait_and_are_asked_about_again(
    town: Town, clamd: Clamd, settings: LazySettings, time: Time
) -> None:
    here, settings.SCANNER_URL = settings.SCANNER_URL, "clamd://127.0.0.1:1"
    row = sent(town)
    tasks.scan()
    assert state(row) == "waiting"
    held = Quarantine.objects.get()
    assert (held.tries, held.said != "") == (1, True)
    (down,) = health_page.scanning()
    assert (down.level, "1" in down.said) == ("critical", True)
    settings.SCANNER_URL = here
    tasks.scan()
    assert state(row) == "waiting", "its turn has not come again"
    time.pass_by(seconds=20)
    tasks.scan()
    assert state(row) == "clean"
    assert [one.level for one in health_page.scanning()] == ["normal"]


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"stream: ", b"nonsense\0"])
def test_what_is_no_verdict_lets_no_picture_out(town: Town, clamd: Clamd, says: bytes) -> None:
    clamd.says = says
    row = sent(town)
    tasks.scan()
    assert state(row) == "waiting"


def test_a_scanner_that_was_given_up_holds_nothing_back(town: Town, clamd: Clamd, settings: LazySettings) -> None:
    row, bad = sent(town), sent(town, EICAR)
    tasks.scan()
    late = sent(town)
    settings.SCANNER_URL = ""
    tasks.scan()
    assert [state(one) for one in (row, bad, late)] == ["clean", "infected", "none"]


def test_the_list_for_programs_says_what_the_scanner_said(town: Town, clamd: Clamd) -> None:
    row = sent(town)
    client = Client()
    client.force_login(town.people["acceptor"])
    address = f"/api/cases/{row.case.number}/evidence"
    assert [one["scan"] for one in client.get(address).json()] == ["waiting"]
    answer = client.get(f"{address}/{row.pk}/public")
    assert (answer.status_code, answer.json()["code"]) == (409, "case.picture_waiting")
    tasks.scan()
    assert [one["scan"] for one in client.get(address).json()] == ["clean"]


def test_another_scanner_is_plugged_in_by_its_scheme(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Always:
        def scan(self, content: bytes) -> scanning.Verdict:
            return scanning.Verdict("always")

        def ping(self) -> None:
            return

    monkeypatch.setattr(scanning, "_MAKERS", dict(scanning._MAKERS))
    settings.SCANNER_URL = "always://"
    with pytest.raises(scanning.ScannerDown):
        scanning.scanner()
    scanning.register_scanner("always", lambda address: Always())
    plugged = scanning.scanner()
    assert plugged is not None
    assert plugged.scan(b"").found == "always"


@pytest.mark.parametrize("address", ["clamd://host:port", "clamd://host:70000", "clamd://[::1", "nobody://host"])
def test_an_address_that_is_none_is_a_scanner_that_is_down_and_no_crash(
    town: Town, settings: LazySettings, address: str
) -> None:
    settings.SCANNER_URL = address
    row = sent(town)
    tasks.scan()
    assert state(row) == "waiting"
    assert [one.level for one in health_page.scanning()] == ["critical"]
