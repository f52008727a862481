"""Records of old books as a file: each comes in once with its number, state and term, or is told why it does not."""

import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assets import actions as components
from exchange.contracts import State
from exchange.sentences import fault_text
from journal.models import Entry
from registers import actions
from registers.models import Record, Tie, Turn, UniqueValue
from tests.cases.factories import CITY, HERE, SETUP, THERE, names, reported
from tests.exchange.factories import checked, codes, imported, suspicions, workbook
from tests.registers.factories import OUTSIDE, SPOT, actor, document, dog, permit, registered

pytestmark = pytest.mark.django_db
DOG = {
    "编号": "旧犬-001", "状态": "已登记", "有效期自": "", "有效期至": "2027-03-01", "管理单位": f"d{HERE}",
    "养犬人": "陈先生", "联系电话": "13900002222", "饲养地址": "金砂路 9 号", "犬名": "豆豆", "犬种": "柯基",
    "禁养犬种": "否", "性别": "公", "毛色": "黄", "芯片号": "156000000000777", "免疫日期": "2026/3/1",
    "免疫有效至": "2027年2月28日", "犬牌号": "A-777", "经度": SPOT[0], "纬度": SPOT[1],
}  # fmt: skip


def line(number="旧犬-001", **changes):
    return {**DOG, "编号": number, **changes}


def other(number, tail, **changes):
    return line(number, 芯片号=f"1560000000{tail:05}", 犬牌号=f"A-{tail}", **changes)


def file(*lines):
    return "\n".join([",".join(lines[0]), *(",".join(map(str, one.values())) for one in lines)]) + "\n"


def taken(*lines, register="dog", **options):
    job = imported(file(*lines), kind="records", options={"register": register, "source": "2019 年纸质台账", **options})
    assert job.state == State.DONE, (job.failure, job.report)
    return job


def looked_at(*lines, register="dog"):
    return checked(file(*lines), kind="records", options={"register": register})


def record(number):
    return Record.objects.get(number=number)


def test_a_record_of_an_old_book_stands_here_with_its_number_state_and_term_and_its_history_says_whence(town):
    job = taken(line(), other("旧犬-002", 2, 状态="已注销", 有效期至="2024-05-01", 有效期自="2023-05-01"))
    assert (job.counts["add"], job.counts["refuse"], codes(job)) == (2, 0, [])
    old = record("旧犬-001")
    assert (old.state, old.ended, old.title, old.area[:11]) == (
        "registered",
        False,
        "豆豆 · 柯基",
        f"{CITY}.{HERE}"[:11],
    )
    assert old.valid_until == datetime(2027, 3, 1, 15, 59, 59, tzinfo=UTC), "until the end of that day in the city"
    assert (old.valid_from.month, old.valid_from.year) == (3, 2026), "a year before, as the register says"
    assert old.attributes["vaccine_on"] == "2026-03-01"
    assert (old.attributes["banned"], old.attributes["sex"]) == (False, "male")
    ended = record("旧犬-002")
    assert (ended.state, ended.ended, ended.next_at) == ("cancelled", True, None)
    assert list(UniqueValue.objects.values_list("value", flat=True)) == ["156000000000777", "A-777"]
    first = Turn.objects.get(record=old)
    assert (first.act, first.reason, first.changes["owner"][1]) == ("enter", "2019 年纸质台账", "陈**")
    assert Entry.objects.filter(kind="registers.entered.v1", subject="旧犬-001").count() == 1
    page = Client()
    page.force_login(town.people["keeper"])
    assert page.get("/registers/dog/旧犬-001/").status_code == 200
    renewed = actions.take_step("dog", "旧犬-001", "renew", actor=actor(town), version=1,
                                given={"vaccine_until": "2027-10-31"})  # fmt: skip
    assert renewed.valid_until > old.valid_until, "it goes on from where the old book left it"


def test_the_same_file_again_changes_nothing_and_another_changes_what_it_says_and_no_more(town):
    taken(line(), other("旧犬-002", 2))
    turns = Turn.objects.count()
    again = looked_at(line(), other("旧犬-002", 2))
    assert (again.report["counts"]["same"], again.report["counts"]["add"], codes(again)) == (2, 0, [])
    job = taken(line(毛色="黑", 犬名="", 联系电话="139****2222"), other("旧犬-003", 3))
    assert (job.counts["change"], job.counts["add"], Turn.objects.count()) == (1, 1, turns + 2)
    changed = record("旧犬-001").attributes
    assert (changed["colour"], changed["dog_name"], changed["phone"]) == ("黑", "豆豆", "13900002222")
    assert Turn.objects.get(record__number="旧犬-001", number=2).act == "amend"
    assert record("旧犬-002").version == 1


