"""One step with many cases: looked at beforehand, taken one by one, told for each, and sent twice without harm."""

import pytest
from django.test import Client

from cases import actions
from cases.models import Case, Clock, Move
from core.errors import Invalid
from journal.models import Entry
from tests.cases.factories import HERE, brought_to, reported, standing

pytestmark = pytest.mark.django_db
JSON = "application/json"


def program(town, who):
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people[who])
    return client


def body(verb, cases, given=None, **more):
    chosen = [{"number": case.number, "version": case.version} for case in cases]
    return {"verb": verb, "given": given or {}, "cases": chosen, **more}


def send(client, *args, **more):
    answer = client.post("/api/cases/bulk", body(*args, **more), JSON)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_preview_says_what_would_change_and_what_would_be_refused_and_why_and_changes_nothing(town):
    cases = [reported(town), reported(town), brought_to(town, "registered")]
    before = (Move.objects.count(), Entry.objects.count(), Clock.objects.count())
    told = send(program(town, "acceptor"), "accept", cases, preview=True)
    assert (told["changed"], told["refused"]) == (2, 1)
    assert [line["code"] for line in told["results"]] == ["", "", "case.wrong_stage"]
    assert "not possible now" in told["results"][2]["message"]
    assert (Move.objects.count(), Entry.objects.count(), Clock.objects.count()) == before
    assert {standing(case).stage for case in cases} == {"reported", "registered"}


def test_each_case_is_taken_alone_so_that_what_is_refused_hinders_no_other(town):
    stale, fine, strange = reported(town), reported(town), reported(town)
    actions.accept(stale.number, actor=town.actor("acceptor"), version=1)
    actions.reject(strange.number, actor=town.actor("acceptor"), version=1, reason="x")
    told = send(program(town, "acceptor"), "reject", [stale, fine, strange], {"reason": "重复来电"})
    assert [(line["done"], line["code"], line["status"]) for line in told["results"]] == [
        (False, "case.stale", 412), (True, "", 200), (False, "case.stale", 412),
    ]  # fmt: skip
    assert [standing(case).stage for case in (stale, fine, strange)] == ["accepted", "rejected", "rejected"]


def test_sent_again_nothing_is_done_twice_and_the_answer_is_the_same(town):
    client, cases = program(town, "leader"), [brought_to(town, "accepted"), brought_to(town, "accepted")]
    first = send(client, "register", cases, {"condition": "b"})
    again = send(client, "register", cases, {"condition": "b"})
    assert [line["repeated"] for line in again["results"]] == [True, True]
    same = ("number", "version", "stage", "done")
    assert [[line[name] for name in same] for line in first["results"]] == [
        [line[name] for name in same] for line in again["results"]
    ]
    assert Move.objects.filter(verb="register").count() == 2
    assert [line["code"] for line in send(client, "register", cases, {"condition": "a"})["results"]] == [
        "case.stale"
    ] * 2
    another = send(program(town, "acceptor"), "register", cases, {"condition": "b"})
    assert not any(line["done"] for line in another["results"]), "another's repeat is none"


def test_strangers_cases_and_nonsense_are_lines_and_never_a_failure(town):
    mine, other = brought_to(town, "dispatched"), {"number": "4" * 20, "version": 1}
    given = body("assign", [mine], {"handler": town.key("handler")})
    given["cases"] += [other, {"number": "x", "version": 3}]
    lines = program(town, "desk").post("/api/cases/bulk", given, JSON).json()["results"]
    assert [line["code"] for line in lines] == ["", "case.unknown", "case.unknown"]
    hidden = program(town, "desk2").post("/api/cases/bulk", body("assign", [standing(mine)]), JSON).json()
    assert [line["code"] for line in hidden["results"]] == ["case.unknown"]


def test_what_cannot_be_taken_with_many_is_refused_as_a_whole(town):
    client, case = program(town, "leader"), reported(town)
    for given in (body("submit", [case]), body("dance", [case]), body("accept", []), body("accept", [case] * 101),
                  body("accept", [case], {"colour": "red"})):  # fmt: skip
        assert client.post("/api/cases/bulk", given, JSON).status_code == 400
    with pytest.raises(Invalid):
        actions.bulk("split", [(case.number, 1)], actor=town.actor("leader"), given={})


def test_cases_chosen_in_the_list_are_previewed_and_done_in_the_browser(town):
    cases = [brought_to(town, "registered"), brought_to(town, "registered"), reported(town)]
    client = program(town, "city_dispatcher")
    listed = client.get("/cases/?queue=open").content.decode()
    chosen = [f"{case.number}:{case.version}" for case in cases]
    assert all(f'value="{value}"' in listed for value in chosen)
    opened = client.post("/cases/bulk/", {"case": chosen}).content.decode()
    assert "Dispatch 2" in opened
    form = {"case": chosen, "verb": "dispatch", "version": 1, "department": f"d{HERE}-appearance"}
    preview = client.post("/cases/bulk/", {**form, "act": "preview"}).content.decode()
    assert "2 would change, 1 would be refused" in preview
    assert not Case.objects.filter(stage="dispatched").exists()
    done = client.post("/cases/bulk/", {**form, "act": "do"}).content.decode()
    assert "2 changed, 1 refused" in done
    assert Case.objects.filter(stage="dispatched").count() == 2
    assert "2 changed, 1 refused" in client.post("/cases/bulk/", {**form, "act": "do"}).content.decode()
    assert Move.objects.filter(verb="dispatch").count() == 2
    assert client.post("/cases/bulk/", {}).status_code == 400
    wrong = client.post("/cases/bulk/", {**form, "department": "nobody", "act": "do"})
    assert wrong.status_code == 400
