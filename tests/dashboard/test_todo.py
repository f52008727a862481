"""The to-do: what waits for a person now, over all systems, and nothing that is not theirs."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.selectors import actor_of
from cases import actions as cases
from cases.models import Case
from core import clock, waiting
from core.patience import Patience
from core.scope import Actor
from core.waiting import Desk, Pile
from dashboard import selectors
from dashboard.selectors import waiting as asking
from registers import actions as registers
from tests.accounts.factories import holder
from tests.cases.factories import CITY, HERE, THERE, Town, asked, brought_to, reported
from tests.cases.test_query_counts import cost
from tests.dashboard.waits import waits
from tests.registers import factories
from tests.registers.conftest import built

__all__ = ["built"]
pytestmark = pytest.mark.django_db
CLERK = ("case.see", "case.report", "accept", "register.see", "register.keep")
RECORDED = {"page": 12, "api": 12}


@pytest.fixture
def town(built: Town, settings: Any, tmp_path: Path) -> Town:
    """The town with its registers, on the evening of the first day; evidence goes where the test ends."""
    settings.MEDIA_ROOT = tmp_path
    factories.at(factories.START)
    return built


def clerk(name: str = "clerk", district: str = HERE, *more: str) -> Any:
    """Somebody who takes reports in and keeps registers, which are two systems."""
    return holder(name, *CLERK, *more, area=f"{CITY}.{district}")


def browser_of(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_what_waits_in_two_systems_is_one_list_the_soonest_due_first(town: Town) -> None:
    user = clerk()
    actor = actor_of(user)
    dog = factories.dog(actor)
    case = reported(town)
    done = brought_to(town, "accepted")
    theirs = reported(town, THERE)

    found = selectors.todo(actor)

    assert waits(actor) == [
        ("cases", f"/cases/{case.number}/"),
        ("records", f"/registers/dog/{dog.number}/"),
    ]
    counts = {heap.code: heap.count for heap in found.heaps}
    assert counts["cases"] == counts["records"] == 1
    assert counts["requests"] == 0
    assert not {"imports", "appeals", "video"} & set(counts), "what is not their business is not even counted"
    browser = browser_of(user)
    for line in found.lines:
        assert browser.get(line.row.href).status_code == 200
    page = browser.get("/todo/").content.decode()
    assert case.number in page
    assert dog.number in page
    assert done.number not in page
    assert theirs.number not in page
    only = browser.get("/todo/?of=records").content.decode()
    assert dog.number in only
    assert case.number not in only


def test_what_is_done_leaves_the_list_and_comes_back_when_it_expires_soon(town: Town) -> None:
    actor = actor_of(clerk())
    dog = factories.dog(actor)
    assert waits(actor) == [("records", f"/registers/dog/{dog.number}/")]
    registers.take_step("dog", dog.number, "register", actor=actor, version=dog.version, given={"tag": "A-1"})
    assert waits(actor) == [], "a dog in force waits for nobody, though it may be renewed at any time"
    until = factories.Record.objects.get(number=dog.number).valid_until
    assert until is not None
    factories.at(until - timedelta(days=20))
    assert waits(actor) == [("records", f"/registers/dog/{dog.number}/")]
    assert waits(actor_of(clerk("beside", THERE))) == []
    assert waits(factories.actor(town, "looker")) == [], "who only looks takes no step"


def test_a_request_waits_for_its_signer_and_an_order_for_who_answers(town: Town) -> None:
    case = brought_to(town, "dispatched")
    asked(town, case, "return", "desk")
    leader, desk = town.actor("leader"), town.actor("desk")
    mine = ("requests", f"/cases/{case.number}/")
    assert mine in waits(leader)
    assert mine not in waits(desk), "who asks does not sign"
    assert mine not in waits(town.actor("district_dispatcher"))
    due = clock.now() + timedelta(hours=4)
    version = Case.objects.get(number=case.number).version
    pressed = cases.order(case.number, actor=leader, version=version, kind="leader", requirement="今天办结", due_at=due)
    answer = ("orders", f"/cases/{case.number}/")
    assert answer in waits(desk)
    assert answer not in waits(leader), "who presses does not answer"
    version = Case.objects.get(number=case.number).version
    cases.reply(case.number, pressed.pk, actor=desk, version=version, text="已安排")
    assert answer not in waits(desk)


def test_a_slow_system_and_one_that_fails_are_said_and_the_others_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = clerk()
    case = reported(town)

    def says(sql: str) -> Callable[[Actor, int], Pile]:
        def pile(actor: Actor, most: int) -> Pile:
            with connection.cursor() as cursor:
                cursor.execute(sql)
            return Pile([], 0, "")

        return pile

    for code, sql in (("slow", "SELECT pg_sleep(60)"), ("broken", "SELECT 1 / 0")):
        desk = Desk(code, {"zh": code, "en": code}, lambda actor: True, says(sql))
        monkeypatch.setitem(waiting._desks, code, desk)
    monkeypatch.setattr(asking, "Patience", lambda whole, share: Patience(60, 0.4))
    found = selectors.todo(actor_of(user))
    assert {heap.code: heap.silence for heap in found.heaps if heap.silence} == {"slow": "slow", "broken": "failed"}
    assert [line.row.href for line in found.lines] == [f"/cases/{case.number}/"]
    assert "slow" in browser_of(user).get("/todo/", headers={"accept-language": "en"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] != "400ms", "the limit of a question ends with it"


def test_the_to_do_over_http_says_the_same(town: Town) -> None:
    user = clerk()
    case = reported(town)
    answer = browser_of(user).get("/api/todo?of=cases")
    assert answer.status_code == 200
    (line,) = answer.json()["lines"]
    assert (line["desk"], line["href"]) == ("cases", f"/cases/{case.number}/")
    assert line["since"]
    assert line["act"]
    for wrong in ("nonsense", "%00", "9" * 300):
        assert browser_of(user).get(f"/api/todo?of={wrong}").status_code == 400
        assert browser_of(user).get(f"/todo/?of={wrong}").status_code == 400
    assert Client().get("/api/todo").status_code == 401


def test_many_things_cost_as_many_questions_as_few(town: Town) -> None:
    user = clerk()
    browser = browser_of(user)
    factories.dog(actor_of(user))
    reported(town)
    few = {"page": cost(lambda: browser.get("/todo/")), "api": cost(lambda: browser.get("/api/todo"))}
    for number in range(4):
        factories.dog(actor_of(user), chip=f"15600000000010{number}")
        reported(town)
    assert {"page": cost(lambda: browser.get("/todo/")), "api": cost(lambda: browser.get("/api/todo"))} == few
    assert few == RECORDED