def test_state_and_term_of_a_record_that_stands_here_are_not_turned_back_by_an_old_file(town):
    taken(line())
    actions.take_step("dog", "旧犬-001", "cancel", actor=actor(town), version=1, reason="犬只走失")
    until = record("旧犬-001").valid_until
    job = looked_at(line(有效期至="2029-01-01"), other("旧犬-002", 2))
    assert codes(job) == [(1, "registers.otherwise_here")] * 2
    assert [fault["column"] for fault in job.report["faults"]] == ["状态", "有效期至"]
    assert (job.report["counts"]["same"], job.report["counts"]["add"]) == (1, 1)
    assert (record("旧犬-001").state, record("旧犬-001").valid_until) == ("cancelled", until)
    refused = looked_at(line(状态="", 有效期至="", 毛色="黑"))
    assert codes(refused) == [(1, "registers.ended")]


def test_what_cannot_stand_in_the_register_is_refused_by_line_and_column_and_the_rest_is_taken(town):
    here = registered(actor(town), chip="156000000000009", tag="A-9")
    wrong = {
        "registers.bad_number": ("编号", line("旧 犬/1")),
        "registers.unknown_state": ("状态", line("W2", 状态="飞走了")),
        "registers.bad_moment": ("有效期至", line("W3", 有效期至="明年")),
        "registers.term_order": ("有效期至", line("W4", 有效期自="2028-01-01")),
        "registers.unknown_keeper": ("管理单位", line("W5", 管理单位="无此单位")),
        "registers.place_outside": ("经度", line("W6", 经度=OUTSIDE[0] + 3)),
        "schema.pattern": ("芯片号", line("W7", 芯片号="12")),
        "schema.required": ("毛色", line("W8", 毛色="")),
        "registers.value_taken": ("芯片号", line("W9", 芯片号="156000000000009")),
        "schema.enum": ("性别", line("W10", 性别="不详")),
        "registers.place_needed": ("经度", line("W11", 经度="", 纬度="")),
        "exchange.empty_cell": ("编号", line("")),
    }
    rows = [one for _column, one in wrong.values()]
    job = taken(*rows, line("G1"), line("G1"), line("G2"))
    found = [(one["row"], one["code"], one["column"]) for one in job.report["faults"]]
    assert found[:12] == [(at, code, column) for at, (code, (column, _row)) in enumerate(wrong.items(), start=1)]
    assert found[12:] == [(14, "registers.number_twice", "编号"), (15, "registers.value_taken", "芯片号"),
                          (15, "registers.value_taken", "犬牌号")]  # fmt: skip
    assert all(fault_text(one) != one["code"] for one in job.report["faults"]), "each has its sentence"
    assert set(Record.objects.values_list("number", flat=True)) == {here.number, "G1"}
    assert job.counts["refuse"] == len(wrong) + 2


def test_records_that_would_lapse_at_once_are_told_before_and_lapse_by_the_clock_afterwards(town):
    job = looked_at(line(有效期至="2025-03-01"))
    assert suspicions(job) == {"registers.lapse_at_once": True}
    taken(line(有效期至="2025-03-01"))
    actions.sweep()
    assert record("旧犬-001").state == "lapsed"


def test_links_are_made_by_number_also_to_records_of_another_register(town):
    who = actor(town)
    under = permit(who)
    bill = {"编号": "LD-1", "车牌": "粤D12345", "处置证": under.number, "状态": "", "管理单位": ""}
    job = taken(bill, {**bill, "编号": "LD-2", "处置证": "无此许可"}, {**bill, "编号": "LD-3", "处置证": ""},
                register="spoil_waybill")  # fmt: skip
    assert codes(job) == [(2, "registers.no_record"), (3, "exchange.empty_cell")]
    tie = Tie.objects.get(record__number="LD-1")
    assert (tie.link, tie.target.number) == ("permit", under.number)
    assert record("LD-1").area == under.area, "it lies where what it belongs to lies"
    loaded = actions.take_step("spoil_waybill", "LD-1", "load", actor=who, version=1, given={"load_m3": 8})
    assert loaded.state == "loaded", "the checks of the permit hold for it as for any other"
    assert looked_at(bill, register="spoil_waybill").report["counts"]["same"] == 1
    case = reported(town)
    linked = taken(line(违规案件=case.number), other("旧犬-002", 2, 违规案件="44990100000000"))
    assert codes(linked) == [(2, "registers.no_case")]
    assert Tie.objects.get(record__number="旧犬-001").to == case.number


