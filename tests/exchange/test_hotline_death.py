"""A web process killed before its answer: the partner sends again, and it is the same case."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.db import connection

from cases.models import Case
from exchange import actions
from exchange.models import TicketMessage
from simulator import hotline as simulated
from tests.cases.conftest import real_town
from tests.cases.factories import SETUP
from tests.exchange.telling import ABOUT, SECRET, running, ticket

__all__ = ["real_town"]


@pytest.fixture
def dying():
    """The address of a server that dies with its first answer."""
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {
        **os.environ, "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}", "PARTNER_SECRETS": f"tests={SECRET}",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.exchange.dying"]
    process = subprocess.Popen(command, cwd=configured.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process, f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_server_killed_between_commit_and_answer_gives_the_same_case_to_the_retry(
    real_town, dying, live_server, settings
):
    settings.PARTNER_SECRETS = {"tests": SECRET}
    actions.save_partner("hotline", told=ABOUT, actor=SETUP)
    process, address = dying
    body = json.dumps(ticket("T1")).encode()
    assert simulated.push(address, "hotline", SECRET, body, timeout=120) == (0, {})
    process.wait(60)
    (number,) = Case.objects.values_list("number", flat=True)
    with running(city=live_server.url) as server:
        answers = server.send([ticket("T1"), ticket("T1")])
    assert [(status, told["case"]) for status, told in answers] == [(200, number)] * 2
    assert (Case.objects.count(), TicketMessage.objects.get().times) == (1, 3)
