"""The pages and the API of registers, as a keeper, as somebody who looks, and as somebody of the next district."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from exchange import actions as exchange
from exchange.contracts.exports import listings
from registers import actions
from registers.models import Record
from tests.cases.factories import SETUP, reported
from tests.registers.factories import (
    ALREADY,
    OUTSIDE,
    SPOT,
    START,
    actor,
    at,
    copies,
    days,
    document,
    dog,
    permit,
    registered,
    step,
    waybill,
)

pytestmark = pytest.mark.django_db
FORM = {f"attr_{name}": str(value).lower() if isinstance(value, bool) else value for name, value in ALREADY.items()}
PLACED = {"lon": str(SPOT[0]), "lat": str(SPOT[1])}


def client(town, name="keeper"):
    found = Client()
    found.force_login(town.people[name])
    return found


def shown(answer):
    return answer.content.decode()


def test_every_register_is_listed_with_its_states(town):
    registered(actor(town))
    page = shown(client(town).get("/registers/"))
    assert "犬只登记" in page
    assert "已登记 1" in page
    assert "渣土电子联单" in page
    assert page.index(">dogs</h2>") < page.index("犬只登记") < page.index(">spoil</h2>") < page.index("渣土电子联单")
    assert client(town, "collector").get("/registers/dog/").status_code == 404


def test_the_form_of_a_register_asks_in_both_languages_and_loses_nothing_typed(town):
    page = client(town)
    answer = page.post("/registers/dog/new/", {**FORM, **PLACED, "attr_chip": "123", "attr_colour": "黄白相间"})
    assert answer.status_code == 400
    assert "黄白相间" in shown(answer)
    assert shown(answer).count("field--error") == 1
    with override("en"):
        english = page.get("/registers/dog/new/", headers={"accept-language": "en"})
    assert "15 digits (ISO 11784)" in shown(english)
    assert list(english.context["form"].asked)[:3] == ["owner", "phone", "address"], "in the order of the pack"
    answer = page.post("/registers/dog/new/", {**FORM, **PLACED})
    assert answer.headers["Location"] == "/registers/dog/DOG449901202600001/"
    twice = page.post("/registers/dog/new/", {**FORM, **PLACED, "attr_colour": "另一只"})
    assert twice.status_code == 409
    assert "另一只" in shown(twice)
    assert Record.objects.count() == 1


def test_a_record_shows_what_it_is_and_takes_its_steps(town):
    view = dog(actor(town))
    here = f"/registers/dog/{view.number}/"
    page = shown(client(town).get(here))
    assert "准予登记" in page
    assert "138****1234" in page
    assert "13800001234" not in page
    empty = client(town).post(f"{here}steps/register/", {"version": "1"})
    assert empty.status_code == 400
    assert Record.objects.get().state == "applied"
    done = client(town).post(f"{here}steps/register/", {"version": "1", "register-attr_tag": "A-1"})
    assert done.status_code == 302
    assert "有效至" in shown(client(town).get(here))
    stale = client(town).post(f"{here}steps/cancel/", {"version": "1", "cancel-reason": "犬只死亡"})
    assert stale.status_code == 412
    assert "犬只死亡" in shown(stale), "what was typed is kept"
    looker = shown(client(town, "looker").get(here))
    assert '<form class="form"' not in looker


def test_a_step_that_a_check_refuses_says_the_packs_sentence(town):
    view = dog(actor(town), vaccine_until="2026-11-22")
    answer = client(town).post(
        f"/registers/dog/{view.number}/steps/register/", {"version": "1", "register-attr_tag": "A-1"}
    )
    assert answer.status_code == 409
    assert "请先免疫再登记" in shown(answer)
    assert 'value="A-1"' in shown(answer)


def test_an_edit_leaves_personal_values_unread_and_in_place(town):
    view = registered(actor(town))
    here = f"/registers/dog/{view.number}/edit/"
    form = shown(client(town).get(here))
    assert "林小姐" not in form
    personal = ("attr_owner", "attr_phone", "attr_address")
    fields = {name: value for name, value in FORM.items() if name not in personal}
    done = client(town).post(
        here, {**fields, **PLACED, "attr_tag": "A-9", "attr_colour": "黑", "version": view.version}
    )
    assert done.status_code == 302
    row = Record.objects.get()
    assert (row.attributes["colour"], row.attributes["owner"]) == ("黑", "林小姐")


def test_the_list_is_narrowed_by_its_address_and_goes_on_by_key(town):
    keeper = actor(town)
    first = registered(keeper)
    numbers = [first.number, *copies(first, 31)]
    dog(keeper, chip="156000000009999", breed="柴犬")
    page = client(town)

    def listed(address):
        return [row["view"].number for row in page.get(address).context["rows"]]

    assert listed("/registers/dog/?state=registered") == numbers[::-1][:30]
    following = page.get("/registers/dog/?state=registered").context["next"]
    assert listed(f"/registers/dog/?{following}") == numbers[:2][::-1]
    assert listed("/registers/dog/?q=柴犬") == listed("/registers/dog/?state=applied")
    assert listed("/registers/dog/?attr.tag=T-7") == [numbers[8]]
    assert listed("/registers/dog/?q=林小姐") == [], "nobody is found by who they are"
    assert listed("/registers/dog/?expiring=30") == []
    at(START.replace(year=2027) - timedelta(days=3))
    page = client(town)
    assert len(listed("/registers/dog/?expiring=30")) == 30
    for wrong in ("state=flying", "attr.owner=林小姐", "what=1", "expiring=x"):
        assert page.get(f"/registers/dog/?{wrong}").status_code == 400


def test_no_page_asks_more_for_more_records(town, django_assert_max_num_queries):
    keeper = actor(town)
    first = registered(keeper)
    page = client(town)
    page.get("/registers/dog/")
    with CaptureQueriesContext(connection) as one:
        page.get("/registers/dog/")
    copies(first, 20)
    with django_assert_max_num_queries(len(one)):
        page.get("/registers/dog/")


def test_waybills_stand_on_the_page_of_their_permit_and_its_number_fills_the_form(town):
    keeper = actor(town)
    under = permit(keeper)
    view = waybill(keeper, under)
    assert view.number in shown(client(town).get(f"/registers/spoil_permit/{under.number}/"))
    assert f'value="{under.number}"' in shown(client(town).get(f"/registers/spoil_waybill/new/?permit={under.number}"))
    view = step(keeper, step(keeper, view, "load", given={"load_m3": 9}), "depart")
    here = f"/registers/spoil_waybill/{view.number}/"
    done = client(town).post(f"{here}steps/unload/", {
        "version": view.version, "unload-lon": OUTSIDE[0], "unload-lat": OUTSIDE[1]})  # fmt: skip
    assert done.status_code == 302
    assert "卸土地点不在处置证载明的消纳场内" in shown(client(town).get(here))
    assert "卸土地点不在处置证载明的消纳场内" in shown(client(town).get("/registers/spoil_waybill/?flag=outside"))


def test_a_link_is_made_and_ended_on_the_page_by_those_who_keep_the_record(town):
    keeper, case = actor(town), reported(town)
    here = f"/registers/dog/{registered(keeper).number}/"
    page, ends = client(town), "解除此关联"
    link = {"tie-link": "violations", "tie-to": case.number}
    wrong = page.post(f"{here}links/", {**link, "tie-to": "1"})
    assert wrong.status_code == 400
    assert '<details class="step" open><summary>新增关联' in shown(wrong), "what was typed is in sight"
    assert ends not in shown(wrong)
    assert page.post(f"{here}links/", link).status_code == 302
    linked = shown(page.get(here))
    assert ends in linked
    assert f'name="tie-to" value="{case.number}"' in linked
    assert ends not in shown(client(town, "looker").get(here))
    assert page.post(f"{here}links/", {**link, "act": "unlink"}).status_code == 400, "it wants a reason"
    assert page.post(f"{here}links/", {**link, "act": "unlink", "reason": "认错"}).status_code == 302
    ended = shown(page.get(here))
    assert f'value="{case.number}"' not in ended
    assert "认错" in ended


def test_programs_enter_step_and_read_by_the_same_rules(town):
    page = client(town)
    place = {"type": "Point", "coordinates": list(SPOT)}
    given = {"attributes": ALREADY, "place": place}

    def send(method, address, data, **headers):
        return getattr(page, method)(address, json.dumps(data), content_type="application/json", headers=headers)

    entered = [send("post", "/api/registers/dog/records", given, **{"Idempotency-Key": "app-0001"}) for _ in range(2)]
    assert [answer.status_code for answer in entered] == [201, 201]
    assert entered[0].json() == entered[1].json()
    here = f"/api/registers/dog/records/{entered[0].json()['number']}"
    assert send("post", f"{here}/steps/register", {"attributes": {"tag": "A-1"}}).status_code == 428
    done = send("post", f"{here}/steps/register", {"attributes": {"tag": "A-1"}}, **{"If-Match": '"1"'})
    assert (done.status_code, done.json()["state"]) == (200, "registered")
    assert done.json()["attributes"]["owner"] == "林**"
    assert [turn["act"] for turn in page.get(f"{here}/history").json()["results"]] == ["step", "enter"]
    assert len(page.get("/api/registers").json()["results"]) == 4
    assert page.get("/api/registers/dog/records?state=registered").json()["next"] is None
    bad = {"attributes": {**ALREADY, "colour": "a\x00b", "chip": "156000000000005"}, "place": place}
    assert send("post", "/api/registers/dog/records", bad).status_code == 400
    for wrong in ({"type": "Point", "coordinates": [1e30, 0]}, {"type": "Polygon", "coordinates": []}, {"type": "x"}):
        assert send("post", "/api/registers/dog/records", {**given, "place": wrong}).status_code == 400
    assert client(town, "other").get(here).status_code == 404
    assert client(town, "looker").get(here).status_code == 200


def test_a_list_is_taken_away_as_far_as_one_sees_it_and_without_names(town):
    registered(actor(town))
    listing = listings()["records"]
    options = {"register": "dog"}
    (row,) = listing.batch(options, actor=actor(town), below=None, most=10)
    assert "chip=156000000000001" in row.values["attributes"]
    assert "林小姐" not in str(row.values)
    assert listing.count(options, actor=actor(town, "other")) == 0
    job = exchange.ask_export("records", "csv", options, actor=actor(town))
    assert job.dataset == "records"
    asked = {"register": "dog", "state": "registered", "expiring": "30", "attr.sex": "male", "attr.banned": "false"}
    told = listing.said([{**asked, "flag": "overdue", "attr.tag": "A-1"}])
    assert [(str(label), value) for label, value in told[0]] == [
        ("台账", "犬只登记"), ("状态", "已登记"), ("有效期", "30 天内到期"), ("性别", "公"), ("禁养犬种", "否"),
        ("标记", "超期"), ("犬牌号", "A-1"),
    ], "in the words of the page"  # fmt: skip


def test_the_history_in_days_is_told_in_the_citys_clock(town):
    view = registered(actor(town))
    at(days(1))
    actions.sweep()
    assert "2026-11-23 20:30" in shown(client(town).get(f"/registers/dog/{view.number}/"))


def test_a_form_that_is_sent_twice_enters_one_record_and_changed_it_enters_another(town):
    under, page = permit(actor(town)), client(town)
    form = page.get("/registers/spoil_waybill/new/")
    told = {"key": form.context["key"], "attr_plate": "粤D12345", "link_permit": under.number}
    assert f'value="{told["key"]}"' in shown(form)
    once, twice = (page.post("/registers/spoil_waybill/new/", told).headers["Location"] for _ in range(2))
    other = page.post("/registers/spoil_waybill/new/", {**told, "attr_driver_card": "C-2"}).headers["Location"]
    assert once == twice != other
    assert Record.objects.filter(register__code="spoil_waybill").count() == 2


def test_yes_and_no_stand_in_the_list_in_the_readers_words(town):
    actions.declare({**document("dogs", "dog"), "columns": ["banned", "tag"]}, actor=SETUP, pack="dogs")
    dog(actor(town))
    page = shown(client(town).get("/registers/dog/"))
    assert '<td class="nowrap">否</td><td class="nowrap">—</td>' in page
    assert "False" not in page


def test_the_place_that_a_step_asks_for_is_picked_on_the_map_by_those_who_may_take_it(town):
    keeper = actor(town)
    view = waybill(keeper, permit(keeper))
    here, picks = f"/registers/spoil_waybill/{view.number}/", 'data-pick-lon="#id_unload-lon"'
    assert picks not in shown(client(town).get(here))
    step(keeper, step(keeper, view, "load", given={"load_m3": 9}), "depart")
    page = shown(client(town).get(here))
    assert picks in page
    assert 'id="id_unload-lon"' in page
    assert picks not in shown(client(town, "looker").get(here))


def test_programs_are_told_of_every_register_with_one_question(town):
    page = client(town)
    with CaptureQueriesContext(connection) as asked:
        assert len(page.get("/api/registers").json()["results"]) == 4
    assert len([one for one in asked if "registers_registerversion" in one["sql"]]) == 1


def test_a_state_that_a_pack_has_dropped_is_counted_and_found_while_records_stand_in_it(town):
    view, given = dog(actor(town)), document("dogs", "dog")
    old = {"code": "asked", "names": {"zh": "已受理", "en": "Asked"}, "level": "info"}
    states = [old, *given["states"][1:]]
    steps = [
        {**step, "from": ["asked" if one == "applied" else one for one in step["from"]]} for step in given["steps"]
    ]
    actions.declare({**given, "states": states, "steps": steps}, actor=SETUP, pack="dogs")
    page = client(town)
    assert "待审核 1" in shown(page.get("/registers/"))
    narrowed = page.get("/registers/dog/?state=applied")
    assert [row["view"].number for row in narrowed.context["rows"]] == [view.number]
    assert '<option value="applied" selected>待审核</option>' in shown(narrowed)
    assert page.get("/registers/dog/?state=asked").context["rows"] == []
    assert page.get("/registers/dog/?state=flying").status_code == 400


def test_the_overview_asks_once_for_all_registers(town):
    page = client(town)
    with CaptureQueriesContext(connection) as asked:
        page.get("/registers/")
    assert len([one for one in asked if "registers_record" in one["sql"]]) == 1


def test_what_a_pack_calls_personal_today_is_personal_of_yesterdays_records_too(town):
    before = document("dogs", "dog")
    actions.declare({**before, "personal": ["phone"], "titles": ["owner"]}, actor=SETUP, pack="dogs")
    view = registered(actor(town))
    view = actions.amend("dog", view.number, actor=actor(town), version=view.version, given={"owner": "周先生"})
    actions.declare(before, actor=SETUP, pack="dogs")
    (row,) = listings()["records"].batch({"register": "dog"}, actor=actor(town), below=None, most=10)
    api = f"/api/registers/dog/records/{view.number}"
    for told in (
        shown(client(town).get("/registers/dog/")), shown(client(town).get(f"/registers/dog/{view.number}/")),
        *(shown(client(town).get(path)) for path in (api, f"{api}/history", "/api/registers/dog/records")),
        str(row.values), str(step(actor(town), view, "cancel", reason="迁出")),
    ):  # fmt: skip
        assert "周先生" not in told
        assert "林小姐" not in told
    assert "周**" in shown(client(town).get(api))


def test_what_became_personal_is_found_by_nobody_and_stands_in_no_title_beside_a_link(town):
    keeper, before = actor(town), document("spoil", "spoil_permit")
    under, row = permit(keeper), Record.objects.get(register__code="spoil_permit")
    bill = waybill(keeper, under)
    beside, listed = f"/registers/spoil_waybill/{bill.number}/", "/registers/spoil_permit/?q=地铁三号线"
    page = client(town)
    assert "地铁三号线" in shown(page.get(beside))
    assert len(page.get(listed).context["rows"]) == 1
    actions.declare({**before, "personal": ["project"]}, actor=SETUP, pack="spoil")
    assert "地铁三号线" not in shown(page.get(beside))
    assert "地****" in shown(page.get(beside))
    assert page.get(listed).context["rows"] == []
    after = Record.objects.get(pk=row.pk)
    assert (after.version, after.attributes, after.changed_at) == (row.version, row.attributes, row.changed_at)
