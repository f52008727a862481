"""A web process killed before its answer: who reports sends again with the same key, and it is the same case."""

import json
import signal
import urllib.request
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.crypto import get_random_string

from cases.models import Case, Move
from journal.models import Entry
from tests.cases.factories import point
from tests.killed import dying_server

TOKEN = get_random_string(32)


def sent(address: str, client: Client, description: str) -> tuple[int, Any]:
    """The answer to a report of the signed-in person under one key."""
    lon, lat = point()
    told = {"category": "E0407", "description": description, "lon": lon, "lat": lat}
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    headers = {
        "Content-Type": "application/json", "Idempotency-Key": "k1", "X-CSRFToken": TOKEN,
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
    }  # fmt: skip
    request = urllib.request.Request(f"{address}/api/cases", json.dumps(told).encode(), headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.status, json.load(answer)


@pytest.mark.django_db(transaction=True)
def test_a_report_whose_server_was_killed_before_its_answer_is_the_same_case_when_sent_again(real_town, live_server):
    client = Client()
    client.force_login(real_town.people["collector"])
    with dying_server() as (process, address):
        with pytest.raises(ConnectionResetError):
            sent(address, client, "占道停放")
        assert process.wait(60) == -signal.SIGKILL
    (kept,) = Case.objects.all()
    again = [sent(live_server.url, client, "再说一次") for _ in range(2)]
    assert [(status, told["number"], told["description"]) for status, told in again] == [
        (200, kept.number, "占道停放")
    ] * 2
    assert (Case.objects.count(), Move.objects.count()) == (1, 1)
    assert Entry.objects.filter(kind="case.reported.v1").count() == 1