def test_numbers_given_elsewhere_are_never_given_again(town):
    first = dog(actor(town), chip="156000000000001")
    head = first.number[:-5]
    taken(other(f"{head}00007", 7))
    assert dog(actor(town), chip="156000000000002").number == f"{head}00008"


def test_a_keeper_is_needed_where_no_place_says_whose_it_is_and_a_neighbour_sees_nothing_of_it(town):
    paper = {**document("dogs", "dog"), "code": "paper", "place": "none", "attributes": {"type": "object"}}
    actions.declare({**paper, "titles": [], "columns": [], "personal": [], "unique": []}, actor=SETUP, pack="dogs")
    taken(line())
    assert Client().get("/registers/dog/旧犬-001/").status_code == 302
    page = Client()
    page.force_login(town.people["other"])
    assert page.get("/registers/dog/旧犬-001/").status_code == 404
    job = taken({"编号": "XY-1", "管理单位": f"d{THERE}"}, {"编号": "XY-2", "管理单位": ""}, register="paper")
    assert codes(job) == [(2, "registers.keeper_needed")]
    assert page.get("/registers/paper/XY-1/").status_code == 200, "its own organisation keeps it"


def test_the_components_that_rows_are_about_are_asked_for_once_in_a_batch(town):
    actions.declare(document("gas", "gas_round"), actor=SETUP, pack="gas")
    kind = {"code": "gas_regulator", "names": names("调压站", "Regulator"), "geometry": "point"}
    components.save_type({**kind, "major": "01", "minor": "49"}, actor=SETUP)
    place = {"geometry": {"type": "Point", "coordinates": list(SPOT)}, "state": "intact"}
    stations = [
        components.create(actor=SETUP, of_type="gas_regulator", given=place, reason="普查", another=True)
        for _each in range(2)
    ]
    lines = [
        {"编号": f"旧巡-{at}", "部件标识码": code, "unit": "澄湾燃气"}
        for at, code in enumerate([*(one.code for one in stations), "44990101"])
    ]
    with CaptureQueriesContext(connection) as asked:
        job = taken(*lines, register="gas_round")
    assert (job.counts["add"], codes(job)) == (2, [(3, "registers.unknown_asset")])
    about = [(row.asset, row.cell) for row in (record("旧巡-0"), record("旧巡-1"))]
    assert about == [(one.code, one.cell) for one in stations]
    queries = [one["sql"] for one in asked if 'FROM "assets_asset"' in one["sql"]]
    assert len(queries) == 2, "once to look and once to store, of however many rows"


def test_the_template_of_a_register_is_filled_in_and_taken_whole_as_a_workbook(town):
    page = Client()
    page.force_login(town.people["boss"])
    answer = page.get("/imports/templates/records.xlsx?register=dog")
    assert 'filename="template-records-dog.xlsx"' in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    heads = [cell.value for cell in book.worksheets[0][1]]
    assert heads[:6] == ["编号", "状态", "有效期自", "有效期至", "管理单位", "部件标识码"]
    assert set(DOG) <= set(heads) | {"经度", "纬度"}
    notes = {row[0].value: row[1].value for row in book.worksheets[1]}
    assert "公" in notes["性别"]
    filled = [DOG.get(head) or DOG.get(head[:2], "") for head in heads]
    job = imported(workbook(heads, filled), "dogs.xlsx", kind="records", options={"register": "dog"})
    assert (job.counts["add"], codes(job), record("旧犬-001").geom.x) == (1, [], SPOT[0])
    refused = page.get("/imports/templates/records.csv?register=nothing")
    assert refused.status_code == 400
    assert page.get("/imports/templates/nothing.csv").status_code == 404
    english = page.get("/imports/templates/records.csv?register=dog", headers={"accept-language": "en"})
    assert "Valid until" in english.content.decode()
    keeper = Client()
    keeper.force_login(town.people["keeper"])
    assert keeper.get("/imports/templates/records.csv?register=dog").status_code == 403


def test_a_register_of_the_page_offers_its_import_to_those_who_may(town):
    page = Client()
    page.force_login(town.people["boss"])
    assert "/imports/templates/records.xlsx?register=dog" in page.get("/registers/dog/").content.decode()
    page.force_login(town.people["keeper"])
    assert "/imports/templates/" not in page.get("/registers/dog/").content.decode()
