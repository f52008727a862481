"""The audit viewer: every deed as a sentence, filtered, by page and as a file, for auditors only."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.actions import change_organisation, create_user, grant, upsert_role
from accounts.models import User
from accounts.selectors import actor_of
from core import clock
from dashboard.pages import audit as audit_page
from dashboard.templatetags.audit_words import DEEDS, GROUPS, deed
from journal import contracts
from journal import selectors as journal
from journal.selectors import Asked
from packs.adapters.library import read_library
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, THERE, Town, brought_to, build_town, names, take


@pytest.fixture
def town(db: None) -> Town:
    """The town, with an auditor of the city and one of a district."""
    town = build_town()
    upsert_role(code="auditor", names=names("审计员", "Auditor"), permissions=["audit.see"], actor=SETUP)
    for name, area in (("auditor", ""), ("auditor_here", f"{CITY}.{HERE}")):
        user = create_user(username=name, password=PASSWORD, label=name, organisation="centre", actor=SETUP)
        grant(user=user, role="auditor", area=area, actor=SETUP)
        town.people[name] = user
    return town


def reader(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def page(browser: Client, **asked: object) -> str:
    answer = browser.get("/audit/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_of_entry_has_a_sentence_in_both_languages():
    kinds = {name for name in contracts.kinds() if not name.startswith("test.")}
    first = {f"{name.rpartition('.')[0]}.v1" for name in kinds}
    assert first - DEEDS.keys() == set(), "write them in dashboard/templatetags/audit_words.py"
    for kind in kinds:
        with translation.override("en"):
            english = deed(kind, "S", {})
        with translation.override("zh-hans"):
            assert deed(kind, "S", {}) not in ("", english)


def test_every_group_of_entries_can_be_picked_and_none_is_empty():
    kinds = {name for name in contracts.kinds() if not name.startswith("test.")}
    assert {code for code, _name in GROUPS} == {name.partition(".")[0] for name in kinds}


def test_every_group_of_entries_has_a_name_in_chinese_too(town):
    client = reader(town.people["auditor"])
    shown = client.get("/audit/", headers={"accept-language": "zh-hans"}).content.decode()
    listed = re.findall(r'<option value="[a-z_]*"[^>]*>([^<]+)</option>', shown)
    assert "计时" in listed
    assert [name for name in listed if name.isascii()] == []


def test_the_base_pack_gives_the_right_to_auditors_and_administrators_alone():
    roles = read_library().packs["base"].document["roles"]
    assert {row["code"] for row in roles if "audit.see" in row["permissions"]} == {"auditor", "administrator"}


def test_who_did_what_and_what_it_was_before_stand_side_by_side(town):
    case = brought_to(town, "dispatched")
    shown = page(reader(town.people["auditor"]), subject=case.number)
    assert f"将案件 {case.number} 派遣至 d{HERE}-appearance" in shown
    assert "District_Dispatcher" in shown
    rows = journal.audit(actor_of(town.people["auditor"]), Asked(subject=case.number))
    assert {(one.field, one.before, one.after) for one in rows[0].changes} >= {("stage", "at_district", "dispatched")}


def test_why_a_step_was_taken_is_told_to_whoever_may_see_the_case(town):
    case = brought_to(town, "accepted")
    take(town, case, "refuse", "leader", reason="不属于城管范围")
    upsert_role(code="auditor", names=names("审", "A"), permissions=["audit.see", "case.see"], actor=SETUP)
    assert "不属于城管范围" in page(reader(town.people["auditor"]))
    upsert_role(code="auditor", names=names("审", "A"), permissions=["audit.see"], actor=SETUP)
    assert "不属于城管范围" not in page(reader(town.people["auditor"]))


def test_a_changed_organisation_shows_before_and_after(town):
    change_organisation(f"d{HERE}-appearance", active=False, actor=SETUP)
    [row, *_] = journal.audit(actor_of(town.people["auditor"]), Asked(kind="accounts.organisation_changed.v1"))
    assert ("active", True, False) in [tuple(one) for one in row.changes]


@pytest.mark.parametrize(
    ("asked", "many"),
    [
        ({"person": "collector"}, 1),
        ({"person": "nobody by this name"}, 0),
        ({"kind": "case.accepted.v1"}, 1),
        ({"kind": "case"}, 2),
        ({"kind": "cas"}, 0),
        ({"kind": "case", "area": f"{CITY}.{HERE}"}, 2),
        ({"kind": "case", "area": f"{CITY}.{THERE}"}, 0),
    ],
)
def test_each_filter_limits_what_is_shown(town, asked, many):
    brought_to(town, "accepted")
    assert len(journal.audit(actor_of(town.people["auditor"]), Asked(**asked))) == many


def test_a_period_has_its_first_and_last_day_inside(town):
    brought_to(town, "accepted")
    today = clock.now().astimezone().date()
    browser = reader(town.people["auditor"])
    assert "没有符合条件的条目" not in page(
        browser, since=str(today - timedelta(days=1)), until=str(today + timedelta(days=1))
    )
    assert "没有符合条件的条目" in page(browser, until=str(today - timedelta(days=2)))


def test_an_auditor_of_a_district_sees_that_district_only(town):
    here, there = brought_to(town, "accepted"), brought_to(town, "accepted", district=THERE)
    shown = page(reader(town.people["auditor_here"]))
    assert here.number in shown
    assert there.number not in shown
    assert "signed_in" not in shown


def test_whoever_is_no_auditor_sees_nothing(town):
    browser = reader(town.people["leader"])
    assert browser.get("/audit/").status_code == 403
    assert browser.get("/audit/export.csv").status_code == 403
    assert journal.audit(town.actor("leader"), Asked()) == []


def test_pages_follow_each_other_without_gap_or_double(town):
    for _ in range(8):
        brought_to(town, "registered")
    actor, seen, before = actor_of(town.people["auditor"]), [], 0
    while rows := journal.audit(actor, Asked(kind="case"), before=before, limit=7):
        seen += [row.entry.id for row in rows]
        before = rows[-1].entry.id
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 24
    assert seen == [row.entry.id for row in journal.audit(actor, Asked(kind="case"), limit=500)]


def test_a_page_costs_the_same_for_many_entries_as_for_few(town):
    browser = reader(town.people["auditor"])
    with CaptureQueriesContext(connection) as few:
        page(browser)
    for _ in range(10):
        brought_to(town, "registered")
    with CaptureQueriesContext(connection) as many:
        page(browser)
    assert len(many) <= len(few)


def test_the_file_holds_what_the_page_shows_and_no_formula(town):
    case = brought_to(town, "accepted")
    leader = User.objects.get(username="acceptor")
    User.objects.filter(pk=leader.pk).update(label="=cmd|' /C calc'!A0")
    brought_to(town, "accepted")
    answer = reader(town.people["auditor"]).get("/audit/export.csv", {"kind": "case"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 4
    assert rows[-1]["deed"] == f"上报了案件 {case.number}"
    assert "'=cmd|' /C calc'!A0" in {row["actor_label"] for row in rows}
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'


def test_a_file_that_cannot_hold_everything_says_where_it_was_cut(town, monkeypatch):
    monkeypatch.setattr(audit_page, "MOST", 3)
    brought_to(town, "accepted")
    brought_to(town, "accepted")
    browser = reader(town.people["auditor"])
    actor = actor_of(town.people["auditor"])
    rows = journal.audit(actor, Asked(kind="case"))
    for language, said in (("zh-hans", "在此截断"), ("en", "Cut here")):
        answer = browser.get("/audit/export.csv", {"kind": "case"}, headers={"Accept-Language": language})
        lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert len(lines) == 1 + 3 + 1
        [told] = lines[-1]
        assert said in told
        assert str(rows[2].entry.id) in told
    whole = browser.get("/audit/export.csv", {"kind": "case.accepted.v1"})
    assert "在此截断" not in b"".join(whole.streaming_content).decode("utf-8-sig")


def test_a_program_reads_the_trail_page_by_page_as_the_page_shows_it(town):
    case = brought_to(town, "dispatched")
    browser, seen, before = reader(town.people["auditor"]), [], ""
    while before is not None:
        answer = browser.get("/api/audit", {"subject": case.number, "limit": 2, "before": before or 0})
        assert answer.status_code == 200
        told = answer.json()
        seen, before = seen + told["entries"], told["before"]
    rows = journal.audit(actor_of(town.people["auditor"]), Asked(subject=case.number))
    assert [one["id"] for one in seen] == [row.entry.id for row in rows]
    assert seen[0]["deed"] == f"将案件 {case.number} 派遣至 d{HERE}-appearance"
    assert {"name": "stage", "before": "at_district", "after": "dispatched"} in seen[0]["changes"]


def test_a_program_is_limited_as_the_page_is(town):
    here, there = brought_to(town, "accepted"), brought_to(town, "accepted", district=THERE)
    told = reader(town.people["auditor_here"]).get("/api/audit", {"kind": "case"}).json()
    assert {one["subject"] for one in told["entries"]} == {here.number}
    assert there.number not in str(told)
    refused = reader(town.people["leader"]).get("/api/audit")
    assert (refused.status_code, refused.json()["code"]) == (403, "audit.no_auditor")
    for asked in ({"since": "yesterday"}, {"district": "123"}, {"before": "x"}, {"limit": "201"}):
        answer = reader(town.people["auditor"]).get("/api/audit", asked)
        assert (answer.status_code, answer.json()["code"]) == (400, "audit.bad_filter")


def test_whoever_takes_the_trail_away_is_in_it(town):
    browser = reader(town.people["auditor"])
    b"".join(browser.get("/audit/export.csv", {"kind": "case"}).streaming_content)
    [row] = journal.audit(actor_of(town.people["auditor"]), Asked(kind="audit"))
    assert (row.entry.actor_label, row.entry.data) == ("auditor", {"asked": {"kind": "case"}})
    assert "导出了审计日志" in page(browser)


@pytest.mark.parametrize(
    "asked",
    [{"since": "yesterday"}, {"until": "2026-02-30"}, {"district": "123"}, {"before": "x"}, {"person": "x" * 101},
     {"subject": "a\x00b"}, {"since": "0001-01-01"}],
)  # fmt: skip
def test_a_wrong_filter_is_refused_with_a_sentence(town, asked):
    answer = reader(town.people["auditor"]).get("/audit/", asked)
    assert answer.status_code == 400
    assert "筛选条件" in answer.content.decode()
