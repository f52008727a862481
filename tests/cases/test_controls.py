"""Control areas 管控区: asked for by one, approved by another, for a time; what was promised before never moves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cases import actions, selectors
from cases.models import Case, ControlArea, ControlledCell
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import machine
from journal.models import Entry
from tests.cases.factories import HERE, SETUP, THERE, brought_to, names, point, reported, take
from tests.exchange.test_lists import rows_of

pytestmark = pytest.mark.django_db
CELLS, JSON, API = f"{HERE}001001003\n{HERE}001001004", "application/json", "/api/control-areas"
SHARES = [{"grade": grade, "names": names(f"{grade}级", f"Level {grade}"), "share": share}
          for grade, share in {1: 1.0, 2: 1.0, 3: 1.0, 4: 2.5}.items()]  # fmt: skip


def wanted(town, who="desk", **more):
    """Asked for: illegal parking is not registered here for ten days, because of works."""
    says = {"name": "长平路施工", "cells": CELLS, "classes": ["E0407"], "blocks": True, "reason": "道路施工",
            "valid_until": clock.now() + timedelta(days=10), **more}  # fmt: skip
    return actions.ask_control_area(actor=town.actor(who), **says)


def approved(town, who="leader", **more):
    return actions.decide_control_area(wanted(town, **more).pk, actor=town.actor(who), grant=True, answer="同意")


def regraded(town, **more):
    """Approved: the ground counts as of grade 4, where limits are two and a half times as long."""
    actions.save_area_grades(SHARES, pack="test")
    return approved(town, classes=[], blocks=False, grade=4, valid_until=None, **more)


def no(call, error, code):
    before = Entry.objects.count()
    with pytest.raises(error) as caught:
        call()
    assert (caught.value.code, Entry.objects.count()) == (code, before)


def test_a_class_is_not_registered_in_a_control_area_until_its_end(town, time):
    early = brought_to(town, "registered")
    wanted(town)
    assert brought_to(town, "registered").stage == "registered", "what is only asked for does nothing"
    row = approved(town)
    case = brought_to(town, "accepted")
    no(lambda: take(town, case, "register", "leader", condition="a"), Conflict, "case.controlled")
    assert brought_to(town, "registered", reported(town, THERE)).stage == "registered"
    assert brought_to(town, "registered", reported(town, category="E0506")).stage == "registered"
    assert Case.objects.get(number=early.number).stage == "registered", "what was registered before goes its way"
    assert take(town, case, "refuse", "leader", reason="管控期").stage == "rejected"
    waiting = brought_to(town, "accepted")
    time.pass_by(days=10)
    assert (row.state_at(clock.now()), brought_to(town, "registered", waiting).stage) == ("over", "registered")


def test_what_registers_itself_waits_for_a_person_in_a_control_area(town):
    approved(town, classes=["E0506"])
    told = {"category": "E0506", "source": "sensor", "actor": machine("sensor:7", "case.report")}
    assert reported(town, **told).stage == "reported"
    assert reported(town, THERE, **told).stage == "registered"


def test_a_control_area_gives_the_ground_another_grade_and_the_promise_says_so_for_good(town):
    before = Case.objects.get(number=brought_to(town, "registered").number).promise
    row = regraded(town)
    case = brought_to(town, "dispatched")
    promise = Case.objects.get(number=case.number).promise
    assert promise["limit"]["value"] == 2.5 * before["limit"]["value"]
    assert {name: promise["says"][name] for name in ("by", "grade", "control", "control_because")} == {
        "by": "share", "grade": 4, "control": row.pk, "control_because": "道路施工",
    }  # fmt: skip
    page = Client(headers={"accept-language": "en"})
    page.force_login(town.people["leader"])
    why = page.get(f"/cases/{case.number}/why/").content.decode()
    assert "because of the control area “长平路施工”: 道路施工" in why
    asked = selectors.what_if("E0407", *point())
    assert asked.promises[0].says["control_name"] == "长平路施工"
    assert "control" not in selectors.what_if("E0407", *point(THERE)).promises[0].says
    actions.end_control_area(row.pk, actor=town.actor("leader2"), reason="提前完工")
    later = Case.objects.get(number=brought_to(town, "registered").number).promise
    assert (later["limit"], Case.objects.get(number=case.number).promise) == (before["limit"], promise)


def test_a_special_rule_and_the_quick_limit_come_before_the_grade_of_a_control_area(town):
    regraded(town)
    row = actions.draft_override(
        actor=SETUP, category_code="E0407", area="", limit={"value": 1, "unit": "urgent_hour"}, reason="台风"
    )
    actions.save_override(row, actor=SETUP, seen=None)
    says = Case.objects.get(number=brought_to(town, "registered").number).promise["says"]
    assert (says["by"], says["grade"]) == ("special", 4)
    quick = Case.objects.get(number=brought_to(town, "registered", reported(town, category="E0506")).number)
    assert quick.promise["says"]["by"] == "written", "a quick class keeps its half hour on every ground"


def test_of_two_that_hold_the_one_that_watches_most_closely_counts_and_every_case_on_a_list_knows_it(town):
    regraded(town)
    near = approved(town, classes=["E0407"], blocks=False, grade=2, valid_until=None)
    case = Case.objects.get(number=brought_to(town, "accepted").number)
    chosen = selectors.category("E0407")
    (one,) = selectors.limits_for_each([(chosen, case)])
    assert one == selectors.limits_for(chosen, case)
    assert {limit.says["control"] for limit in one.values()} == {near.pk}


def test_who_asks_and_who_decides_are_two_and_stand_on_that_ground(town):
    no(lambda: wanted(town, "desk2"), Forbidden, "control.not_your_ground")
    no(lambda: wanted(town, "district_dispatcher2"), Forbidden, "control.not_your_ground")
    no(lambda: wanted(town, "collector"), Forbidden, "control.not_your_ground")
    no(lambda: wanted(town, cells=f"{HERE}\n{THERE}"), Forbidden, "control.not_your_ground")
    row = wanted(town, "leader")
    no(lambda: actions.decide_control_area(row.pk, actor=town.actor("leader"), grant=True, answer="x"), Forbidden,
       "control.not_yours_to_decide")  # fmt: skip
    no(lambda: actions.decide_control_area(row.pk, actor=town.actor("city_dispatcher"), grant=True, answer="x"),
       Forbidden, "control.not_yours_to_decide")  # fmt: skip
    no(lambda: actions.decide_control_area(row.pk, actor=town.actor("desk2"), grant=True, answer="x"), NotFound,
       "control.unknown")  # fmt: skip
    no(lambda: actions.decide_control_area(row.pk, actor=town.actor("leader2"), grant=True, answer=" "), Invalid,
       "case.needs_reason")  # fmt: skip
    actions.decide_control_area(row.pk, actor=town.actor("leader2"), grant=False, answer="不符合条件")
    no(lambda: actions.decide_control_area(row.pk, actor=town.actor("leader2"), grant=True, answer="x"), Conflict,
       "control.decided")  # fmt: skip
    no(lambda: actions.end_control_area(row.pk, actor=town.actor("leader2"), reason="x"), Conflict,
       "control.not_in_force")  # fmt: skip
    assert brought_to(town, "registered").stage == "registered"
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlArea.objects.filter(pk=row.pk).update(state="approved", decided_by=row.asked_by)


def test_what_makes_no_sense_is_not_asked_for(town):
    for says, code in (
        ({"name": " "}, "control.needs_name"), ({"name": "x" * 61}, "control.needs_name"),
        ({"name": "a\x00"}, "case.bad_text"), ({"cells": ""}, "grid.supervision_empty"),
        ({"cells": "x9"}, "grid.cell_unread"), ({"cells": f"{HERE}001001999"}, "grid.cells_unknown"),
        ({"classes": ["E9999"]}, "case.unknown_category"), ({"classes": []}, "control.blocks_for_good"),
        ({"valid_until": None}, "control.blocks_for_good"), ({"grade": 5}, "control.no_such_grade"),
        ({"blocks": False}, "control.says_nothing"), ({"reason": ""}, "case.needs_reason"),
        ({"valid_until": clock.now()}, "responsibility.ends_before_it_begins"),
        ({"valid_from": clock.now() - timedelta(days=1)}, "responsibility.in_the_past"),
    ):  # fmt: skip
        no(lambda says=says: wanted(town, **says), Invalid, code)
    assert not ControlledCell.objects.exists()


def test_it_holds_from_its_beginning_and_never_before_it_was_approved(town, time):
    late = wanted(town, valid_from=clock.now() + timedelta(days=1))
    time.pass_by(days=2)
    row = actions.decide_control_area(late.pk, actor=town.actor("leader"), grant=True, answer="同意")
    assert (row.valid_from, row.state_at(clock.now())) == (clock.now(), "in_force")
    to_come = approved(town, valid_from=clock.now() + timedelta(days=1))
    actions.end_control_area(to_come.pk, actor=town.actor("desk"), reason="不施工了")
    to_come.refresh_from_db()
    assert to_come.state_at(clock.now() + timedelta(days=2)) == "over", "it never begins"
    passed = wanted(town, valid_until=clock.now() + timedelta(hours=1))
    time.pass_by(hours=2)
    no(lambda: actions.decide_control_area(passed.pk, actor=town.actor("leader"), grant=True, answer="x"), Conflict,
       "control.over")  # fmt: skip
    actions.withdraw_control_area(passed.pk, actor=town.actor("desk"))
    kinds = list(Entry.objects.filter(kind__startswith="control_area.").order_by("id").values_list("kind", flat=True))
    assert [kind.split(".")[1] for kind in kinds] == [
        "asked", "decided", "asked", "decided", "ended", "asked", "withdrawn",
    ]  # fmt: skip


def test_it_is_asked_for_and_decided_on_the_page(town):
    desk, leader, stranger = (Client(headers={"accept-language": "en"}) for _who in range(3))
    for client, who in ((desk, "desk"), (leader, "leader"), (stranger, "desk2")):
        client.force_login(town.people[who])
    assert 'name="cells"' in desk.get("/control-areas/new/").content.decode()
    sent = {"name": "施工", "cells": f"{HERE}001001", "classes": ["E0407"], "blocks": "on", "grade": "",
            "valid_until": "2099-01-01T00:00", "reason": "施工"}  # fmt: skip
    assert desk.post("/control-areas/new/", {**sent, "cells": "x9"}).status_code == 400
    assert desk.post("/control-areas/new/", sent).status_code == 302
    (row,) = selectors.control_areas(town.actor("desk"))
    where = f"/control-areas/{row.pk}/"
    assert (row.size, "Approve" in desk.get(where).content.decode()) == (4, False)
    assert "Approve" in leader.get(where).content.decode()
    assert stranger.get(where).status_code == stranger.post(f"{where}approve/", {"reason": "x"}).status_code == 404
    assert leader.post(f"{where}approve/", {"reason": ""}).status_code == 400
    assert leader.post(f"{where}dance/").status_code == 404
    assert leader.post(f"{where}approve/", {"reason": "同意"}).status_code == 302
    assert "in force" in leader.get("/control-areas/").content.decode()
    assert "施工" not in stranger.get("/control-areas/").content.decode()
    (told,) = rows_of(town.actor("desk"), "control_areas")
    assert (told["state"], told["classes"], rows_of(town.actor("desk2"), "control_areas")) == ("approved", "E0407", [])
    case = brought_to(town, "accepted")
    assert "The control area “施工”" in leader.get(f"/cases/{case.number}/").content.decode()
    assert desk.post(f"{where}end/", {"reason": "完工"}).status_code == 302
    assert "The control area “施工”" not in leader.get(f"/cases/{case.number}/").content.decode()


def test_programs_ask_and_decide(town):
    desk, leader = Client(), Client()
    desk.force_login(town.people["desk"]), leader.force_login(town.people["leader"])
    body = {"name": "活动", "cells": CELLS.split(), "grade": 1, "reason": "春节活动"}
    assert desk.post(API, {**body, "colour": 1}, JSON).status_code == 400
    made = desk.post(API, body, JSON)
    assert (made.status_code, made.json()["state"], made.json()["cells"]) == (201, "asked", CELLS.split())
    one = f"{API}/{made.json()['id']}"
    assert desk.post(f"{one}/decision", {"grant": True, "answer": "x"}, JSON).status_code == 403
    assert leader.post(f"{one}/decision", {"grant": True, "answer": "同意"}, JSON).json()["state"] == "in_force"
    assert leader.post(f"{one}/decision", {"grant": True, "answer": "x"}, JSON).status_code == 409
    assert [row["id"] for row in desk.get(API).json()] == [made.json()["id"]]
    assert desk.post(f"{one}/withdrawal").status_code == 409
    assert leader.post(f"{one}/end", {"reason": "结束"}, JSON).json()["state"] == "over"
    assert leader.get(f"{API}/{10**9}").status_code == 404
