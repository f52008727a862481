"""Finding cases by what people type, together with every other filter, and by pages that begin at a key."""

from base64 import b64encode
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from cases import selectors
from cases.models import Case, CaseWords
from cases.rules import as_asked, looked_for
from core import clock
from core.errors import Invalid
from core.scope import NOBODY
from tests.cases.conftest import Time
from tests.cases.factories import HERE, THERE, Town, brought_to, reported, take
from tests.cases.test_rest import Door


def found(town: Town, text: str, who: str = "leader", **more: str) -> set[str]:
    """The numbers that a person finds."""
    return {case.number for case in selectors.filtered({"q": text, **more}, town.actor(who))}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("暴露垃圾", ["暴露", "露垃", "垃圾"]),
        ("树", ["树"]),
        ("３号 Lamp-post", ["3", "号", "lamp", "post"]),
        ("  ，。!? ", []),
        ("' | ! & :* \\ ''", []),
        ("垃圾 垃圾", ["垃圾"]),
    ],
)
def test_what_was_typed_is_cut_into_pairs_of_characters_and_words(typed, words):
    assert looked_for(typed) == words


@pytest.mark.parametrize(
    "text",
    [
        "沿街垃圾桶满溢，请及时处置 12",
        "DN300 管道 Leak at No.7",
        "〇一二",
        "Ｆｕｌｌ ｗｉｄｔｈ",
        "カタカナ한글 𠀀𠀁",
        "a" * 90,
        "é É",
    ],
)
def test_the_database_cuts_a_text_as_what_was_typed_is_cut(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(cases_words_in(%s))", [f"前 {text} 后"])
        (kept,) = cursor.fetchone()
    assert set(looked_for(text)) <= set(kept)
    assert all(looked_for(word) == [word] for word in kept)


def test_a_case_is_found_by_number_place_text_class_and_what_was_done(town):
    case = reported(town, description="路边的垃圾桶倒了", address="长平路36号")
    handled = brought_to(town, "handled")
    for text in (
        case.number,
        case.number[-6:],
        case.number[6:],
        "垃圾桶",
        "桶 倒了",
        "长平路36",
        "石炮",
        "机动车",
        "e0407",
        "了",
    ):
        assert case.number in found(town, text), text
    assert found(town, "圾垃") == found(town, "垃圾桶 没有") == set()
    result = Case.objects.get(number=handled.number).moves.get(verb="submit").given["result"]
    assert handled.number in found(town, result)
    assert case.number not in found(town, result)


def test_words_follow_the_texts_of_the_case_in_the_same_transaction(town):
    case = Case.objects.get(number=reported(town, description="水管爆裂").number)
    assert found(town, "爆裂") == {case.number}
    case.description = "井盖丢失"
    case.save()
    assert found(town, "爆裂") == set()
    assert found(town, "丢失") == {case.number}


def test_words_and_other_filters_narrow_together_within_what_one_may_see(town):
    here, there = reported(town, HERE, description="树枝折断"), reported(town, THERE, description="树枝折断")
    assert found(town, "树枝") == {here.number, there.number}
    assert found(town, "树枝", district=THERE) == {there.number}
    assert found(town, "树枝", queue="open", stage="reported", source="collector") == {here.number, there.number}
    assert found(town, "树枝", queue="closed") == set()
    assert there.number not in found(town, "树枝", "district_dispatcher")
    assert found(town, "树枝", since="2020-01-01", until="2020-01-02") == set()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("。，！", "case.search_nothing"), ("'\"\\", "case.search_nothing"), ("垃" * 10_000, "case.search_too_long")],
)
def test_what_cannot_be_looked_for_is_told_in_a_sentence(town, typed, code):
    reported(town)
    answer = Door(town, "leader").get("cases", q=typed[:200])
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    browser = Client()
    browser.force_login(town.people["leader"])
    page = browser.get("/cases/", {"q": typed[:3000]})
    assert page.status_code == 400
    assert answer.json()["message"] in page.content.decode()
    assert "data-case" not in page.content.decode()


