"""Units that join: twenty-three departments in one workbook, or written step by step; whole or not at all."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from accounts.actions import create_user
from accounts.models import Organisation, Post, User
from cases import actions as cases
from cases import selectors as answers
from cases.models import AutoDispatch, Override
from core import clock
from core.errors import Conflict, Forbidden, NotFound, Stale
from core.scope import NOBODY
from dashboard import actions, selectors
from dashboard.intakes.units import JOINING
from dashboard.models import Joining
from exchange import actions as exchange
from exchange import selectors as files
from exchange.actions import books
from exchange.actions.steps import claim
from exchange.contracts import State
from exchange.models import ImportJob
from journal.models import Entry
from packs.models import PackRelease
from tests.accounts.factories import holder
from tests.cases.conftest import standing_town, time, town
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, brought_to, reported, standing

__all__ = ["standing_town", "time", "town"]
BUREAUS = (
    ("gongan", "公安局", "Public Security"), ("jiaotong", "交通运输局", "Transport"),
    ("shuiwu", "水务局", "Water Affairs"), ("shengtai", "生态环境局", "Ecology and Environment"),
    ("zhujian", "住房和城乡建设局", "Housing and Construction"), ("ziran", "自然资源局", "Natural Resources"),
    ("yingji", "应急管理局", "Emergency Management"), ("shichang", "市场监督管理局", "Market Supervision"),
    ("weijian", "卫生健康局", "Health"), ("jiaoyu", "教育局", "Education"), ("minzheng", "民政局", "Civil Affairs"),
    ("wenguang", "文化广电旅游体育局", "Culture and Tourism"), ("nongye", "农业农村局", "Agriculture"),
    ("shangwu", "商务局", "Commerce"), ("gongxin", "工业和信息化局", "Industry"), ("haishi", "海事局", "Maritime"),
    ("xiaofang", "消防救援支队", "Fire and Rescue"), ("qixiang", "气象局", "Meteorology"),
    ("gongdian", "供电局", "Power Supply"), ("gongshui", "供水公司", "Water Supply"),
    ("ranqi", "燃气公司", "Gas Supply"), ("dianxin", "通信管理局", "Telecommunications"),
    ("gongjiao", "公交公司", "Public Transport"),
)  # fmt: skip
HEADS = {
    "单位": ("机构代码", "名称", "英文名称", "类型", "层级", "上级机构代码", "服务区域", "职责"),
    "系统": ("单位", "系统代码"),
    "人员": ("用户名", "姓名", "单位", "电话"),
    "岗位": ("岗位代码", "单位", "角色", "岗位名称", "岗位英文名称", "任职人用户名"),
    "职责分工": ("职责代码", "职责名称", "职责英文名称", "责任单位类型", "层级", "原因"),
    "责任矩阵": ("小类代码", "区域", "责任单位", "原因"),
}


def sheets(most=3, **changes):
    """The workbook of so many of the twenty-three, as rows by sheet."""
    bureaus = BUREAUS[:most]
    told = {
        "单位": [(code, f"汕头市{zh}", f"{en} Bureau", "department", "市", "centre", CITY, f"d-{code}")
                 for code, zh, en in bureaus],
        "系统": [],
        "人员": [(f"{code}.desk", f"{zh}收件员", code, f"1380000{number:04d}")
                 for number, (code, zh, _en) in enumerate(bureaus)],
        "岗位": [(f"{code}-desk", code, "desk", "收件岗", "Desk", f"{code}.desk") for code, _zh, _en in bureaus],
        "职责分工": [(f"d-{code}", f"{zh}事项", f"{en} matters", "department", "市", "单位入驻")
                     for code, zh, en in bureaus[:5]],
        "责任矩阵": [("E0407", HERE, "gongan", "三定方案：道路停车由公安负责")],
    }  # fmt: skip
    return told | {name: change(told[name]) for name, change in changes.items()}


def workbook(told):
    """The same as a file."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in told.items():
        sheet = book.create_sheet(name)
        for row in (HEADS[name], *rows):
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def uploaded(content, name="units.xlsx"):
    job = exchange.upload(name, [content], kind="units", actor=SETUP)
    exchange.map_columns(str(job.uid), actor=SETUP, mapping={})
    return worked(job.uid)


def worked(uid):
    exchange.work(str(uid))
    return files.job(str(uid), SETUP)


def faults(job):
    return [(one["sheet"]["zh"], one["line"], one["column"], one["code"]) for one in job.report["faults"]]


