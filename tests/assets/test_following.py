"""Components stand where a new map puts them: their cell, their history, who sees them, what the tiles count."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from assets import actions, selectors
from assets.models import Asset, Change, Stamp, Tally
from assets.tasks import follow_map as sweep
from core import clock
from core.errors import Invalid
from core.scope import Actor, Ground
from grid import actions as grid_actions
from grid import selectors as grid
from grid.models import Follower
from journal.actions import deliver, number
from journal.models import Entry
from tests.assets.factories import KERB, line, put, row, types
from tests.assets.factories import LAMP as LAMP_TYPE
from tests.grid.factories import ADMIN, CITY, SIDE, SOUTH, WEST, put_map, square, tiny_map

pytestmark = pytest.mark.django_db
HOME = "449901001001"
LAMP, OTHER, FAR = (f"449901013700000{n}" for n in (1, 2, 3))
JIN, LONG = (Actor(name, "", {"case.see": (Ground(area=f"{CITY}.{name}"),)}) for name in ("449901", "449902"))


@pytest.fixture
def lamps() -> None:
    """The tiny map in force since this morning, with lamps in its south-western cells, all known to stand there."""
    put_map()
    types(LAMP_TYPE, KERB)
    put(row(LAMP, 0, 0), row(OTHER, 0, 0) | {"lon": WEST + 0.1 * SIDE}, row(FAR, 2, 0))
    later(hours=1)
    sweep()


def later(**given: float) -> None:
    moment = clock.now() + timedelta(**given)
    clock.set_source(lambda: moment)


def relay() -> None:
    while number() or deliver():
        pass


def split_draft() -> int:
    """A draft in which the cell of the first two lamps is split between them."""
    draft = grid_actions.draft_version(actor=ADMIN)
    west = round(WEST + 0.3 * SIDE, 7)
    drawn = {"type": "LineString", "coordinates": [[west, SOUTH - SIDE / 9], [west, SOUTH + SIDE * 10 / 9]]}
    given = {"code": cell_of(LAMP), "line": drawn}
    revision = grid.version_of(draft).revision
    grid_actions.edit(draft, actor=ADMIN, revision=revision, op="split", given=given)
    return draft


def cell_of(code: str) -> str:
    return Asset.objects.get(code=code).cell


def here(column: float) -> str:
    return grid.place_at(WEST + column * SIDE, SOUTH + 0.5 * SIDE).cell


def turned_map() -> dict[str, Any]:
    """The tiny map with its districts the other way round: 龙滨区 in the west, 金港区 two columns further east."""
    drawn = tiny_map()
    for part in ("regions", "cells"):
        for one in drawn[part]["features"]:
            code = one["properties"]["code"]
            columns = 0 if code == CITY else 2 if code.startswith("449901") else -4
            ring = one["geometry"]["coordinates"][0]
            one["geometry"]["coordinates"] = [[[round(x + columns * SIDE, 7), y] for x, y in ring]]
    return drawn


def tallied() -> dict[tuple[int, str], int]:
    rows = Tally.objects.values_list("level", "area").annotate(many=Sum("n"))
    return {(level, area): many for level, area, many in rows if many}


def counted() -> dict[tuple[int, str], int]:
    """The same, counted in the register itself."""
    standing = Counter(Asset.objects.exclude(state="removed").values_list("area", flat=True))
    return {(level, area): many for level in (15, 17) for area, many in standing.items()}


def test_when_a_split_cell_is_published_what_the_preview_promised_has_happened(lamps):
    before = {code: cell_of(code) for code in (LAMP, OTHER, FAR)}
    draft = split_draft()
    [told] = [one for one in grid.moves(draft)["totals"] if one["kind"] == "components"]
    grid_actions.publish(draft, actor=ADMIN)
    relay()
    after = {code: cell_of(code) for code in (LAMP, OTHER, FAR)}
    assert (told["moved"], told["lost"]) == (sum(before[code] != after[code] for code in before), 0) == (1, 0)
    assert after == {LAMP: here(0.5), OTHER: here(0.1), FAR: before[FAR]}
    assert after[LAMP] != after[OTHER]
    [moved] = [code for code in before if before[code] != after[code]]
    entry = Entry.objects.get(kind="grid.followed.v1")
    assert entry.data == {"version": draft, "kind": "components", "moved": 1}
    assert [one.asset.code for one in Change.objects.filter(act="grid")] == [moved]


def test_the_move_is_a_version_of_the_component_with_its_history(lamps):
    before = cell_of(LAMP), cell_of(OTHER)
    grid_actions.publish(split_draft(), actor=ADMIN)
    later(minutes=1)
    relay()
    change = Change.objects.get(act="grid")
    assert change.before == {"cell": before[0]}
    assert change.after == {"cell": change.asset.cell}
    assert (change.version, change.asset.version, change.actor) == (2, 2, "rule:map")
    assert change.asset.changed_at == change.at == clock.now()


def test_a_second_run_changes_nothing(lamps):
    grid_actions.publish(split_draft(), actor=ADMIN)
    relay()
    rows, stamps = list(Asset.objects.order_by("pk").values()), list(Stamp.objects.values())
    for _ in range(2):
        sweep()
        later(hours=1)
    assert list(Asset.objects.order_by("pk").values()) == rows
    assert list(Stamp.objects.values()) == stamps, "no tile was cut anew"
    assert Change.objects.filter(act="grid").count() == Entry.objects.filter(kind="grid.followed.v1").count() == 1


def test_a_map_dated_ahead_moves_nothing_before_its_day(lamps):
    before = {code: cell_of(code) for code in (LAMP, OTHER)}
    grid_actions.publish(split_draft(), actor=ADMIN, at=clock.now() + timedelta(days=2))
    relay()
    sweep()
    assert {code: cell_of(code) for code in before} == before
    later(days=2, minutes=1)
    sweep()
    assert {code: cell_of(code) for code in before} == {LAMP: here(0.5), OTHER: here(0.1)} != before


def test_on_other_districts_ground_the_other_districts_people_see_it_and_the_tally_is_right(lamps):
    assert {view.code for view in seen_by(JIN)} == {LAMP, OTHER, FAR}
    stamps = set(Stamp.objects.values_list("pk", "times"))
    grid_actions.import_grid(turned_map(), actor=ADMIN)
    relay()
    assert {view.code for view in seen_by(LONG)} == {LAMP, OTHER}
    assert {view.code for view in seen_by(JIN)} == {FAR}
    assert tallied() == counted()
    assert len(counted()) == 4
    assert set(Stamp.objects.values_list("pk", "times")) != stamps, "tiles have another tag"
    assert Change.objects.filter(act="grid", before__has_key="area").count() == 3


def test_a_component_that_a_map_lays_in_another_district_keeps_its_code_and_is_edited_there(lamps):
    """A code is never given anew and stands in cases and on covers: it names the district where it was numbered."""
    grid_actions.import_grid(turned_map(), actor=ADMIN)
    relay()
    keeper = Actor("k", "", {"component.edit": (Ground(area=f"{CITY}.449902"),), "case.see": (Ground(),)})
    view = actions.edit(LAMP, actor=keeper, version=2, given={"state": "damaged"}, reason="灯罩破损")
    assert (view.code, view.state, view.cell) == (LAMP, "damaged", here(0.5))
    assert selectors.asset(LAMP, actor=LONG).code == LAMP, "it is found by the code that is painted on it"
    assert put(row(LAMP, 0, 0) | {"state": "damaged"}).refused == (), "a file of the register is taken back"
    assert actions.edit(LAMP, actor=ADMIN, version=3, given=place(2), reason="搬回").area.split(".")[1] == "449901"
    with pytest.raises(Invalid, match=r"assets\.other_district"):
        actions.edit(FAR, actor=ADMIN, version=2, given=place(0), reason="搬走")
    assert put(row("4499010137000009", 0, 0)).refused[0].reason == "assets.other_district", "new ones are numbered anew"


def place(column: float) -> dict[str, float]:
    return {"lon": round(WEST + (column + 0.5) * SIDE, 7), "lat": round(SOUTH + 0.5 * SIDE, 7)}


def test_lists_of_a_district_have_what_came_to_it_and_not_what_left_it(lamps):
    grid_actions.import_grid(turned_map(), actor=ADMIN)
    relay()
    for actor, codes in ((LONG, [LAMP, OTHER]), (JIN, [FAR])):
        assert [one.code for one in selectors.components(selectors.Filters(), actor=actor)[0]] == codes
    west = selectors.Filters(area=f"{CITY}.449902")
    page, after = selectors.components(west, actor=ADMIN, limit=1)
    assert ([one.code for one in page], after) == ([LAMP], LAMP)
    page, after = selectors.components(west, actor=ADMIN, after=after, limit=1)
    assert ([one.code for one in page], after) == ([OTHER], "")


def seen_by(actor: Actor) -> list[Any]:
    return list(Asset.objects.filter(selectors.visible_to(actor)))


def test_what_stands_in_no_cell_any_more_keeps_the_last_it_had(lamps):
    """A map always covers its communities, so whoever is lost stood outside what is left of the city."""
    kept, area = Asset.objects.values_list("cell", "area").get(code=LAMP)
    drawn = turned_map()
    grid_actions.import_grid(without_the_west(drawn), actor=ADMIN)
    relay()
    assert Asset.objects.values_list("cell", "area").get(code=LAMP) == (kept, area)
    assert cell_of(FAR) == here(2.5)


def without_the_west(drawn: dict[str, Any]) -> dict[str, Any]:
    for part in ("regions", "cells"):
        drawn[part]["features"] = [
            one for one in drawn[part]["features"] if not one["properties"]["code"].startswith("449902")
        ]
    [city] = [one for one in drawn["regions"]["features"] if one["properties"]["code"] == CITY]
    city["geometry"]["coordinates"] = [square(2, 0, 4, 2)]
    return drawn


def test_a_line_that_only_touches_changed_ground_stays_in_the_cell_of_its_middle(lamps):
    put({"code": "4499010286000001", "geometry": line(0, 0)})
    before = cell_of("4499010286000001")
    grid_actions.publish(split_draft(), actor=ADMIN)
    relay()
    assert cell_of("4499010286000001") == here(0.5)
    assert before


def test_work_that_broke_off_goes_on_and_who_wrote_by_the_old_map_meanwhile_is_found_by_the_last_look(lamps):
    old = cell_of(LAMP)
    grid_actions.publish(split_draft(), actor=ADMIN)
    Asset.objects.filter(code=LAMP).update(cell=here(0.5))
    sweep()
    assert (cell_of(LAMP), cell_of(OTHER)) == (here(0.5), here(0.1))
    put(row("4499010137000004", 0, 0) | {"lon": WEST + 0.1 * SIDE}, row("4499010137000005", 0, 0))
    late = Asset.objects.filter(code__in=("4499010137000004", "4499010137000005"))
    late.update(cell=old)
    sweep()
    assert set(late.values_list("cell", flat=True)) == {old}, "it was led here already"
    later(minutes=31)
    sweep()
    assert set(late.values_list("cell", flat=True)) == {here(0.5), here(0.1)}
    assert Follower.objects.get(kind="components").stands_on_id == grid.map_version()


def test_a_map_that_came_and_went_leaves_nobody_in_its_cells(lamps):
    before = {code: cell_of(code) for code in (LAMP, OTHER)}
    grid_actions.import_grid(turned_map(), actor=ADMIN)
    sweep()
    assert cell_of(LAMP) not in before.values()
    later(minutes=5)
    put_map()
    sweep()
    assert {code: cell_of(code) for code in before} == before
    assert Change.objects.filter(asset__code=LAMP, act="grid").count() == 2


def test_a_map_that_changes_more_than_may_be_done_at_once_is_left_to_the_sweep(lamps):
    grid_actions.import_grid(turned_map(), actor=ADMIN)
    assert actions.follow_map(most=5) == 0
    assert Change.objects.filter(act="grid").count() == 0
    assert actions.follow_map() == 3
