"""A web process killed before its answer: the partner sends again, and it is the same case."""

import json

import pytest

from cases.models import Case
from exchange import actions
from exchange.models import TicketMessage
from simulator import hotline as simulated
from tests.cases.conftest import real_town
from tests.cases.factories import SETUP
from tests.exchange.telling import ABOUT, SECRET, running, ticket
from tests.killed import dying_server

__all__ = ["real_town"]


@pytest.mark.django_db(transaction=True)
def test_a_server_killed_between_commit_and_answer_gives_the_same_case_to_the_retry(real_town, live_server, settings):
    settings.PARTNER_SECRETS = {"tests": SECRET}
    actions.save_partner("hotline", told=ABOUT, actor=SETUP)
    with dying_server(PARTNER_SECRETS=f"tests={SECRET}") as (process, address):
        body = json.dumps(ticket("T1")).encode()
        assert simulated.push(address, "hotline", SECRET, body, timeout=120) == (0, {})
        process.wait(60)
    (number,) = Case.objects.values_list("number", flat=True)
    with running(city=live_server.url) as server:
        answers = server.send([ticket("T1"), ticket("T1")])
    assert [(status, told["case"]) for status, told in answers] == [(200, number)] * 2
    assert (Case.objects.count(), TicketMessage.objects.get().times) == (1, 3)