def replaced(number, **cells):
    """One row of a sheet with other cells, by their place."""

    def change(rows):
        row = list(rows[number])
        for place, value in cells.items():
            row[int(place[1:])] = value
        return [*rows[:number], tuple(row), *rows[number + 1 :]]

    return change


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def boss(town):
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(holder("boss", "admin", "case.see"))
    return client


def nothing_came():
    return (
        not Organisation.objects.filter(code="gongan").exists()
        and not User.objects.filter(username__endswith=".desk").exists()
    )


def test_twenty_three_units_join_by_one_workbook_and_a_case_goes_to_one_of_them_by_itself(town):
    job = uploaded(workbook(sheets(23)))
    assert (job.state, faults(job)) == (State.CHECKED, [])
    assert job.report["counts"]["add"] == 23 + 23 + 23 + 5 + 1
    assert nothing_came(), "a check takes everything back"
    exchange.confirm(str(job.uid), actor=SETUP, accept_suspicions=True)
    assert worked(job.uid).state == State.DONE
    assert Organisation.objects.filter(code__in=[code for code, _zh, _en in BUREAUS]).count() == 23
    assert Post.objects.filter(code__endswith="-desk", held__user__username__endswith=".desk").count() == 23
    assert answers.responsible("E0407", f"{CITY}.{HERE}").organisation == "gongan"
    rule = cases.draft_dispatch_rule(
        actor=SETUP, name="直派", level="city", aim="responsible", classes=["E0407"], reason="责任清楚"
    )
    cases.save_dispatch_rule(rule, actor=SETUP, seen=answers.replay_dispatch(rule, 30, clock.now()).seal)
    case = brought_to(town, "registered", reported(town))
    cases.dispatch_by_rule(case.number)
    done = AutoDispatch.objects.get(case__number=case.number)
    assert (done.case.stage, standing(done.case).organisation) == ("dispatched", "gongan")


def test_the_second_time_the_same_workbook_has_nothing_to_do(town):
    first = uploaded(workbook(sheets()))
    exchange.confirm(str(first.uid), actor=SETUP, accept_suspicions=True)
    worked(first.uid)
    before = Entry.objects.count()
    again = uploaded(workbook(sheets()))
    assert faults(again) == []
    assert {name for name, n in again.report["counts"].items() if n} == {"same"}
    with pytest.raises(Conflict) as refused:
        exchange.confirm(str(again.uid), actor=SETUP)
    assert refused.value.code == "exchange.nothing_to_do"
    assert Entry.objects.count() == before


def test_faults_stand_by_sheet_and_row_and_nothing_of_the_book_is_taken(town):
    told = sheets(
        单位=replaced(2, c5="nowhere"), 人员=replaced(1, c3="12"), 岗位=replaced(0, c2="wizard"),
        系统=lambda rows: [("gongan", "fairies")], 责任矩阵=replaced(0, c0="E9999"),
    )  # fmt: skip
    job = uploaded(workbook(told))
    found = faults(job)
    assert ("单位", 4, "上级机构代码", "accounts.no_such_organisation") in found
    assert ("系统", 2, "系统代码", "packs.no_such_pack") in found
    assert ("人员", 3, "电话", "accounts.bad_phone") in found
    assert ("岗位", 2, "角色", "accounts.no_such_role") in found
    assert ("责任矩阵", 2, "小类代码", "case.unknown_category") in found
    with pytest.raises(Conflict) as refused:
        exchange.confirm(str(job.uid), actor=SETUP, accept_suspicions=True)
    assert refused.value.code == "exchange.book_faulty"
    assert nothing_came()


def test_what_was_sound_at_its_check_and_is_not_any_more_is_not_taken_over_by_half(town):
    job = uploaded(workbook(sheets()))
    exchange.confirm(str(job.uid), actor=SETUP, accept_suspicions=True)
    create_user(username="shuiwu.desk", password=PASSWORD, label="x", organisation="centre", actor=SETUP)
    User.objects.filter(username="shuiwu.desk").update(is_active=False)
    ended = worked(job.uid)
    assert (ended.state, ended.failure["code"]) == (State.FAILED, "exchange.book_changed")
    assert not Organisation.objects.filter(code="gongan").exists()
    assert not Override.objects.exists()
    assert not Entry.objects.filter(kind="exchange.imported.v1").exists()


def test_a_check_that_took_long_is_not_begun_anew_by_whoever_waited_for_it(town, time, monkeypatch):
    monkeypatch.setattr(JOINING, "ending", lambda brought: time.pass_by(minutes=2) or ())
    keep, rivals = books.keep_report, []

    def kept(job, findings):
        rivals.append(claim(str(job.uid)))
        keep(job, findings)

    monkeypatch.setattr(books, "keep_report", kept)
    job = uploaded(workbook(sheets()))
    assert (rivals, job.state, job.attempts) == ([None], State.CHECKED, 1)


