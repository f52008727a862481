"""How many queries messages cost, recorded: a number that grows is seen. RECORD_QUERIES=1 writes them anew."""

import json
import os
from pathlib import Path

from django.test import Client

from exchange import actions
from exchange.models import Delivery, Message, Upload
from journal import selectors as journal
from tests.accounts.factories import holder
from tests.cases.factories import brought_to
from tests.cases.test_query_counts import cost
from tests.exchange.post import adopt_base, carried
from tests.exchange.test_uploads import patched

RECORD = Path(__file__).with_name("query_counts.json")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_endpoint_costs_what_was_recorded_with_one_message_or_with_many(town):
    adopt_base()
    case = brought_to(town, "handling")
    carried()
    (entry,) = [one for one in journal.history(case.number) if one.kind == "case.assigned.v1"]
    handler, boss = browser(town.people["handler"]), browser(holder("query-boss", "admin"))
    coming = actions.begin_upload(actor=town.actor("handler"), length=100)
    asked = {
        "GET /inbox/": lambda: handler.get("/inbox/"),
        "GET /inbox/preferences/": lambda: handler.get("/inbox/preferences/"),
        "GET /cases/<number>/messages/": lambda: handler.get(f"/cases/{case.number}/messages/"),
        "GET /api/inbox": lambda: handler.get("/api/inbox"),
        "GET /api/inbox/unread": lambda: handler.get("/api/inbox/unread"),
        "GET /api/cases/<number>/messages": lambda: handler.get(f"/api/cases/{case.number}/messages"),
        "GET /api/uploads/": lambda: handler.get("/api/uploads/"),
        "GET /api/uploads/<id>": lambda: handler.get(f"/api/uploads/{coming.uid}"),
        "PATCH /api/uploads/<id>": lambda: patched(handler, coming.uid, arrived(coming), b"1"),
        "GET /message-templates/": lambda: boss.get("/message-templates/"),
        "GET /message-templates/<code>/": lambda: boss.get("/message-templates/case.assigned/"),
        "GET /api/message-templates": lambda: boss.get("/api/message-templates"),
        "an entry that was told already": lambda: actions.tell_people(entry),
        "an entry that is told to somebody": lambda: (forgotten(), actions.tell_people(entry))[1],
    }
    first = {name: cost(act) for name, act in asked.items()}
    for _again in range(3):
        brought_to(town, "handling")
    carried()
    assert {name: cost(act) for name, act in asked.items() if "told" not in name} == {
        name: count for name, count in first.items() if "told" not in name
    }, "more messages, not more queries"
    if os.environ.get("RECORD_QUERIES"):
        RECORD.write_text(json.dumps(first, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert first == json.loads(RECORD.read_text(encoding="utf-8"))


def arrived(upload: Upload) -> int:
    """How much of it is there."""
    upload.refresh_from_db()
    return upload.received


def forgotten() -> None:
    """Nobody was told anything."""
    Delivery.objects.all().delete()
    Message.objects.all().delete()