def test_odd_typing_finds_what_it_can(town):
    case = reported(town, description='O\'Brien "引号" 50% a_b')
    for typed in ("o'brien", '"引号"', "50%", "a_b", "引\u3000号", "OBRIEN' OR 1=1"):
        assert found(town, typed) in ({case.number}, set())
    assert found(town, "o'brien 引号") == {case.number}
    with pytest.raises(Invalid):
        found(town, "nul\x00")


def test_a_wide_space_in_the_search_box_keeps_two_words_apart(town):
    both = reported(town, description="路灯不亮，井盖松动")
    glued = reported(town, description="井盖在路灯边")
    browser = Client()
    browser.force_login(town.people["leader"])
    page = browser.get("/cases/", {"q": "路灯\u3000井盖"})
    assert {row["case"].number for row in page.context["rows"]} == {both.number, glued.number}
    assert page.context["q"] == "路灯 井盖"


@pytest.mark.parametrize("queue", ["", "open", "closed"])
def test_pages_by_key_hold_every_case_once_in_the_order_of_the_list(town, time: Time, queue):
    stage = "closed" if queue == "closed" else "reported"
    made = [brought_to(town, stage).number for _ in range(2 if queue == "closed" else 3)]
    if queue == "open":
        unplaced = Case.objects.get(number=made[1])
        unplaced.due_at = unplaced.warn_at = None
        unplaced.save()
    rows = selectors.filtered({"queue": queue} if queue else {}, town.actor("leader"))
    seen, after = [], ""
    for _ in made:
        page = selectors.listed(rows, queue, after, 1)
        seen += [case.number for case in page.rows]
        after = page.following
    assert after == ""
    newest = list(reversed(made))
    assert seen == ([newest[0], newest[2], newest[1]] if queue == "open" else newest)


MOMENTS = (3, None, 1, 3, None, 3, 2)
"""When the cases of these are due or were closed, in hours: some at the same moment, some without a deadline."""


def at_moments(town: Town, queue: str) -> None:
    """A case for each of the moments."""
    first = Case.objects.get(number=brought_to(town, "closed" if queue == "closed" else "reported").number)
    for at, hours in enumerate(MOMENTS):
        moment = clock.now() + timedelta(hours=hours or 0)
        given = {"closed_at": moment} if queue == "closed" else {"due_at": moment if hours else None, "warn_at": None}
        if at == 0:
            Case.objects.filter(pk=first.pk).update(**given)
        else:
            told = {**given, "pk": None, "number": f"{at:020d}", "source_ref": f"copy-{at}"}
            copy = Case.objects.get(pk=first.pk)
            for name, value in told.items():
                setattr(copy, name, value)
            copy.save(force_insert=True)


