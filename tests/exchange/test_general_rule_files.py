"""The city's general rules come in from files and go out equal: what was decided stays, what is to hold is replayed."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import change_organisation
from cases import actions, selectors
from cases.models import Responsibility
from core import clock
from core.versions import version_of
from exchange.contracts import State
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import AREA_HERE, HERE, SETUP, brought_to, names
from tests.exchange.factories import ADMIN, checked, codes, imported, suspicions

KIND = "general_rules"
HEAD = "职责,职责名称,职责英文名称,责任单位类型,层级,协办职责,争议裁定,原因,生效时间,失效时间\n"
MINE = "appearance,市容,Appearance,centre,市,,,市中心直管,{},{}\n"
GIVEN = {"duty": "appearance", "names": names("市容", "Appearance"), "kind": "centre", "by": "city",
         "reason": "市中心直管"}  # fmt: skip
DAY = timedelta(days=1)


@pytest.fixture
def town(town):
    change_organisation("centre", duties=["appearance"], actor=SETUP)
    return town


@pytest.fixture
def root(town):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


def saved(**changes) -> Responsibility:
    row = actions.draft_general(actor=SETUP, **{**GIVEN, **changes})
    [entry] = selectors.general_rules(row.duty) or [None]
    version = version_of(selectors.general_told(entry.newest)) if entry else None
    return actions.save_general(row, actor=SETUP, seen=None, version=version)


@pytest.fixture
def rules(time, town) -> list[Responsibility]:
    """One that is over, the one that followed it, one to come, one taken back, and a duty of the city's own."""
    first = saved(valid_until=clock.now() + 2 * DAY)
    time.pass_by(days=1)
    second = saved(kind="department", by="district", arbiter=["centre"], valid_until=clock.now() + 40 * DAY)
    coming = saved(valid_from=clock.now() + 60 * DAY)
    litter = saved(duty="litter", names=names("垃圾", "Litter"), cooperating=["appearance"], reason="新设")
    back = saved(duty="dust", names=names("扬尘", "Dust"), cooperating=["litter"], valid_from=clock.now() + 5 * DAY)
    actions.end_general(back.pk, actor=SETUP, reason="取消", seen=selectors.replay_general_end(back.pk).seal)
    time.pass_by(hours=1)
    return [first, second, coming, litter, back]


def exported(client: Client, suffix: str = "csv") -> bytes:
    return b"".join(client.get(f"/api/exports/{KIND}.{suffix}"))


def counts(job) -> dict[str, int]:
    return {name: count for name, count in (job.counts or job.report["counts"]).items() if count}


def forgotten() -> None:
    Responsibility.objects.filter(origin="city").update(before=None)
    Responsibility.objects.filter(origin="city").delete()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_goes_out_changes_nothing_and_makes_an_empty_installation_equal(rules, root, suffix):
    out, text = exported(root, suffix), exported(root)
    same = checked(out, f"a.{suffix}", kind=KIND)
    assert (codes(same), counts(same), suspicions(same)) == ([], {"same": 5}, {})
    forgotten()
    job = imported(out, f"a.{suffix}", kind=KIND)
    assert (job.state, codes(job), counts(job)) == (State.DONE, [], {"add": 5})
    assert exported(root) == text
    assert Responsibility.objects.filter(origin="pack", duty="appearance").exists(), "a pack's word stays its own"


def test_other_words_end_the_rule_that_holds_and_begin_another_which_is_told(rules, root):
    out = exported(root).decode("utf-8-sig")
    edited = out.replace("department,district,,centre,市中心直管", "centre,city,,,收回市级")
    job = imported(edited, kind=KIND)
    assert (codes(job), counts(job)) == ([], {"change": 1, "same": 4})
    assert Responsibility.objects.get(pk=rules[1].pk).valid_until == clock.now()
    made = Responsibility.objects.latest("pk")
    assert (made.kind, made.reason, made.valid_until) == ("centre", "收回市级", rules[1].valid_until)
    told = Entry.objects.filter(kind="responsibility.general_changed.v1").latest("id")
    assert (told.data["rule_id"], told.data["before"]["kind"]) == (made.pk, "department")
    assert counts(checked(edited, kind=KIND)) == {"same": 5}, "the same file again changes nothing"