def test_units_that_would_wait_in_vain_are_told_of_before_anything_is_made(town):
    told = sheets(
        单位=replaced(0, c7=""), 岗位=lambda rows: rows[:2], 责任矩阵=lambda rows: [], 职责分工=lambda rows: rows[1:]
    )
    job = uploaded(workbook({name: rows for name, rows in told.items() if rows}))
    found = {one["code"]: one for one in job.report["suspicions"]}
    assert "gongan" in found["units.no_work"]["params"]["units"]
    assert found["units.nobody_at_desk"]["grave"] is True
    assert "jiaotong" not in found["units.nobody_at_desk"]["params"]["units"]
    with pytest.raises(Conflict) as refused:
        exchange.confirm(str(job.uid), actor=SETUP)
    assert refused.value.code == "exchange.suspicions_unread"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"a,b\n1,2\n", "units.csv", "exchange.book_no_workbook"),
        (workbook({"单位": []}), "units.xlsx", ""),
    ],
)
def test_a_file_that_is_no_workbook_of_units_is_told_so(town, content, name, code):
    job = uploaded(content, name)
    assert (job.failure or {}).get("code", "") == code
    assert job.state == (State.FAILED if code else State.CHECKED)


def test_a_sheet_without_its_columns_and_sheets_that_nobody_knows_are_named(town):
    book = Workbook()
    book.active.title = "单位"
    book.active.append(["名称", "备注"])
    book.active.append(["某局", "x"])
    book.create_sheet("随便").append(["a"])
    held = io.BytesIO()
    book.save(held)
    job = uploaded(held.getvalue())
    assert faults(job) == [("单位", 1, "", "exchange.field_missing")]
    assert job.report["faults"][0]["params"]["field"] == "机构代码"
    assert [one["code"] for one in job.report["suspicions"]] == ["exchange.sheets_unread"]


# ---- step by step


def draft(**given):
    return actions.begin_joining(title="二十三家单位入驻", actor=SETUP, **given)


def test_a_draft_is_written_left_resumed_checked_and_made(town, boss):
    answer = boss.post("/setup/units/", {"title": "公安局入驻"})
    row = Joining.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/setup/units/{row.uid}/organisations/")
    home = f"/setup/units/{row.uid}/"
    unit = {"code": "gongan", "name": "公安局", "name_en": "Police", "kind": "department", "level": "city",
            "parent": "centre", "area": CITY, "duties": "d-gongan"}  # fmt: skip
    boss.post(f"{home}organisations/", unit | {"version": 1})
    boss.post(f"{home}people/", {"username": "gongan.desk", "name": "王警官", "organisation": "gongan", "version": 2})
    post = {"post": "gongan-desk", "organisation": "gongan", "role": "desk", "person": "gongan.desk", "version": 3}
    boss.post(f"{home}posts/", post)
    assert nothing_came()
    page = boss.get("/setup/units/").content.decode()
    assert "公安局入驻" in page
    assert "单位 1, 人员 1, 岗位 1" in page
    boss.post(f"{home}check/")
    row.refresh_from_db()
    worked(row.job)
    page = boss.get(f"{home}check/").content.decode()
    assert 'value="make"' in page
    assert "<td>gongan.desk</td>" in page
    assert nothing_came()
    boss.post(f"{home}check/", {"act": "make"})
    worked(row.job)
    assert Organisation.objects.get(code="gongan").duties == ["d-gongan"]
    news = Entry.objects.get(kind="exchange.imported.v1")
    actions.end_joining(news.data["job"], news.at)
    row.refresh_from_db()
    assert (row.sheets, row.made) == ({}, {"organisations": 1, "people": 1, "posts": 1})
    assert "王警官" not in str(Joining.objects.values())


def test_a_faulty_row_is_reached_from_the_check_and_mended_there(town, boss):
    row = draft(sheets={"organisations": [{"code": "gongan", "name": "公安局", "parent": "nowhere"}]})
    boss.post(f"/setup/units/{row.uid}/check/")
    row.refresh_from_db()
    worked(row.job)
    page = boss.get(f"/setup/units/{row.uid}/check/").content.decode()
    assert f"/setup/units/{row.uid}/organisations/?row=1" in page
    assert 'value="make"' not in page
    form = boss.get(f"/setup/units/{row.uid}/organisations/?row=1").content.decode()
    assert 'value="nowhere"' in form
    boss.post(f"/setup/units/{row.uid}/organisations/",
              {"code": "gongan", "name": "公安局", "parent": "centre", "row": 1, "version": 1})  # fmt: skip
    row.refresh_from_db()
    assert row.sheets["organisations"] == [{"code": "gongan", "name": "公安局", "parent": "centre"}]
    assert row.job is None, "what was checked is not what stands there now"
    assert ImportJob.objects.get().state == State.CANCELLED


