"""One step with many cases: looked at beforehand, taken one by one, told for each, and sent twice without harm."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import actions, selectors
from cases.models import Case, Clock, Move
from core.errors import Invalid
from journal.models import Entry
from tests.cases.factories import (
    CATEGORIES,
    CITY,
    HERE,
    SETUP,
    THERE,
    brought_to,
    category,
    condition,
    names,
    reported,
    standing,
)

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


OTHER = category(
    "E0110", names=names("暴露垃圾", "Exposed refuse"),
    conditions=[{**condition("a", 9, "work_hour"), "text": names("垃圾", "refuse"), "closing": names("清", "gone")}],
)  # fmt: skip


def pressed(client, cases, verb, **more):
    chosen = [f"{case.number}:{case.version}" for case in cases]
    return client.post("/cases/bulk/", {"case": chosen, "verb": verb, **more})


def test_each_class_is_asked_for_its_own_conditions_in_its_own_words_with_the_limits_of_its_ground(town):
    row = actions.draft_override(
        actor=SETUP, category_code="E0407", area=f"{CITY}.{THERE}", limit={"value": 7, "unit": "work_day"}, reason="x"
    )
    actions.save_override(row, actor=SETUP, seen=selectors.replay_save(row).seal)
    actions.save_categories([OTHER if one["code"] == "E0110" else one for one in CATEGORIES], pack="test")
    cases = [
        brought_to(town, "accepted", category=code, district=where)
        for code, where in (("E0407", HERE), ("E0407", THERE), ("E0110", HERE))
    ]
    unclear, client = reported(town, category="", description="?"), program(town, "leader")
    form = pressed(client, [*cases, unclear], "register").context["form"]
    asked = {str(field.label): [text for _code, text in field.choices] for field in form.fields.values()
             if hasattr(field, "choices")}  # fmt: skip
    assert asked == {
        "Registration condition · E0407 Vehicle mis-parking": [
            "—", "a condition a (2 urgent hours / 7 working days)", "b condition b (4 working hours / 7 working days)",
        ],
        "Registration condition · E0110 Exposed refuse": ["—", "a refuse (9 working hours)"],
    }  # fmt: skip
    parked, refuse = (name for name in form.fields if name.startswith("condition_"))
    half = pressed(client, cases, "register", version=1, act="do", **{parked: "b"})
    assert (half.status_code, Case.objects.filter(stage="registered").exists()) == (400, False)
    assert half.context["form"][parked].value() == "b", "what was chosen stays"
    done = pressed(client, [*cases, unclear], "register", version=1, act="do", **{parked: "b", refuse: "a"})
    assert "3 changed, 1 refused" in done.content.decode()
    promised = [Case.objects.get(number=case.number).promise for case in cases]
    assert [(one["category"], one["condition"]) for one in promised] == [("E0407", "b")] * 2 + [("E0110", "a")]
    again = pressed(client, cases, "register", version=1, act="do", **{parked: "b", refuse: "a"})
    assert "3 changed, 0 refused" in again.content.decode()


@pytest.mark.parametrize(
    ("verb", "who", "stage"), [("register", "leader", "accepted"), ("dispatch", "city_dispatcher", "registered"),
                               ("send_verify", "acceptor", "reported"), ("accept", "acceptor", "reported")],
)  # fmt: skip
def test_many_cases_cost_the_page_of_a_step_no_more_queries_than_two(town, verb, who, stage):
    client = program(town, who)
    cases = [
        brought_to(town, stage, category=code, district=where) for code in ("E0407", "E0110") for where in (HERE, THERE)
    ]
    counts = []
    for chosen in (cases[:2], cases):
        with CaptureQueriesContext(connection) as seen:
            assert pressed(client, chosen, verb).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