@pytest.mark.parametrize("queue", ["", "open", "closed"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_going_back_shows_the_same_pages_as_going_on_did_over_ties_and_over_what_has_no_moment(town, queue, limit):
    at_moments(town, queue)
    rows = selectors.filtered({"queue": queue} if queue else {}, town.actor("leader"))
    forward, after = [selectors.listed(rows, queue, "", limit)], "x"
    assert forward[0].preceding == ""
    while after := forward[-1].following:
        forward.append(selectors.listed(rows, queue, after, limit))
    assert sum(len(page.rows) for page in forward) == len(MOMENTS)
    back, before = [forward[-1]], "x"
    while before := back[-1].preceding:
        back.append(selectors.listed(rows, queue, "", limit, before))
        assert selectors.listed(rows, queue, back[-1].following, limit).rows == back[-2].rows, "and on again"
    assert [page.rows for page in reversed(back)] == [page.rows for page in forward]


def test_what_changed_in_between_is_neither_shown_twice_nor_left_out_on_the_way_back(town):
    made = [reported(town).number for _ in range(6)]
    rows = selectors.filtered({}, town.actor("leader"))
    second = selectors.listed(rows, "", selectors.listed(rows, "", "", 2).following, 2)
    assert [case.number for case in second.rows] == [made[3], made[2]]
    Case.objects.filter(number=made[5]).update(district=THERE)
    newer = reported(town).number
    narrowed = selectors.filtered({"district": HERE}, town.actor("leader"))
    before = selectors.listed(narrowed, "", "", 2, second.preceding)
    assert [case.number for case in before.rows] == [newer, made[4]]
    Case.objects.filter(number__in=[newer, made[4]]).update(district=THERE)
    first = selectors.listed(narrowed, "", "", 2, second.preceding)
    assert [case.number for case in first.rows] == [made[3], made[2]], "nothing stands before: the list from its start"
    assert first.preceding == ""


@pytest.mark.parametrize("after", ["zz zz", "MTIz", "eHwx", "fA", "MjAyNi0wMS0wMVQwMDowMDowMHwx", "。"])
def test_a_key_that_is_none_is_refused_with_a_sentence(town, after):
    with pytest.raises(Invalid):
        selectors.listed(selectors.filtered({}, town.actor("leader")), "open", after, 1)


ODD_KEYS = [
    f"{at}{bar}{pk}"
    for at in ("", "x", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+23:59", "0001-01-01T00:00:00+14:00",
               "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00+00:00:00.5", "2026-01-01T00:00:00+08:00")
    for bar in ("", "|", "||")
    for pk in ("", "5", "-5", "9" * 18, "9" * 19, "\x00")
]  # fmt: skip


@pytest.mark.parametrize("queue", ["", *selectors.QUEUES])
def test_no_key_however_odd_brings_the_list_down(town, queue):
    reported(town), brought_to(town, "closed")
    rows = selectors.filtered({"queue": queue} if queue else {}, town.actor("leader"))
    taken = set()
    for told in ODD_KEYS:
        try:
            selectors.listed(rows, queue, b64encode(told.encode()).decode().rstrip("="), 1)
        except Invalid:
            continue
        taken.add(told)
    known = {"2026-01-01T00:00:00+08:00|5", "|5"} if queue else {"5"}
    assert taken & {"5", "|5", "||5", "2026-01-01T00:00:00+08:00|5"} == known - ({"|5"} if queue == "closed" else set())


def test_a_key_of_no_moment_is_refused_on_the_page_of_closed_cases(town):
    browser = Client()
    browser.force_login(town.people["leader"])
    page = browser.get("/cases/", {"queue": "closed", "after": "fDU"})
    assert (page.status_code, "fDU" in page.context["list_refusal"]) == (400, True)


def test_the_list_counts_no_further_than_people_read(town, monkeypatch):
    for _ in range(3):
        reported(town)
    monkeypatch.setattr("cases.selectors.filters.COUNTED", 1)
    assert selectors.count_up_to(selectors.filtered({}, town.actor("leader"))) == 2


def test_what_is_done_about_a_case_without_words_brings_all_of_its_words(town):
    case = brought_to(town, "handling", reported(town, description="路灯不亮"))
    CaseWords.objects.all().delete()
    take(town, case, "submit", "handler", result="换了灯泡", photos="@")
    assert found(town, "路灯 灯泡") == {case.number}


def test_cases_from_before_the_index_have_their_words_too(town):
    case = reported(town, description="路灯不亮")
    CaseWords.objects.all().delete()
    assert found(town, "路灯") == set()
    fill = import_module("cases.migrations.0027_words_filled").fill
    fill(None, SimpleNamespace(connection=connection))
    assert found(town, "路灯") == {case.number}


def test_badges_stop_counting_at_a_bound_and_agree_with_the_full_count_below_it(town):
    for _n in range(3):
        reported(town)
    leader = town.actor("leader")
    full = selectors.counts(leader)
    assert full["open"] == 3
    assert selectors.counts_up_to(leader, 1000) == full
    assert selectors.counts_up_to(leader, 1)["open"] == 2
    assert selectors.counts_up_to(town.actor("desk2"), 1000)["open"] == 0
    assert set(selectors.counts_up_to(NOBODY, 1000).values()) == {0}


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("man", "'man':*"),
        ("e04", "'e04':*"),
        ("m", "'m'"),
        ("3号楼", "'3'"),
        ("20261130", "'20261130'"),
        ("垃圾", "'垃圾'"),
        ("élan", "'élan':*"),
    ],
)
def test_a_spelled_word_of_some_letters_is_asked_for_by_its_beginning_too(typed, asked):
    assert as_asked(looked_for(typed)[0]) == asked