def test_another_end_is_the_end_and_no_other_rule_is_made(rules, root):
    out = exported(root).decode("utf-8-sig")
    sooner = (clock.now() + 3 * DAY).isoformat()
    edited = out.replace(rules[1].valid_until.isoformat(), sooner)
    job = imported(edited, kind=KIND, options={"reason": "提前结束"})
    assert (codes(job), counts(job)) == ([], {"change": 1, "same": 4})
    assert Responsibility.objects.get(pk=rules[1].pk).valid_until.isoformat() == sooner
    assert Responsibility.objects.filter(origin="city").count() == 5
    assert Entry.objects.filter(kind="responsibility.general_ended.v1").latest("id").data["reason"] == "提前结束"


def test_cases_that_would_move_are_a_suspicion_to_be_read_and_nothing_moves_before(root, town):
    brought_to(town, "registered")
    job = checked(HEAD + MINE.format("", ""), kind=KIND)
    assert (counts(job), suspicions(job)) == ({"add": 1}, {"responsibility.cases_move": True})
    assert job.report["suspicions"][0]["params"] == {"moved": 1, "total": 1}
    assert selectors.responsible("E0407", AREA_HERE).organisation == f"d{HERE}-appearance"
    imported(HEAD + MINE.format("", ""), kind=KIND)
    assert selectors.responsible("E0407", AREA_HERE).organisation == "centre"


def test_each_wrong_row_is_named_and_the_others_are_taken(rules, town):
    day = (clock.now() + 61 * DAY).isoformat()
    text = HEAD + "".join([
        "Bad One,甲,A,centre,city,,,理由,,\n",
        "a,甲,A,nobody,city,,,理由,,\n",
        "b,乙,B,centre,country,,,理由,,\n",
        "c,丙,C,centre,city,unheard,,理由,,\n",
        "d,丁,D,centre,city,d,,理由,,\n",
        "e,戊,E,centre,city,,,理由,昨天,\n",
        "f,己,F,centre,city,,,理由,2027-02-01,2027-01-01\n",
        f"appearance,市容,Appearance,centre,city,,,跑过头,,{day}\n",
        "g,庚,G,centre,city,h,,理由,,\n",
        "h,辛,H,中心,市,,,理由,,\n",
        "h,辛,H,centre,city,,,又一条,,\n",
        f"litter,垃圾,Litter,centre,city,,,早就,2020-01-01,{day}\n",
        "k,壬,K,centre,city,,,旧规,,2020-01-01\n",
        "m,癸,M,centre,city,,,太早,0001-01-01,2020-01-01\n",
        "m,癸,M,centre,city,,,太晚,,9999-12-31T23:59:59+00:00\n",
    ])  # fmt: skip
    job = imported(text, kind=KIND)
    assert codes(job) == [
        (1, "responsibility.bad_duty"), (2, "responsibility.unknown_kind"), (3, "responsibility.unknown_level"),
        (4, "class.unknown_duty"), (5, "responsibility.helps_itself"), (6, "responsibility.bad_moment"),
        (7, "responsibility.ends_before_it_begins"), (8, "responsibility.general_follows"),
        (10, "responsibility.unknown_kind"), (11, "responsibility.general_rows_overlap"),
        (13, "responsibility.ends_before_it_begins"), (14, "responsibility.bad_moment"),
        (15, "responsibility.bad_moment"),
    ]  # fmt: skip
    assert counts(job) == {"add": 1, "change": 1, "refuse": 13}


def test_only_who_administers_the_whole_city_takes_them_away(town):
    part = Client()
    part.force_login(holder("part", "admin", area=AREA_HERE))
    assert part.get(f"/api/exports/{KIND}.csv").status_code == 403


GAPS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.booleans()), min_size=1, max_size=4)


@settings(
    max_examples=5, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(GAPS, st.booleans())
def test_whatever_the_city_ruled_and_when_a_file_of_it_makes_it_so_again(root, gaps, turned):
    forgotten()
    since = clock.now() - 6 * DAY
    for number, (gap, length, whole) in enumerate(gaps):
        since += gap * DAY
        row = actions.draft_general(
            actor=ADMIN, **{**GIVEN, "reason": f"理由{number}", "by": "city" if whole else "district"},
            valid_from=since, valid_until=since + length * DAY, brought=True,
        )  # fmt: skip
        actions.bring_general(row, actor=ADMIN)
        since += length * DAY
    out = exported(root)
    assert counts(checked(out, kind=KIND)) == {"same": len(gaps)}
    forgotten()
    lines = out.decode().splitlines()
    job = imported("\n".join([lines[0], *reversed(lines[1:])]) if turned else out, kind=KIND)
    assert (codes(job), counts(job)) == ([], {"add": len(gaps)})
    assert exported(root) == out