def test_a_workbook_of_twenty_three_becomes_a_draft_and_a_template_goes_out_with_the_columns_it_takes(town, boss):
    file = SimpleUploadedFile("units.xlsx", workbook(sheets(23)))
    answer = boss.post("/setup/units/", {"title": "二十三家", "file": file})
    row = Joining.objects.get()
    assert answer["Location"] == f"/setup/units/{row.uid}/check/"
    assert {kind: len(rows) for kind, rows in row.sheets.items()} == {
        "organisations": 23, "people": 23, "posts": 23, "general_rules": 5, "special_rules": 1,
    }  # fmt: skip
    assert row.sheets["people"][0]["phone"] == "13800000000"
    assert nothing_came()
    template = load_workbook(io.BytesIO(boss.get("/imports/templates/units.xlsx").content))
    assert template.sheetnames == ["单位", "系统", "人员", "岗位", "职责分工", "责任矩阵", "填写说明"]
    assert boss.get("/imports/templates/units.csv").status_code == 400


def test_two_who_write_in_one_draft_do_not_overwrite_each_other(town):
    row = draft()
    uid = str(row.uid)
    actions.write_row(uid, kind="people", values={"username": "a"}, actor=SETUP, version=1)
    with pytest.raises(Stale):
        actions.write_row(uid, kind="people", values={"username": "b"}, actor=SETUP, version=1)
    actions.write_row(uid, kind="people", values={"username": "b"}, actor=SETUP, version=2)
    actions.drop_row(uid, kind="people", number=1, actor=SETUP, version=3)
    with pytest.raises(NotFound):
        actions.drop_row(uid, kind="people", number=2, actor=SETUP, version=4)
    row.refresh_from_db()
    assert row.sheets == {"people": [{"username": "b"}]}


def test_a_draft_that_is_being_made_is_closed_and_one_given_up_leaves_nothing(town):
    row = draft(sheets={"organisations": [{"code": "gongan", "name": "公安局", "name_en": "Police", "level": "city",
                                           "kind": "department", "parent": "centre", "area": CITY}]})  # fmt: skip
    uid = str(row.uid)
    with pytest.raises(Conflict) as early:
        actions.make_joining(uid, actor=SETUP)
    assert early.value.code == "units.not_checked"
    job = actions.check_joining(uid, actor=SETUP).job
    worked(job)
    actions.make_joining(uid, actor=SETUP, accept_suspicions=True)
    for act in (actions.drop_joining, actions.check_joining):
        with pytest.raises(Conflict) as late:
            act(uid, actor=SETUP)
        assert late.value.code == "units.being_made"
    other = draft()
    actions.drop_joining(str(other.uid), actor=SETUP)
    assert not Joining.objects.filter(uid=other.uid).exists()


def test_only_administrators_of_the_whole_city_see_and_write_drafts(town):
    row = draft()
    for act in (
        lambda: actions.begin_joining(title="x", actor=NOBODY),
        lambda: actions.check_joining(str(row.uid), actor=town.actor("leader")),
        lambda: actions.write_row(str(row.uid), kind="people", values={"name": "x"}, actor=NOBODY, version=1),
        lambda: selectors.joinings(town.actor("leader")),
        lambda: selectors.joining(str(row.uid), NOBODY),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(
    ("kind", "values", "status"),
    [("fairies", {"name": "x"}, 404), ("people", {"name": "\0"}, 400), ("people", {"name": "x" * 501}, 400),
     ("people", {"name": " "}, 400)],
)  # fmt: skip
def test_what_no_draft_can_hold_is_refused(town, boss, kind, values, status):
    row = draft()
    assert boss.post(f"/setup/units/{row.uid}/{kind}/", values | {"version": 1}).status_code == status
    row.refresh_from_db()
    assert row.sheets == {}
    assert boss.get(f"/setup/units/{uuid4()}/people/").status_code == 404


def test_a_pack_comes_into_force_with_the_units_that_use_it(town):
    told = {"单位": sheets()["单位"][:1], "系统": [("gongan", "base")]}
    job = uploaded(workbook(told))
    assert faults(job) == []
    assert not PackRelease.objects.exists()
    exchange.confirm(str(job.uid), actor=SETUP, accept_suspicions=True)
    assert worked(job.uid).report["told"]["packs"] == ["base"]
    assert PackRelease.objects.get(in_force=True).code == "base"
