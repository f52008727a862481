"""What goes wrong beneath sendings: several workers at once, a worker killed in the middle, Redis emptied."""

import threading
from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection

from core import clock
from exchange import actions
from exchange.models import Sending
from journal.adapters import nudge
from tests.cases.factories import SETUP
from tests.exchange.partner import partner
from tests.exchange.test_webhooks import KIND, SECRET

MANY = 50


@pytest.mark.django_db(transaction=True)
def test_redis_emptied_in_the_middle_and_a_worker_killed_each_partner_gets_each_once(settings):
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    settings.OUTGOING_TIMEOUT_S = 120  # a busy machine is no fault of the partner
    half, flushed, turns = threading.Event(), threading.Event(), count(1)

    def answer(_came):
        if next(turns) == MANY // 2:
            half.set()
            flushed.wait(60)
        return 200, {}, {}

    with partner() as there:
        there.answer = answer
        given = {"name": "Partner", "settings": {"url": there.url}, "kinds": [KIND], "secret": SECRET}
        endpoint = actions.make_endpoint("webhook", actor=SETUP, **given).row
        rows = [actions.ping_endpoint(endpoint.uid, actor=SETUP) for _one in range(MANY)]
        killed = Sending.objects.filter(pk=rows[0].pk)
        killed.update(state="sending", epoch=1, attempts=1, leased_until=clock.now() - timedelta(seconds=1))
        workers = [threading.Thread(target=_work) for _one in range(3)]
        for worker in workers:
            worker.start()
        assert half.wait(60)
        nudge.connect().flushdb()
        flushed.set()
        for worker in workers:
            worker.join(120)
        assert Counter(there.ids()) == {f"msg_{row.uid.hex}": 1 for row in rows}
    assert Sending.objects.filter(state="delivered").count() == MANY
    assert killed.get().epoch == 2


def _work() -> None:
    try:
        while actions.send_due():
            continue
    finally:
        connection.close()
