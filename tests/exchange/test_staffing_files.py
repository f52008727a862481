"""Posts with who holds them, and rosters, come in from files and go out equal; each refusal names its row."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import actions as accounts
from accounts import selectors as people
from accounts.actions import Wish
from accounts.models import Grant, Post, Watch
from core import clock
from exchange import actions
from exchange.contracts import State
from exchange.models import ImportJob
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, city, holder, person, role
from tests.accounts.test_staffing import MONDAY, NOON, SHIFTS
from tests.exchange.factories import checked, codes, imported, suspicions

pytestmark = pytest.mark.django_db
POSTS = "岗位代码,单位,角色,岗位名称,岗位英文名称,区域,限于本单位,在用,用户名,任职起始,任职截止\n"
TURNS = "单位,日期,班次,用户名\n"
DAY, HOME, NEXT = timedelta(days=1), "appearance-449901", "sanitation-449901"
GONE = {"options": {"left_out": "take_out"}}


@pytest.fixture
def town():
    clock.set_source(lambda: NOON)
    city()
    role("desk", "desk", "case.see")
    role("leader", "supervise", "case.see")
    accounts.adopt_shifts(SHIFTS, pack="base", actor=ROOT)
    return {name: person(name, HOME) for name in ("wang", "li", "zhao")}


@pytest.fixture
def root(town):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


@pytest.fixture
def held(town):
    """A desk that two hold after each other, a post of nobody, one of the whole city, and one given up."""
    desk = accounts.create_post(organisation=HOME, role="desk", code="desk", actor=ROOT)
    accounts.create_post(organisation=HOME, role="desk", code="empty", actor=ROOT, names={"zh": "二岗", "en": "Two"})
    accounts.create_post(organisation="centre", role="leader", code="lead", area="", bound=False, actor=ROOT)
    accounts.create_post(organisation=HOME, role="desk", code="old", actor=ROOT)
    accounts.appoint("old", user="li", actor=ROOT)
    accounts.change_post("old", active=False, actor=ROOT)
    accounts.appoint("desk", user="wang", actor=ROOT, valid_until=NOON + 30 * DAY)
    accounts.appoint("desk", user="li", actor=ROOT, valid_from=NOON + 30 * DAY)
    accounts.appoint("lead", user="zhao", actor=ROOT, valid_from=NOON - 90 * DAY)
    clock.set_source(lambda: NOON + timedelta(hours=1))
    return desk


def exported(client: Client, name: str, suffix: str = "csv", **asked) -> bytes:
    answer = client.get(f"/api/exports/{name}.{suffix}", asked)
    assert answer.status_code == 200
    return b"".join(answer)


def counts(job) -> dict[str, int]:
    return {name: count for name, count in (job.counts or job.report["counts"]).items() if count}


def holders(code: str) -> list[tuple[str, datetime, datetime | None]]:
    rows = Grant.objects.not_over(clock.now()).filter(post__code=code).order_by("valid_from", "pk")
    return list(rows.values_list("user__username", "valid_from", "valid_until"))


class TestPosts:
    @pytest.mark.parametrize("suffix", ["csv", "xlsx"])
    def test_what_goes_out_changes_nothing_and_makes_an_empty_installation_equal(self, held, root, suffix):
        out = exported(root, "posts", suffix)
        told = Entry.objects.filter(kind__startswith="accounts.").count()
        again = checked(out, f"a.{suffix}", kind="posts")
        assert (codes(again), counts(again)) == ([], {"same": 5})
        assert Entry.objects.filter(kind__startswith="accounts.").count() == told
        text = exported(root, "posts")
        Grant.objects.filter(post__isnull=False).delete()
        Post.objects.all().delete()
        job = imported(out, f"a.{suffix}", kind="posts")
        assert (job.state, codes(job), counts(job)) == (State.DONE, [], {"add": 5})
        assert job.report["told"] == {"posts": 4}
        assert exported(root, "posts") == text
        assert people.actor_of(person("new")).rights == {}

    def test_a_file_founds_appoints_ends_renames_and_gives_up(self, held):
        text = POSTS + "".join([
            "new,appearance-449901,desk,,,,,,li,,2027-03-01\n",
            "desk,,,,,,,,wang,,2026-12-01\n",
            "lead,,,值班长一,Leader 1,,,,zhao,,2026-11-01\n",
            "empty,,,,,,,否,,,\n",
        ])  # fmt: skip
        before = holders("desk")
        assert counts(checked(text, kind="posts")) == {"add": 1, "change": 1, "retire": 2}
        assert holders("desk") == before, "a dry run writes nothing"
        job = imported(text, kind="posts")
        assert (codes(job), counts(job)) == ([], {"add": 1, "change": 1, "retire": 2})
        new = Post.objects.get(code="new")
        assert (new.names, new.area, new.bound) == ({"zh": "desk", "en": "desk"}, HERE, True)
        assert holders("new")[0][2] == datetime(2027, 2, 28, 16, tzinfo=UTC)
        assert holders("desk")[0] == ("wang", NOON, datetime(2026, 11, 30, 16, tzinfo=UTC))
        assert (holders("lead"), Post.objects.get(code="lead").names["zh"]) == ([], "值班长一")
        assert not Post.objects.get(code="empty").active
        assert counts(checked(text, kind="posts")) == {"same": 3, "leave": 1}, "the same file again changes nothing"

    def test_a_longer_time_goes_on_without_a_hole_and_stays_one_row(self, town, held):
        text = POSTS + "desk,,,,,,,,wang,2026-11-23T12:00:00+08:00,2027-06-01\n"
        accounts.leave_post(Grant.objects.get(user=town["li"], post=held).pk, actor=ROOT)
        assert counts(imported(text, kind="posts")) == {"change": 1}
        first, second = holders("desk")
        assert first[2] == second[1]
        assert second[2] == datetime(2027, 5, 31, 16, tzinfo=UTC)
        assert counts(checked(text, kind="posts")) == {"same": 1}

    def test_nobody_judges_their_own_work_unless_one_ends_before_the_other_begins(self, held):
        desk, lead = "desk,,,,,,,,wang,,{}\n", "lead,,,,,,,,wang,{},\n"
        both = checked(POSTS + lead.format("") + desk.format("2026-12-20"), kind="posts")
        assert codes(both) == [(1, "accounts.desk_and_supervises")]
        text = POSTS + lead.format("2026-12-20") + desk.format("2026-12-20")
        job = imported(text, kind="posts")
        assert (codes(job), counts(job)) == ([], {"add": 1, "change": 1})
        rows = "new1,centre,leader,,,,,,li,,\nnew2,appearance-449901,desk,,,,,,li,,\n"
        twice = checked(POSTS + rows, kind="posts")
        assert {code for _line, code in codes(twice)} == {"accounts.desk_and_supervises"}

    def test_each_wrong_row_is_named_by_its_line_and_nothing_of_it_happens(self, held):
        text = POSTS + "".join([
            "Desk 1,,,,,,,,wang,,\n",
            "p1,nowhere,desk,,,,,,,,\n",
            "p2,appearance-449901,,,,,,,,,\n",
            "desk,centre,,,,,,,,,\n",
            "desk,,,,,*,,,,,\n",
            "desk,,,,,,,,nobody,,\n",
            "desk,,,,,,,,zhao,2027-02-01,2027-01-01\n",
            "desk,,,,,,,,zhao,昨天,\n",
            "desk,,,,,,,,li,2026-12-01,\n",
            "empty,,,,,,也许,,,,\n",
            "p3,appearance-449901,desk,甲,,,,,,,\n",
            "old,,,,,,,,wang,,\n",
            "lead,,,,,,,,zhao,,2027-01-01\n",
            "lead,,,,,,,,zhao,2026-12-01,2027-02-01\n",
            "desk,,,,,,,,zhao,9999-01-01,\n",
        ])  # fmt: skip
        before = exported_rows()
        job = checked(text, kind="posts")
        assert codes(job) == [
            (1, "accounts.bad_code"), (2, "accounts.no_such_organisation"), (3, "accounts.new_post_needs"),
            (4, "accounts.post_fixed"), (5, "accounts.post_rows_differ"),
            (6, "accounts.no_such_person"), (7, "accounts.dates_reversed"), (8, "accounts.bad_date"),
            (9, "accounts.held_otherwise"), (10, "accounts.flag_unread"), (11, "accounts.name_missing"),
            (12, "accounts.post_closed"), (14, "accounts.holdings_overlap"), (15, "accounts.bad_date"),
        ]  # fmt: skip
        assert counts(job)["change"] == 1
        assert exported_rows() == before

    def test_a_file_that_would_change_too_much_is_taken_as_far_as_it_may(self, held, monkeypatch):
        monkeypatch.setattr("accounts.actions.post_files.MOST_CHANGES", 1)
        text = POSTS + "desk,,,,,,,,li,2026-12-23T12:00:00+08:00,\nempty,,,,,,,,wang,,\nempty,,,,,,,,zhao,,\n"
        job = imported(text, kind="posts")
        assert (codes(job), counts(job)) == (
            [(3, "accounts.too_many_changes")],
            {"same": 1, "add": 1, "refuse": 1},
        )

    def test_nobody_gives_a_post_to_themselves_by_a_file(self, held, root):
        file = io.BytesIO((POSTS + "desk,,,,,,,,boss,,\n").encode())
        file.name = "posts.csv"
        here = root.post("/imports/", {"kind": "posts", "file": file}).url
        mapping = {f"map_{name}": column for name, column in ImportJob.objects.get().mapping.items()}
        root.post(here, {**mapping, "set_encoding": "utf-8"})
        actions.work(str(ImportJob.objects.get().uid))
        assert codes(ImportJob.objects.get()) == [(1, "accounts.imports_self")]
        assert "Nobody changes their own account or posts by an import." in root.get(here).content.decode()

    def test_manage_py_takes_the_same_file(self, held, tmp_path):
        file = tmp_path / "posts.csv"
        file.write_text(POSTS + "empty,,,,,,,,zhao,,\nempty,,,,,,,,wang,,\n", encoding="utf-8")
        told = io.StringIO()
        call_command("import_city", str(file), "--kind", "posts", "--yes", "--language", "en", stdout=told)
        assert "Row 1 (line 2)" in told.getvalue()
        assert [name for name, _since, _until in holders("empty")] == ["wang"]


def exported_rows() -> list[dict[str, object]]:
    return list(people.post_rows())


PERIODS = st.lists(
    st.tuples(st.sampled_from(["wang", "li"]), st.integers(0, 8), st.integers(1, 3)), min_size=1, max_size=5
)


class TestEveryHolding:
    @settings(
        max_examples=8, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(PERIODS, st.booleans())
    def test_whoever_holds_a_post_whenever_a_file_of_it_makes_it_so_again(self, root, periods, turned):
        Grant.objects.filter(post__isnull=False).delete()
        Post.objects.all().delete()
        accounts.create_post(organisation=HOME, role="desk", code="desk", actor=ROOT)
        ends = {"wang": 0, "li": 0}
        for name, gap, length in periods:
            since = ends[name] + gap
            ends[name] = since + length
            accounts.appoint(
                "desk", user=name, actor=ROOT, valid_from=NOON + since * DAY, valid_until=NOON + ends[name] * DAY
            )
        out = exported(root, "posts")
        assert counts(checked(out, kind="posts")) == {"same": len(periods)}
        Grant.objects.filter(post__isnull=False).delete()
        lines = out.decode().splitlines()
        text = "\n".join([lines[0], *reversed(lines[1:])]) if turned else out
        assert counts(imported(text, kind="posts")) == {"add": len(periods)}
        assert exported(root, "posts") == out


class TestRosters:
    @pytest.fixture
    def roster(self, town):
        """Two people of one department in this week, one of them in the next."""
        wang, li = town["wang"].pk, town["li"].pk
        turns = [Wish(wang, MONDAY, "day"), Wish(wang, MONDAY + DAY, "night"), Wish(li, MONDAY, "evening")]
        accounts.save_roster(HOME, week=MONDAY, wishes=turns, actor=ROOT)
        accounts.save_roster(HOME, week=MONDAY + 7 * DAY, wishes=[Wish(li, MONDAY + 9 * DAY, "day")], actor=ROOT)

    @pytest.mark.parametrize("suffix", ["csv", "xlsx"])
    def test_what_goes_out_changes_nothing_and_makes_an_empty_roster_equal(self, roster, root, suffix):
        out, text = exported(root, "rosters", suffix), exported(root, "rosters")
        for options in ({}, GONE["options"]):
            again = checked(out, f"a.{suffix}", kind="rosters", options=options)
            assert (codes(again), counts(again), suspicions(again)) == ([], {"same": 4}, {})
        Watch.objects.all().delete()
        job = imported(out, f"a.{suffix}", kind="rosters")
        assert (job.state, codes(job), counts(job)) == (State.DONE, [], {"add": 4})
        assert job.report["told"] == {"weeks": 2}
        assert exported(root, "rosters") == text
        part = exported(root, "rosters", since="2026-11-30", organisation=HOME, until="2026-12-02").decode()
        assert [line.split(",")[1] for line in part.splitlines()[1:]] == ["2026-12-02"]
        assert root.get("/api/exports/rosters.csv", {"since": "tomorrow"}).status_code == 400
        page = root.get("/rosters/", {"organisation": HOME, "week": "2026-12-02"}).content.decode()
        assert f"rosters.csv?organisation={HOME}&amp;since=2026-11-30&amp;until=2026-12-06" in page

    def test_what_a_file_leaves_out_stays_unless_it_stands_for_its_weeks(self, roster):
        text = TURNS + "机构appearance-449901,2026/11/25,早班,zhao\n"
        assert counts(imported(text, kind="rosters")) == {"add": 1}
        assert Watch.objects.count() == 5
        whole = checked(text, kind="rosters", **GONE)
        assert (counts(whole), suspicions(whole)) == ({"same": 1, "retire": 3}, {"accounts.turns_left_out": True})
        assert Watch.objects.count() == 5
        imported(text, kind="rosters", **GONE)
        left = Watch.objects.order_by("day").values_list("user__username", "day")
        assert list(left) == [("zhao", date(2026, 11, 25)), ("li", date(2026, 12, 2))]

    def test_a_shift_may_go_from_one_department_to_another_in_one_file(self, town, roster):
        accounts.create_post(organisation=NEXT, role="desk", code="next", actor=ROOT)
        accounts.appoint("next", user="li", actor=ROOT)
        rows = f"{NEXT},2026-11-23,evening,li\n{HOME},2026-11-23,day,wang\n{HOME},2026-11-24,night,wang\n"
        assert codes(checked(TURNS + rows, kind="rosters")) == [(1, "accounts.shifts_overlap")]
        job = imported(TURNS + rows, kind="rosters", **GONE)
        assert (codes(job), counts(job)) == ([], {"add": 1, "same": 2, "retire": 1})
        assert Watch.objects.get(user=town["li"], day=MONDAY).organisation.code == NEXT

    def test_each_wrong_row_is_named_by_its_line(self, roster):
        person("far", NEXT)
        text = TURNS + "".join([
            f"{HOME},2026-11-23,long,li\n",
            f"{HOME},2026-11-24,day,nobody\n",
            f"{HOME},2026-11-24,noon,li\n",
            f"{HOME},2026-02-30,day,li\n",
            f"{HOME},2026-11-24,day,far\n",
            "nowhere,2026-11-24,day,li\n",
            f"{HOME},2026-11-24,day,zhao\n",
            f"{HOME},2026-11-24,day,zhao\n",
            f"{HOME},2026-11-24,long,zhao\n",
            f"{HOME},2026-11-25,day,zhao\n",
            f"{HOME},2026-11-23,day,wang\n",
        ])  # fmt: skip
        job = imported(text, kind="rosters")
        assert codes(job) == [
            (1, "accounts.shifts_overlap"), (2, "accounts.no_such_person"), (3, "accounts.no_such_shift"),
            (4, "accounts.bad_date"), (5, "accounts.not_of_the_staff"), (6, "accounts.no_such_organisation"),
            (8, "accounts.turn_twice"), (10, "accounts.shifts_overlap"),
        ]  # fmt: skip
        assert counts(job) == {"add": 2, "same": 1, "refuse": 8}

    def test_somebody_who_left_stays_on_the_roster_and_gets_no_other_shift(self, town, roster):
        accounts.change_person(town["li"].pk, active=False, actor=ROOT)
        text = TURNS + f"{HOME},2026-11-23,evening,li\n{HOME},2026-11-27,day,zhao\n{HOME},2026-12-08,day,li\n"
        job = imported(text, kind="rosters")
        assert (codes(job), counts(job)) == ([(3, "accounts.not_of_the_staff")], {"same": 1, "add": 1, "refuse": 1})


@pytest.mark.parametrize("name", ["posts", "rosters"])
def test_only_who_administers_the_whole_city_takes_them_away(name):
    part = Client()
    part.force_login(holder("part", "admin", area=HERE))
    assert part.get(f"/api/exports/{name}.csv").status_code == 403
