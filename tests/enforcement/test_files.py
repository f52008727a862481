"""Files in the small town: opened, led by their officers, sealed papers, parties masked, strangers outside."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from enforcement import actions, selectors
from enforcement.contracts import Stage
from enforcement.models import Document, Dossier, Look, Move, NumberRun, Party
from journal.models import Entry
from tests.cases.factories import SETUP, brought_to
from tests.enforcement.factories import PARTY, actor, at, both, days, decided, opened, step, told

pytestmark = pytest.mark.django_db


def test_a_file_is_opened_with_a_number_a_first_move_and_its_news(town):
    row = opened(town)
    assert row.number == "ZF449901202600001"
    assert [(move.verb, move.after) for move in row.moves.all()] == [("open", "opened")]
    entry = Entry.objects.filter(kind="enforcement.moved.v1", subject=row.number).get()
    assert entry.data["stage"] == "opened"
    assert PARTY["name"] not in str(entry.data) + row.about + row.place


def test_told_twice_under_one_key_a_file_is_there_once(town):
    first, again = (opened(town, key="phone-7") for _ in range(2))
    assert (first.number, Dossier.objects.count()) == (again.number, 1)
    assert opened(town).number != first.number


def test_nobody_opens_a_file_in_another_district_nor_without_the_right(town):
    with pytest.raises(Forbidden):
        opened(town, actor=actor(town, "other"))
    with pytest.raises(Forbidden):
        opened(town, actor=actor(town, "watcher"))
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"act_on": date(2026, 11, 24)}, "enforcement.act_in_future"),
        ({"point": (0.0, 0.0)}, "enforcement.place_outside"), ({"point": None}, "enforcement.needs_place"),
        ({"cause": "sorcery"}, "enforcement.unknown_cause"), ({"cause": "a\0"}, "enforcement.unknown_cause"),
        ({"party": {"name": " "}}, "enforcement.needs_party"), ({"party": {"name": "\0"}}, "enforcement.bad_text"),
        ({"about": "x" * 2001}, "enforcement.bad_text"), ({"procedure": "swift"}, "enforcement.bad_filter"),
        ({"key": "k" * 81}, "enforcement.bad_text"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_file_is_refused_and_leaves_nothing(town, wrong, code):
    with pytest.raises(Invalid) as no:
        opened(town, **wrong)
    assert no.value.code == code
    assert not Dossier.objects.exists()
    assert not Party.objects.exists()


def test_a_file_goes_its_way_and_every_paper_of_it_is_numbered_and_sealed(town):
    row = decided(town)
    assert (row.stage, row.decided_on, row.fine) == (Stage.DECIDED, date(2026, 11, 23), Decimal(1000))
    assert row.decide_until == date(2027, 2, 22)  # the 90th day is a Sunday
    row = step(town, row, "serve", way="handed", receipt="签收")
    papers = list(row.documents.order_by("place"))
    assert [one.kind for one in papers] == [
        "filing", "inspection", "report", "correction", "notice", "plea", "decision", "receipt",
    ]  # fmt: skip
    assert papers[6].number == "综执决〔2026〕4499010001号"
    assert all(selectors.seals_hold(row).values())
    assert row.next_due == date(2026, 12, 8)
    assert row.next_period == "pay_until"


def test_money_comes_in_and_the_file_is_closed(town):
    row = step(town, decided(town), "serve", way="handed", receipt="签收")
    at(days(25))
    with pytest.raises(Invalid) as no:
        step(town, row, "pay", amount="1301", receipt="b-1")
    assert no.value.code == "enforcement.more_than_owed"
    row = step(town, row, "pay", amount="1300", receipt="b-1")
    with pytest.raises(Conflict):
        step(town, row, "pay", amount="1", receipt="b-2")
    row = step(town, row, "fulfil")
    row = step(town, row, "close", "head", reason="已缴清")
    assert (row.stage, row.next_due) == (Stage.CLOSED, None)
    assert row.documents.count() == 9


def test_a_step_refused_leaves_no_trace(town):
    row = opened(town)
    with pytest.raises(Conflict) as no:
        step(town, row, "file", "head")
    assert no.value.code == "enforcement.two_officers"
    row.refresh_from_db()
    assert (row.stage, row.version, Move.objects.count(), Document.objects.count()) == ("opened", 1, 1, 0)


def test_who_saw_an_older_version_is_told_and_nothing_is_written(town):
    row = step(town, opened(town), "assign", officers=both(town))
    with pytest.raises(Stale):
        actions.take(row.number, "file", actor=actor(town, "head"), version=1, given={})
    row.refresh_from_db()
    assert row.stage == "opened"


@pytest.mark.parametrize(
    ("verb", "given", "code"),
    [
        ("file", {"stage": "closed"}, "enforcement.unknown_field"),
        ("assign", {"officers": "user:1"}, "enforcement.bad_field"),
        ("assign", {"officers": ["user:99999"]}, "enforcement.no_credential"),
        ("gather", {"title": "x\0"}, "enforcement.bad_field"),
        ("gather", {"title": "x" * 201}, "enforcement.bad_field"),
        ("fly", {}, "enforcement.no_step"),
    ],
)  # fmt: skip
def test_what_a_step_does_not_ask_for_is_refused(town, verb, given, code):
    row = step(town, opened(town), "assign", officers=both(town))
    with pytest.raises(Invalid) as no:
        step(town, row, verb, "head" if verb == "file" else "first", **given)
    assert no.value.code == code


def test_a_file_of_another_district_and_one_that_is_not_there_look_alike(town):
    row = opened(town)
    for number in (row.number, "ZF449901202699999", "a\0b"):
        with pytest.raises(NotFound) as no:
            selectors.dossier(number, actor(town, "other"))
        assert no.value.code == "enforcement.no_dossier"
        with pytest.raises(NotFound):
            actions.take(number, "assign", actor=actor(town, "other"), version=1, given={})
    assert list(selectors.dossiers({}, actor(town, "other"))) == []


def test_a_party_is_masked_and_seen_whole_only_for_a_reason_that_is_kept(town):
    row = opened(town)
    assert selectors.party_shown(row, actor(town)) == ("王**", "440***********1234", "138****5678", "＊＊＊")
    with pytest.raises(Forbidden):
        selectors.party_shown(row, actor(town, "watcher"))
    with pytest.raises(Forbidden):
        actions.look(row.number, actor=actor(town), ground="service", note="送达")
    with pytest.raises(Invalid):
        actions.look(row.number, actor=actor(town, "head"), ground="service", note=" ")
    assert not Look.objects.exists()
    whole = actions.look(row.number, actor=actor(town, "head"), ground="service", note="送达王小明")
    assert whole == ("王小明", "440106199001011234", "13812345678", "金砂路 3 号")
    assert Look.objects.get().note == "送达王**"
    assert selectors.has_looked(row, actor(town, "head"))
    at(days(0.02))
    assert not selectors.has_looked(row, actor(town, "head"))


def test_one_person_looks_so_often_an_hour(town):
    row = opened(town)
    for _ in range(selectors.LOOKS_PER_HOUR):
        actions.look(row.number, actor=actor(town, "head"), ground="verify", note="核对")
    with pytest.raises(actions.TooManyLooks):
        actions.look(row.number, actor=actor(town, "head"), ground="verify", note="核对")
    assert Look.objects.count() == selectors.LOOKS_PER_HOUR


def test_nothing_of_the_party_stands_in_the_file_its_papers_or_its_past(town):
    row = told(town)
    kept = str([row.about, *row.moves.values_list("said", flat=True), *row.documents.values_list("words", flat=True)])
    assert not [word for word in PARTY.values() if word in kept]
    notice = row.documents.get(kind="notice")
    assert "王**" in selectors.words_of(notice, whole=False)
    assert "王小明" in selectors.words_of(notice, whole=True)


def test_nothing_of_the_party_stands_in_evidence_receipts_or_places_either(town):
    row = step(town, opened(town, place="王小明的摊位"), "assign", officers=both(town))
    row = step(town, step(town, row, "file", "head"), "gather", title="王小明的身份证 440106199001011234")
    row = step(town, row, "conclude", summary="摆卖")
    row = step(town, row, "notify", kinds=["fine"], fine="100", band="light", told=True, receipt="王小明签收")
    row = step(town, row, "hear_plea", how="waived", receipt="13800001111")
    row = step(town, row, "decide", "head", kinds=["fine"], fine="100", band="light")
    row = step(town, row, "serve", way="left", witness="居委会 13812345678", receipt="王小明拒收")
    row = step(town, row, "pay", amount="100", receipt="王小明，票据 7")
    kept = [row.place, row.exhibits, *row.payments.values_list("receipt", flat=True)]
    kept = str([*kept, *row.moves.values_list("said", flat=True), *row.documents.values_list("words", flat=True)])
    assert not [word for word in PARTY.values() if word in kept]
    assert "王**签收" in kept
    assert row.moves.get(verb="hear_plea").said["receipt"] == "13800001111"  # the number of a receipt, whatever it is


def test_a_decision_lighter_than_the_notice_says_what_was_decided_and_a_spared_party_has_no_fine(town):
    row = step(town, step(town, opened(town), "assign", officers=both(town)), "file", "head")
    row = step(town, step(town, row, "gather", title="照片"), "conclude", summary="摆卖")
    both_kinds = {"kinds": ["warning", "fine"], "fine": "1000", "band": "usual"}
    row = step(town, row, "notify", told=True, receipt="签收", **both_kinds)
    assert row.documents.get(kind="notice").words["values"]["fine"] == "1000.00"
    heard = step(town, row, "hear_plea", how="waived", receipt="书面放弃")
    with transaction.atomic():
        step(town, heard, "decide", "head", kinds=["warning"])
        said = heard.documents.get(kind="decision").words["values"]
        assert (said["kinds"], said["fine"], said["fine_words"]) == ("警告", "0.00", "零元整")
        transaction.set_rollback(True)
    spared = step(town, heard, "spare", "head", ground="no_fault", reason="无过错")
    spared = step(town, spared, "close", "head", reason="不予处罚")
    said = spared.documents.get(kind="closing").words["values"]
    assert (said["decision"], said["kinds"], said["fine"]) == ("不予处罚", "", "0.00")


def test_papers_moves_payments_and_looks_stay_as_they_were_written(town):
    row = decided(town)
    for table in ("move", "document"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE enforcement_{table} SET actor = 'x' WHERE dossier_id = %s", [row.pk])
    assert all(selectors.seals_hold(row).values())


def test_whatever_is_changed_behind_the_seal_breaks_it_and_all_seals_behind(town):
    row = decided(town)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE enforcement_document DISABLE TRIGGER enforcement_document_stays")
        cursor.execute(
            "UPDATE enforcement_document SET words = jsonb_set(words, '{values,fine}', '\"10.00\"') WHERE place = 5"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE enforcement_document ENABLE TRIGGER enforcement_document_stays")
    holds = [whole for _paper, whole in selectors.documents_of(row, actor(town))]
    assert holds == [True] * 4 + [False] * 3
    with pytest.raises(Conflict) as no:
        selectors.document(row.number, 5, actor(town))
    assert no.value.code == "enforcement.seal_broken"
    assert selectors.document(row.number, 4, actor(town)).kind == "correction"
    assert not selectors.checked(row.documents.get(place=5).token).whole


def test_a_paper_has_the_day_and_year_of_the_city_and_a_number_of_its_own_behind_the_ten_thousandth(town):
    at(datetime(2026, 12, 31, 16, 30, tzinfo=UTC))  # half an hour into the new year there
    row = step(town, opened(town), "assign", officers=both(town))
    NumberRun.objects.create(head="449901立2027", last=10_000)
    row = step(town, row, "file", "head")
    paper = row.documents.get(kind="filing")
    assert paper.number == "综执立〔2027〕44990110001号"
    assert selectors.checked(paper.token).sealed_on == "2027-01-01"
    assert all(selectors.seals_hold(row).values())


def test_another_party_behind_a_sealed_paper_is_found_out(town):
    row = decided(town)
    Party.objects.filter(dossier=row).update(name="王大明")
    assert not any(selectors.seals_hold(row).values())


def test_the_database_refuses_a_decision_that_was_never_told(town):
    row = opened(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=row.pk).update(stage="decided", decided_on=date(2026, 11, 23))


def test_a_case_becomes_one_file_with_one_history_and_no_second(town):
    case = brought_to(town, "dispatched")
    row = opened(town, case=case.number, point=None)
    assert (row.case, row.area) == (case.number, case.area)
    told_of = selectors.history(row, actor(town))
    assert {one["case"] for one in told_of} == {"", case.number}
    assert [one["at"] for one in told_of] == sorted((one["at"] for one in told_of), reverse=True)
    with pytest.raises(Conflict) as no:
        opened(town, case=case.number, point=None)
    assert no.value.code == "enforcement.case_has_file"
    step(town, row, "dismiss", "head", reason="不属本部门")
    assert opened(town, case=case.number, point=None).number != row.number
    assert selectors.of_case(case.number, actor(town)).count() == 2


def test_the_board_counts_stages_terms_edges_of_bands_and_loads(town):
    row = step(town, told(town, fine="4800"), "hear_plea", how="waived", receipt="x")
    row = step(town, row, "discuss", "head", members=["a", "b", "c"], minutes="同意")
    row = step(town, row, "decide", "head", kinds=["fine"], fine="4800", band="usual")
    board = selectors.board(actor(town, "watcher"))
    assert board.stages == [("decided", 1)]
    assert [(one.number, edge) for one, edge in board.outliers] == [(row.number, "high")]
    assert dict(board.loads) == dict.fromkeys(both(town), 1)
    assert selectors.board(actor(town, "other")).stages == []
    at(days(12))
    assert selectors.board(actor(town, "watcher")).over == 1


def test_words_of_papers_are_changed_by_administrators_and_sealed_ones_stay(town):
    from_before = decided(town).documents.get(kind="decision")
    with pytest.raises(Forbidden):
        actions.save_template("decision", actor=actor(town, "head"), body="x", version=0)
    boss = SETUP
    with pytest.raises(Invalid) as no:
        actions.save_template("decision", actor=boss, body="{fee}", version=0)
    assert no.value.params["places"] == "fee"
    saved = actions.save_template("decision", actor=boss, body="新决定书：{kinds}", version=0)
    with pytest.raises(Stale):
        actions.save_template("decision", actor=boss, body="y", version=0)
    assert saved.version == 1
    from_before.refresh_from_db()
    assert "新决定书" not in from_before.words["body"]
