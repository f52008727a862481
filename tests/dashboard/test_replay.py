"""Three ways to know what the wall shows, and that they agree: the tables, the reactions, the browser's reducer."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from cases.contracts import ENDS
from cases.models import Case, Clock, Move
from dashboard import reactions, rules, selectors
from dashboard.contracts import HOURLY
from dashboard.models import Tile, WallCase
from journal import selectors as feeds
from tests.cases.factories import HERE, brought_to, standing, take
from tests.dashboard.stories import WALL, Story, as_json, published, replayed

pytestmark = pytest.mark.django_db
FLOW = {"report": "reported", "register": "registered", "close": "closed", "check_pass": "verdict"}
FAILED = ("check_fail", "refuse_feedback")


def day_of(at: Any) -> str:
    return rules.local(at).date().isoformat()


def counted_from_tables() -> Counter[tuple[str, str, str]]:
    """(scope, day, measure) -> count, from moves and clocks alone."""
    found: Counter[tuple[str, str, str]] = Counter()
    for move in Move.objects.select_related("case"):
        counts = move.verb == "check_pass" or not move.case.parent_id
        told = [FLOW[move.verb]] if move.verb in FLOW and counts else []
        told += ["verdict", "rework"] if move.verb in FAILED else []
        if move.verb == "register" and counts:
            told += [f"source:{move.case.source}", f"hour:{rules.local(move.at).hour:02d}"]
        told += [f"{measure}:{rules.local(move.at).hour:02d}" for measure in told if measure in HOURLY]
        for measure in told:
            found["city", day_of(move.at), measure] += 1
            if move.case.district and not (move.verb == "report" and located_later(move.case)):
                found[f"d:{move.case.district}", day_of(move.at), measure] += 1
    for row in Clock.objects.filter(kind="handling").exclude(due_at=None).select_related("case"):
        for measure in decided(row):
            at = rules.local(row.told_overdue_at or row.stopped_at)
            for scope in ("city", f"d:{row.case.district}"):
                found[scope, day_of(row.due_at), measure] += 1
                found[scope, day_of(at), f"{measure}:{at.hour:02d}"] += 1
    return found


def located_later(case: Case) -> bool:
    """The report of such a case was told to the city only: nobody knew its district."""
    return Move.objects.filter(case=case, verb="locate").exists()


def decided(row: Clock) -> list[str]:
    confirmed = Move.objects.filter(case=row.case, verb="confirm", at=row.stopped_at).exists()
    if row.told_overdue_at is None and not confirmed:
        return []
    kept = confirmed and row.stopped_at <= row.due_at
    quick = (row.due_at - row.started_at).total_seconds() <= rules.QUICK_SECONDS
    return ["due", *["kept"] * kept, *["quick"] * quick, *["quick_kept"] * (kept and quick)]


@pytest.mark.parametrize("seed", range(2))
def test_tiles_kept_by_reactions_equal_tiles_counted_from_the_tables(time, town, seed):
    story = Story(town, time, seed)
    story.go_on(80)
    published()
    kept = {(tile.scope, tile.day.isoformat(), tile.measure): tile.value for tile in Tile.objects.exclude(value=0)}
    ours = {key: n for key, n in kept.items() if not key[2].startswith(("late:", "opened", "ended"))}
    assert ours == dict(counted_from_tables())
    assert len(story.taken) > 8, f"the story was too quiet: {sorted(story.taken)}"


def test_the_parts_of_a_case_are_no_reports_of_their_own_on_the_wall(time, town, tmp_path):
    case = brought_to(town, "registered")
    published()
    before = selectors.snapshot(WALL, "city")
    parts = [{"department": f"d{HERE}-appearance"}] * 2
    whole = take(town, case, "split", "city_dispatcher", parts=parts)
    for part in Case.objects.filter(parent=case.number):
        brought_to(town, "closed", standing(part))
    take(town, whole, "close", "leader", closing="a")
    published()
    kept = {(tile.scope, tile.day.isoformat(), tile.measure): tile.value for tile in Tile.objects.exclude(value=0)}
    counted = {one: kept["city", day_of(time()), one] for one in ("reported", "registered", "closed", "verdict")}
    assert counted == {"reported": 1, "registered": 1, "closed": 1, "verdict": 2}
    assert {key: n for key, n in kept.items() if not key[2].startswith(("opened", "ended"))} == counted_from_tables()
    assert "entries" in replayed(before, selectors.snapshot(WALL, "city"), "city", tmp_path)


def test_the_cases_in_mind_are_the_open_cases_of_the_tables(time, town):
    Story(town, time, 3).go_on(60)
    published()
    in_mind = {row.number: row.data for row in WallCase.objects.filter(open=True)}
    tables = {case.number: case for case in Case.objects.exclude(stage__in=sorted(ENDS))}
    assert in_mind.keys() == tables.keys()
    for number, case in tables.items():
        mind = in_mind[number]
        assert (mind["stage"], mind["district"], mind["cell"], mind["organisation"], mind["source"]) == (
            case.stage, case.district, case.cell, case.organisation, case.source,
        )  # fmt: skip
        assert mind["due_at"] == (case.due_at.isoformat() if case.due_at else None)
        assert mind["version"] == case.version


@pytest.mark.parametrize(("seed", "scope"), [(100, "city"), (101, "city"), (102, "d:449901")])
def test_the_browser_follows_the_feed_from_one_snapshot_to_the_next(time, town, seed, scope, tmp_path):
    story = Story(town, time, seed)
    story.go_on(40)
    published()
    before = selectors.snapshot(WALL, scope)
    story.go_on(50)
    published()
    after = selectors.snapshot(WALL, scope)
    assert as_json(before) != as_json(after)
    assert "entries" in replayed(before, after, scope, tmp_path)


def test_a_snapshot_stands_where_the_reactions_stand_and_not_where_the_tables_stand(time, town):
    story = Story(town, time, 7)
    story.go_on(20)
    published()
    before, then = selectors.snapshot(WALL, "city"), time.moment
    story.go_on(10)
    time.moment = then
    behind = selectors.snapshot(WALL, "city")
    assert behind["heads"] == before["heads"]
    assert behind["cases"] == before["cases"]
    assert behind["days"] == before["days"]


def test_an_entry_delivered_twice_is_counted_once(time, town):
    story = Story(town, time, 8)
    story.go_on(25)
    published()
    tiles = list(Tile.objects.order_by("id").values_list("scope", "day", "measure", "value"))
    for number in story.numbers:
        for entry in feeds.history(number):
            reactions.keep_tiles(entry)
    assert list(Tile.objects.order_by("id").values_list("scope", "day", "measure", "value")) == tiles


def test_a_fortnight_is_enough_for_a_snapshot(time, town):
    story = Story(town, time, 9)
    story.go_on(10)
    time.pass_by(days=30)
    published()
    days = selectors.snapshot(WALL, "city")["days"]
    oldest = min((day for counts in days.values() for day in counts), default=None)
    assert oldest is None or oldest >= day_of(time.moment - timedelta(days=14))