def test_cases_are_found_by_how_a_word_or_their_number_begins_beside_pairs_of_characters(town):
    case = reported(town, description="人行道 Manhole 井盖松动 2026号")
    other = reported(town, description="Human 沙井盖")
    assert found(town, "man") == found(town, "MANHO 井盖") == {case.number}
    assert found(town, "井盖") == {case.number, other.number}
    assert found(town, "hole") == found(town, "man 沙井") == set(), "by its beginning, not from its middle"
    for digits in (4, 6, 14, 19):
        assert found(town, case.number[:digits]) == {case.number, other.number} if digits < 19 else {case.number}
    assert found(town, "2026") >= {case.number}, "a number in the text is found as before"
    assert found(town, "202") == set(), "a few digits are no beginning"
    assert found(town, f"{case.number[:12]} man") == {case.number}
    assert found(town, case.number[:8], "district_dispatcher2") == set(), "within what one may see"


def test_a_beginning_is_looked_for_in_the_indexes(town):
    reported(town, description="垃圾桶")
    columns = [field.column for field in Case._meta.concrete_fields if not field.primary_key]
    own = {
        "number": "lpad((at % 40)::text, 6, '0') || lpad(at::text, 14, '0')",
        "source_ref": "'copy-' || at",
        "description": "CASE WHEN at % 600 = 0 THEN 'Manhole' ELSE 'lamp' END",
    }
    told = ", ".join(own.get(column, f'"{column}"') for column in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO cases_case ({quoted}) SELECT {told} FROM cases_case, generate_series(1, 2400) at")
        cursor.execute("ANALYZE cases_case, cases_casewords")
    for text in ("man", "000007000000000", "000007000000000 lam"):
        rows = selectors.filtered({"q": text}, town.actor("leader")).order_by("-pk")
        assert rows.exists(), text
        assert "Seq Scan" not in rows[:31].explain(), text


def test_a_common_word_is_looked_for_among_the_newest_cases_first_and_in_all_where_they_do_not_fill_the_page(town):
    old = [reported(town, description="垃圾桶").number for _n in range(3)]
    columns = [field.column for field in Case._meta.concrete_fields if not field.primary_key]
    own = {"number": "lpad(at::text, 20, '7')", "source_ref": "'copy-' || at"}
    copied = ", ".join(own.get(column, f'"{column}"') for column in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case (id, {quoted}) SELECT id + {5 << 16} + at, {copied}"
            " FROM (SELECT * FROM cases_case ORDER BY id DESC LIMIT 1) newest, generate_series(1, 4) at"
        )
    leader, given = town.actor("leader"), {"q": "垃圾"}
    lately = selectors.lately(given, leader)
    near = lately(None)
    assert (near.rows.count(), near.whole) == (4, False), "the old ones lie outside the newest stretches"
    rows = selectors.filtered(given, leader)
    told = [case.number for case in selectors.listed(rows, "", "", 9).rows]
    shown, after = [], ""
    for most in (3, 3, 1):
        page = selectors.listed(rows, "", after, most, lately=lately)
        shown += [case.number for case in page.rows]
        after = page.following
    assert (shown, after, set(old) < set(told)) == (told, "", True), "as without the short way"
    assert selectors.count_up_to(rows, lately) == 7
    assert selectors.count_up_to(rows, lately, 3) == 4, "counted among the newest alone"
    assert selectors.lately({"stage": "reported"}, leader) is None, "only where words are looked for"


def test_words_of_cases_from_before_have_their_stretch_once_they_are_filled_in(town):
    case = reported(town, description="路灯不亮")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_casewords SET words = ts_delete(words, '#' || (case_id >> 16))")
    lately = selectors.lately({"q": "路灯"}, town.actor("leader"))
    assert not lately(None).rows.exists()
    fill = import_module("cases.migrations.0052_stretches_of_words").fill
    for _again in range(2):
        fill(None, SimpleNamespace(connection=connection))
        assert [found.number for found in lately(None).rows] == [case.number]
    brought_to(town, "handled", case)
    assert lately(None).rows.exists(), "what is added later keeps it"
