"""Special rules of responsibility come in from files: what was decided stays, what is to hold is replayed first."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from cases import actions, selectors
from cases.models import Override
from core import clock
from exchange.contracts import State
from grid import selectors as grid
from journal.models import Entry
from tests.accounts.factories import ROOT, holder
from tests.cases.factories import AREA_HERE, CITY, HERE, THERE, brought_to
from tests.exchange.factories import ADMIN, checked, codes, collection, imported, polygon, square, suspicions

KIND = "special_rules"
DISTRICT, OTHER = f"{CITY}.{HERE}", f"{CITY}.{THERE}"
BUREAU = f"d{HERE}-appearance"
HEAD = "小类代码,区域,责任单位,协办单位,争议裁定,原因,生效时间,失效时间\n"


@pytest.fixture
def root(town):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


def saved(**changes) -> Override:
    given = {"category_code": "E0407", "area": DISTRICT, "organisation": "centre", "reason": "直管", **changes}
    row = actions.draft_override(actor=ADMIN, **given)
    return actions.save_override(row, actor=ADMIN, seen=selectors.replay_save(row).seal)


@pytest.fixture
def rules(time, town) -> list[Override]:
    """One that is over, the one that followed it, one to come, one of the whole city, and one that was taken back."""
    first = saved(valid_until=clock.now() + timedelta(days=2), cooperating=[BUREAU, f"d{THERE}-appearance"])
    time.pass_by(days=1)
    second = saved(arbiter="centre", organisation="", valid_until=clock.now() + timedelta(days=40))
    coming = saved(valid_from=clock.now() + timedelta(days=60))
    city = saved(area="")
    back = saved(area=OTHER, valid_from=clock.now() + timedelta(days=5))
    actions.end_override(back.pk, actor=ADMIN, reason="取消", seen=selectors.replay_end(back.pk).seal)
    time.pass_by(hours=1)
    return [first, second, coming, city, back]


def exported(client: Client, suffix: str = "csv") -> bytes:
    return b"".join(client.get(f"/api/exports/{KIND}.{suffix}"))


def counts(job) -> dict[str, int]:
    return {name: count for name, count in (job.counts or job.report["counts"]).items() if count}


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "gpkg"])
def test_what_goes_out_changes_nothing_and_makes_an_empty_installation_equal(rules, root, suffix):
    out, text = exported(root, suffix), exported(root)
    same = checked(out, f"a.{suffix}", kind=KIND)
    assert (codes(same), counts(same), suspicions(same)) == ([], {"same": 5}, {})
    Override.objects.update(before=None)
    Override.objects.all().delete()
    job = imported(out, f"a.{suffix}", kind=KIND)
    assert (job.state, codes(job), counts(job)) == (State.DONE, [], {"add": 5})
    assert exported(root) == text


def test_the_outline_of_the_area_is_given_away_with_the_rule(rules, root):
    features = json.loads(exported(root, "geojson"))["features"]
    drawn = {one["properties"]["area"]: one["geometry"] is not None for one in features}
    assert drawn == {"": False, DISTRICT: True, OTHER: True}


def test_other_words_end_the_rule_that_holds_and_begin_another_which_is_told(rules, root):
    out = exported(root).decode("utf-8-sig")
    line = next(line for line in out.splitlines() if line.startswith(f"E0407,{DISTRICT},,"))
    edited = out.replace(line, line.replace(f"E0407,{DISTRICT},,", f"E0407,{DISTRICT},{BUREAU},"))
    job = imported(edited, kind=KIND)
    assert (codes(job), counts(job)) == ([], {"change": 1, "same": 4})
    held = Override.objects.get(pk=rules[1].pk)
    assert (held.organisation, held.valid_until) == ("", clock.now())
    made = Override.objects.latest("pk")
    assert (made.organisation, made.arbiter, made.valid_from) == (BUREAU, "centre", clock.now())
    assert made.valid_until == rules[1].valid_until
    told = Entry.objects.filter(kind="responsibility.overridden.v1").latest("id")
    assert (told.subject, told.data["before"]) == (f"override:{made.pk}", {"arbiter": "centre"})
    assert counts(checked(edited, kind=KIND)) == {"same": 5}, "the same file again changes nothing"


def test_another_end_is_the_end_and_no_other_rule_is_made(rules, root):
    out = exported(root).decode("utf-8-sig")
    sooner = (clock.now() + timedelta(days=3)).isoformat()
    city = next(line for line in out.splitlines() if line.startswith("E0407,,centre"))
    began = rules[3].valid_from.isoformat()
    edited = out.replace(rules[1].valid_until.isoformat(), sooner).replace(
        city, city.replace(f"{began},", f"{began},{sooner}")
    )
    job = imported(edited, kind=KIND, options={"reason": "提前结束"})
    assert (codes(job), counts(job)) == ([], {"change": 1, "retire": 1, "same": 3})
    assert [Override.objects.get(pk=rules[n].pk).valid_until.isoformat() for n in (1, 3)] == [sooner, sooner]
    assert Override.objects.count() == 5
    ended = Entry.objects.filter(kind="responsibility.override_ended.v1").latest("id")
    assert ended.data["reason"] == "提前结束"
    assert counts(checked(edited, kind=KIND)) == {"same": 5}


def test_cases_that_would_move_are_a_suspicion_to_be_read_and_nothing_moves_before(time, town):
    brought_to(town, "registered")
    text = HEAD + f"e0407,{HERE},centre,,,直管,,\n"
    job = checked(text, kind=KIND)
    assert (counts(job), suspicions(job)) == ({"add": 1}, {"responsibility.cases_move": True})
    assert job.report["suspicions"][0]["params"] == {"moved": 1, "total": 1}
    assert not Override.objects.exists()
    assert selectors.responsible("E0407", AREA_HERE).organisation == BUREAU
    imported(text, kind=KIND)
    assert selectors.responsible("E0407", AREA_HERE).organisation == "centre"


def test_a_row_is_replayed_in_the_dry_run_as_it_is_judged_anew_and_as_it_is_saved_and_no_more(time, town):
    rows = [f"{code},{HERE},centre,,,直管,,\n" for code in ("E0407", "E0110", "E0506")]

    def replays(*lines: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            job = imported(HEAD + "".join(lines), kind=KIND)
        assert counts(job) == {"add": len(lines)}
        return sum("promise__condition" in query["sql"] for query in asked.captured_queries)

    one, two = replays(rows[0]), replays(*rows[1:])
    assert (one, two) == (3, 6)


def test_each_wrong_row_is_named_and_the_others_are_taken(rules, town):
    later = (clock.now() + timedelta(days=300)).isoformat()
    for row in rules:
        row.refresh_from_db()
    first, second = rules[:2]
    past = f"{first.valid_from.isoformat()},{first.valid_until.isoformat()}"
    minute = f"{second.valid_from.isoformat()},{(second.valid_from + timedelta(minutes=1)).isoformat()}"
    job = imported(HEAD + "".join([
        f"E9999,{DISTRICT},centre,,,因,,\n",
        "E0407,449999,centre,,,因,,\n",
        f"E0407,{OTHER},nobody,,,因,2031-01-01,2031-01-02\n",
        f"E0407,{OTHER},,,,因,2032-01-01,2032-01-02\n",
        f"E0407,{OTHER},centre,centre,,因,2033-01-01,2033-01-02\n",
        f"E0407,{OTHER},centre,,,因,2031-05-02,2031-05-01\n",
        f"E0407,{OTHER},centre,,,因,昨天,\n",
        f"E0110,{OTHER},centre,,,因,,{later}\n",
        f"E0110,{OTHER},{BUREAU},,,因,2026-12-31,\n",
        f"E0407,{DISTRICT},{BUREAU},,,因,{past}\n",
        f"E0407,{DISTRICT},,,centre,直管,{minute}\n",
        f"E0407,{OTHER},centre,,,因,,2020-01-01\n",
        f"E0407,,{BUREAU},,,,,\n",
        f"E0407,{DISTRICT},{BUREAU},,,因,,\n",
    ]), kind=KIND)  # fmt: skip
    assert codes(job) == [
        (1, "case.unknown_category"), (2, "responsibility.no_area"), (3, "case.unknown_organisation"),
        (4, "responsibility.says_nothing"), (5, "responsibility.party"),
        (6, "responsibility.ends_before_it_begins"), (7, "responsibility.bad_moment"),
        (9, "responsibility.rows_overlap"), (10, "responsibility.held_then"),
        (11, "responsibility.ends_in_the_past"), (12, "responsibility.ends_before_it_begins"),
        (13, "exchange.empty_cell"), (14, "responsibility.another_follows"),
    ]  # fmt: skip
    assert counts(job) == {"add": 1, "refuse": 13}
    assert Override.objects.latest("pk").category == "E0110"


def test_a_shape_stands_for_the_region_whose_outline_it_is(town):
    version = grid.map_version()
    outline = grid.draft_outlines(version)[HERE]
    ring = [list(point) for point in getattr(outline, "geoms", [outline])[0].exterior.coords]
    words = {"class": "E0407", "organisation": "centre", "reason": "直管"}
    job = imported(collection(
        polygon(ring, **words), polygon(square(100, 30), **words), polygon(ring, **words, area=OTHER),
    ), "a.geojson", kind=KIND, mapping={"area": "area"})  # fmt: skip
    assert codes(job) == [(2, "responsibility.shape_of_nothing"), (3, "responsibility.shape_elsewhere")]
    assert Override.objects.get().area == DISTRICT


def test_a_rule_that_is_over_may_name_who_is_in_use_no_longer(time, town):
    accounts.create_organisation(code="gone", names={"zh": "旧", "en": "Old"}, kind="department", level="city",
                                 parent="centre", area=CITY, actor=ROOT)  # fmt: skip
    accounts.change_organisation("gone", active=False, actor=ROOT)
    text = HEAD + "E0407,,gone,,,因,2019-01-01,2020-01-01\nE0407,,gone,,,因,2021-01-01,\n"
    job = imported(text, kind=KIND)
    assert codes(job) == [(2, "case.unknown_organisation")]
    assert Override.objects.get().organisation == "gone"
    assert Override.objects.get().made_label == "test"
