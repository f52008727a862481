"""The staff portal: one to-do and one search over all systems, and nothing in either that is not one's own to see."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from accounts.selectors import actor_of
from cases import actions as cases
from cases.models import Case
from core import clock, finding, waiting
from core.finding import Finder, Hits
from core.patience import Patience, Silence
from core.scope import Actor
from core.waiting import Desk, Pile
from dashboard import selectors
from registers import actions as registers
from tests.accounts.factories import holder
from tests.assets.factories import put, types
from tests.cases.factories import CITY, HERE, SETUP, THERE, Town, asked, brought_to, point, reported
from tests.cases.test_query_counts import cost
from tests.dashboard.waits import waits
from tests.registers import factories
from tests.registers.conftest import built
from tests.video import factories as cameras

__all__ = ["built"]
pytestmark = pytest.mark.django_db
CLERK = ("case.see", "case.report", "accept", "register.see", "register.keep")
RECORDED = {"page": 12, "api": 12}
RECORDED_SEARCH = {"page": 30, "api": 30}


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

    for code, sql in (("slow", "SET LOCAL statement_timeout = 50; SELECT pg_sleep(60)"), ("broken", "SELECT 1 / 0")):
        desk = Desk(code, {"zh": code, "en": code}, lambda actor: True, says(sql))
        monkeypatch.setitem(waiting._desks, code, desk)
    found = selectors.todo(actor_of(user))
    assert {heap.code: heap.silence for heap in found.heaps if heap.silence} == {"slow": "slow", "broken": "failed"}
    assert [line.row.href for line in found.lines] == [f"/cases/{case.number}/"]
    assert "slow" in browser_of(user).get("/todo/", headers={"accept-language": "en"}).content.decode()


def test_a_fault_that_nobody_foresaw_in_one_system_is_logged_and_the_others_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    user = clerk()
    case = reported(town)

    def falls(*_asked: Any) -> Any:
        reported(town)
        return next(iter(()))

    broken = {"zh": "坏", "en": "Broken"}
    monkeypatch.setitem(waiting._desks, "broken", Desk("broken", broken, lambda actor: True, falls))
    monkeypatch.setitem(finding._finders, "broken", Finder("broken", broken, lambda actor: True, falls))
    assert case.number in browser_of(user).get("/todo/").content.decode()
    told = {group.code: group.silence for group in selectors.everything("机动车", actor_of(user))}
    assert told["cases"] == ""
    assert told["broken"] == "failed"
    assert Case.objects.count() == 1, "what it began before it fell is taken back"
    assert "StopIteration" in caplog.text


def test_a_question_has_its_share_of_the_time_and_leaves_no_limit_and_no_change_behind(town: Town) -> None:
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    def sleeps() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")

    before = limit()
    assert Patience(600, 0.3).ask("test", sleeps) is Silence.SLOW
    assert Patience(600, 300).ask("test", limit) == "5min"
    assert Patience(0, 1).ask("test", limit) is Silence.SLOW, "where no time is left nothing is asked"
    assert limit() == before
    Patience(600, 300).ask("test", lambda: reported(town))
    assert not Case.objects.exists()


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


def found(actor: Actor, words: str, of: str = "") -> dict[str, list[str]]:
    """The addresses that answer, by group."""
    return {group.code: [hit.href for hit in group.hits] for group in selectors.everything(words, actor, of)}


def lamp(district: str) -> None:
    """A street light stands there."""
    lon, lat = point(district)
    types()
    put({"code": f"{district}0137000001", "lon": lon, "lat": lat})


def boss(name: str = "chief", area: str = CITY) -> Any:
    return holder(name, "admin", "case.see", "register.see", "camera.see", area=area)


def test_one_search_finds_cases_records_classes_people_and_help_by_number_word_and_initials(town: Town) -> None:
    everyone = actor_of(boss())
    case, theirs = reported(town), reported(town, THERE)
    dog = factories.dog(factories.actor(town))
    lamp(HERE)
    ground = {"area": f"{CITY}.{HERE}", "organisation": f"d{HERE}"}
    person = holder("wanglin", "case.see", label="王林", phone="13812345678", **ground)

    assert found(everyone, case.number) == {"cases": [f"/cases/{case.number}/"]}
    assert set(found(everyone, "机动车")["cases"]) == {f"/cases/{one.number}/" for one in (case, theirs)}
    assert found(everyone, "柯基")["records"] == [f"/registers/dog/{dog.number}/"]
    assert found(everyone, dog.number.lower())["records"] == [f"/registers/dog/{dog.number}/"]
    assert "/classes/E0407/" in found(everyone, "e0407")["classes"]
    assert found(everyone, f"{HERE}0137000001")["components"] == [f"/components/{HERE}0137000001/"]
    assert [href for href in found(everyone, HERE)["places"] if not href.startswith("/map/?at=")] == []
    for words in ("王林", "wl", "wanglin", "2345"):
        assert f"/people/{person.pk}/" in found(everyone, words)["people"], words
    assert f"/organisations/d{HERE}/" in found(everyone, f"d{HERE}")["organisations"]
    with translation.override("zh-hans"):
        assert "/help/todo/" in found(everyone, "待办")["help"]
    answer = browser_of(town.people["keeper"]).get("/search/?q=柯基").content.decode()
    assert dog.number in answer
    assert "13800001234" not in answer


def test_nobody_finds_what_they_may_not_see_not_even_as_a_count(town: Town) -> None:
    case = reported(town, THERE)
    kept = {**factories.ALREADY, "owner": "李四"}
    dog = registers.enter("dog", actor=factories.actor(town, "other"), given=kept, place=point(THERE))
    lamp(THERE)
    secret = holder("hidden", "case.see", label="欧阳隐")
    clerk_here = clerk()
    actor = actor_of(clerk_here)
    browser = browser_of(clerk_here)
    for words in (case.number, case.number[:12], dog.number, f"{THERE}0137000001", "欧阳隐", secret.username):
        assert set(found(actor, words)) <= {"places", "help"}, words
        told = {group["code"] for group in browser.get("/api/find", {"q": words}).json()}
        assert not told & {"cases", "records", "components", "people", "organisations"}, words
    assert found(actor_of(boss("elsewhere", f"{CITY}.{HERE}")), "欧阳隐") == {}, "an administrator of another ground"
    assert found(actor, "李四") == {}, "what is personal is not searched"


def test_a_whole_number_leads_straight_to_its_page_and_words_to_the_groups(town: Town) -> None:
    case = reported(town)
    browser = browser_of(boss())
    straight = browser.get("/search/", {"q": f" {case.number} "})
    assert (straight.status_code, straight["Location"]) == (302, f"/cases/{case.number}/")
    page = browser.get("/search/", {"q": case.number[:14]})
    assert page.status_code == 200
    assert case.number in page.content.decode()
    assert 'action="/search/"' in page.content.decode(), "the bar's box asks for everything"
    for strange in ("", "   ", "\x00", "%", "'", "9" * 3000, "。，", "<script>", "\ud7ff\ue000"):
        assert browser.get("/search/", {"q": strange}).status_code == 200, repr(strange)
    shown = browser.get("/search/", {"q": "<script>"}).content.decode()
    assert "<script>" not in shown[shown.index("<main") : shown.index("</main")]
    assert browser.get("/search/?q=a&of=nonsense").status_code == 400
    assert browser.get("/api/find?q=a&of=%00").status_code == 400
    assert Client().get("/api/find?q=a").status_code == 401


def test_a_finder_that_fails_is_said_and_the_others_answer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    user = boss()
    case = reported(town)

    def fails(words: str, most: int, actor: Actor) -> Hits:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return Hits([], 0)

    broken = Finder("broken", {"zh": "坏", "en": "Broken"}, lambda actor: True, fails)
    monkeypatch.setitem(finding._finders, "broken", broken)
    told = {group.code: group.silence for group in selectors.everything(case.number, actor_of(user))}
    assert told == {"cases": "", "broken": "failed"}
    assert "坏" in browser_of(user).get("/search/", {"q": "机动车"}).content.decode()


def test_many_hits_cost_as_many_questions_as_few(town: Town) -> None:
    user = boss()
    browser = browser_of(user)
    asks = {
        "page": lambda: browser.get("/search/", {"q": "机动车"}),
        "api": lambda: browser.get("/api/find", {"q": "机动车"}),
    }
    for _ in range(6):
        reported(town)
    few = {name: cost(ask) for name, ask in asks.items()}
    for _ in range(4):
        reported(town)
    assert {name: cost(ask) for name, ask in asks.items()} == few
    assert few == RECORDED_SEARCH


def test_the_page_of_a_component_knows_its_records_and_the_nearest_cameras(town: Town) -> None:
    lamp(HERE)
    code = f"{HERE}0137000001"
    lon, lat = point(HERE)
    cameras.put_up("beside", lon=lon + 0.0005, lat=lat)
    cameras.put_up("far-away", lon=lon + 0.01, lat=lat)
    checked = {**factories.document("dogs", "dog"), "code": "check", "assets": ["street_light"]}
    registers.declare(checked, actor=SETUP, pack="dogs")
    kept = registers.enter("check", actor=factories.actor(town), given=factories.ALREADY, asset=code)

    page = browser_of(boss()).get(f"/components/{code}/").content.decode()
    assert f"/registers/check/{kept.number}/" in page
    assert "camera=beside" in page
    assert "camera=far-away" not in page
    assert "13800001234" not in page
    other = holder("reporter", "case.see", area=f"{CITY}.{HERE}")
    page = browser_of(other).get(f"/components/{code}/").content.decode()
    assert kept.number not in page
    assert "camera=beside" not in page, "who sees no cameras sees none here"
