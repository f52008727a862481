"""Single components: entered, edited, retired, restored, pictured; and their past, which is never lost."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets import actions, selectors
from assets.models import Asset, Change, Photo
from assets.rules import Past, replayed, versions
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import NOBODY, Actor, Ground
from grid import selectors as grid
from journal.models import Entry
from tests.assets.factories import ADMIN, BIN, KERB, LAMP, LAWN, line, patch, put, row, types
from tests.cases.factories import picture
from tests.grid.factories import SIDE, SOUTH, WEST, middle, put_map

pytestmark = pytest.mark.django_db
CODE = "4499010137000001"
JIN, LONG = "449900.449901", "449900.449902"
KEEPER = Actor("keeper", "金港管理员", {"component.edit": (Ground(area=JIN),)}, user_id=7)
FAR = Actor("far", "", {"component.edit": (Ground(area=LONG),)}, user_id=8)


@pytest.fixture(autouse=True)
def a_lamp_on_the_map(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    put_map()
    types(LAMP, BIN, KERB, LAWN)
    put(row(CODE, attributes={"watt": 90}), row("4499020137000001", 5))


def edited(**given):
    return actions.edit(CODE, actor=KEEPER, version=Asset.objects.get(code=CODE).version, given=given, reason="核对")


def test_an_edit_says_who_changed_what_and_why():
    view = edited(state="damaged", maintainer="养护所", attributes={"watt": 60})
    assert (view.version, view.state, view.maintainer, dict(view.attributes)) == (2, "damaged", "养护所", {"watt": 60})
    newest, birth = selectors.history(CODE, actor=KEEPER)
    assert (newest.version, newest.by, newest.why, newest.act) == (2, "金港管理员", "核对", "edit")
    assert list(newest.changes) == [
        ("state", "intact", "damaged"), ("maintainer", "", "养护所"), ("attributes", {"watt": 90}, {"watt": 60}),
    ]  # fmt: skip
    assert (birth.version, birth.act, birth.by, birth.why) == (1, "import", "test", "test")
    news = Entry.objects.get(kind="assets.changed.v1")
    assert (news.subject, news.data["fields"], news.actor) == (CODE, ["state", "maintainer", "attributes"], "keeper")
    assert (news.area.startswith(JIN), news.data["version"]) == (True, 2)


def test_a_shape_has_its_history_too():
    lon, lat = middle(1, 0)
    before = selectors.asset(CODE, actor=KEEPER)
    view = edited(lon=lon, lat=lat)
    assert (view.lon, view.lat, view.cell) == (lon, lat, "449901001001004")
    (moved, _birth) = selectors.history(CODE, actor=KEEPER)
    assert [name for name, _, _ in moved.changes] == ["geom", "cell"]
    was = selectors.past(CODE, Asset.objects.get(code=CODE).created_at, actor=KEEPER)
    assert (was["cell"], was["geom"]) == (before.cell, {name: old for name, old, _ in moved.changes}["geom"])


def test_an_edit_that_changes_nothing_is_no_version():
    assert edited(state="intact").version == 1
    assert not Change.objects.exists()
    assert not Entry.objects.filter(kind="assets.changed.v1").exists()


def test_whoever_saw_an_older_version_is_told_and_changes_nothing():
    edited(state="damaged")
    with pytest.raises(Stale, match=r"assets\.stale"):
        actions.edit(CODE, actor=KEEPER, version=1, given={"state": "lost"}, reason="晚了")
    assert selectors.asset(CODE, actor=KEEPER).state == "damaged"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"attributes": {"watt": "much"}}, "assets.bad_attributes"), ({"state": "melted"}, "assets.bad_state"),
        ({"accuracy": "Z"}, "assets.bad_accuracy"), ({"owner": "x" * 121}, "assets.bad_text"),
        ({"lon": 10.0, "lat": 10.0}, "assets.outside"), ({"geometry": line()}, "assets.wrong_shape"),
        ({"geometry": {"type": "Point", "coordinates": [float("nan"), 1]}}, "assets.bad_place"),
        ({"lon": 1e308, "lat": 1}, "assets.bad_place"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_no_trace(given, code):
    with pytest.raises(Invalid) as told:
        edited(**given)
    assert told.value.code == code
    assert (Asset.objects.get(code=CODE).version, Change.objects.count()) == (1, 0)


def test_a_component_does_not_move_into_another_district():
    lon, lat = middle(5, 0)
    with pytest.raises(Invalid, match=r"assets\.other_district"):
        edited(lon=lon, lat=lat)


def test_every_act_needs_a_reason():
    with pytest.raises(Invalid, match=r"assets\.reason_needed"):
        actions.retire(CODE, actor=KEEPER, version=1, reason=" \n ")


def test_a_removed_component_stands_again_as_it_stood_and_its_code_stays_its_own():
    edited(state="damaged")
    actions.retire(CODE, actor=KEEPER, version=2, reason="道路改造")
    assert selectors.components(selectors.Filters(type="street_light"), actor=KEEPER)[0] == []
    with pytest.raises(Conflict, match=r"assets\.stands_no_more"):
        edited(state="lost")
    made = actions.create(actor=KEEPER, of_type="street_light", given=row(), reason="新装")
    assert made.code == "4499010137000002"
    assert actions.restore(CODE, actor=KEEPER, version=3, reason="误报").state == "damaged"
    with pytest.raises(Conflict, match=r"assets\.stands_already"):
        actions.restore(CODE, actor=KEEPER, version=4, reason="再来")
    assert [one.act for one in selectors.history(CODE, actor=KEEPER)] == ["restore", "retire", "edit", "import"]


def test_a_new_component_gets_the_next_code_and_its_birth_has_a_name():
    kerb = actions.create(actor=KEEPER, of_type="kerb", given={"geometry": line(2)}, reason="补测", photos=[picture()])
    assert (kerb.code, kerb.cell) == ("4499010286000001", "449901001002003")
    (birth,) = selectors.history(kerb.code, actor=KEEPER)
    assert (birth.act, birth.by, birth.why, birth.version) == ("create", "金港管理员", "补测", 1)
    assert Photo.objects.get().asset.code == kerb.code
    lawn = actions.create(actor=KEEPER, of_type="lawn", given={"geometry": patch()}, reason="补测")
    assert lawn.geometry["type"] == "Polygon"


def test_only_who_keeps_the_register_of_that_ground_changes_it():
    reader = Actor("reader", "", {"case.see": (Ground(area=JIN),)}, user_id=9)
    with pytest.raises(Forbidden):
        actions.edit(CODE, actor=reader, version=1, given={"state": "lost"}, reason="x")
    for actor in (FAR, NOBODY):
        with pytest.raises(NotFound):
            actions.edit(CODE, actor=actor, version=1, given={"state": "lost"}, reason="x")
    with pytest.raises(Forbidden):
        actions.create(actor=FAR, of_type="street_light", given=row(), reason="x")
    assert Asset.objects.count() == 2


def test_the_past_is_read_at_any_moment():
    born = Asset.objects.get(code=CODE).created_at
    clock.set_source(lambda: born + timedelta(days=1))
    edited(state="damaged")
    clock.set_source(lambda: born + timedelta(days=2))
    edited(state="lost", owner="市政")
    then = {days: selectors.past(CODE, born + timedelta(days=days), actor=KEEPER) for days in (0, 1, 2)}
    assert [(one["state"], one["owner"]) for one in then.values()] == [
        ("intact", ""), ("damaged", ""), ("lost", "市政"),
    ]  # fmt: skip
    with pytest.raises(Invalid, match=r"assets\.not_yet"):
        selectors.past(CODE, born - timedelta(seconds=1), actor=KEEPER)


def test_history_cannot_be_changed_or_deleted():
    edited(state="damaged")
    for statement in ("UPDATE assets_change SET why = 'x'", "DELETE FROM assets_change"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


PLACES = st.tuples(st.integers(0, 3), st.integers(0, 1), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(["intact", "damaged", "lost", "abandoned"]),
        "owner": TEXT,
        "names": st.dictionaries(st.sampled_from(["zh", "en"]), TEXT),
        "attributes": st.fixed_dictionaries({"watt": st.floats(1, 500)}),
        "at": PLACES,
        "import": st.booleans(),
    },
)


@given(st.lists(EDITS, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
def test_history_replayed_is_the_present_and_undone_is_the_birth(edits):
    code = actions.create(actor=ADMIN, of_type="street_light", given=row(), reason="新", another=True).code
    first = selectors.present(Asset.objects.get(code=code))
    for one in edits:
        given_now = {name: value for name, value in one.items() if name not in ("at", "import")}
        if "at" in one:
            column, line_of, x, y = one["at"]
            given_now |= {"lon": WEST + (column + x) * SIDE, "lat": SOUTH + (line_of + y) * SIDE}
        if one.get("import"):
            put({**row(code), **given_now})
        else:
            version = Asset.objects.get(code=code).version
            actions.edit(code, actor=ADMIN, version=version, given=given_now, reason="改")
    held = Asset.objects.get(code=code)
    present = selectors.present(held)
    changes = [Past(c.version, c.at, c.before, c.after) for c in Change.objects.filter(asset=held).order_by("-version")]
    told = list(versions(present, changes))
    assert [number for number, _ in told] == list(range(held.version, 0, -1))
    assert told[-1][1] == first
    assert replayed(first, reversed(changes)) == present
    view = selectors.asset(code, actor=ADMIN)
    place = grid.place_at(view.lon, view.lat)
    assert (view.cell, view.area) == (place.cell, place.area)


def test_the_list_goes_on_by_code_and_never_counts():
    put(*[row(f"4499010137{n:06d}", n % 4) for n in range(2, 8)])
    first, after = selectors.components(selectors.Filters(), actor=KEEPER, limit=4)
    rest, end = selectors.components(selectors.Filters(), actor=KEEPER, limit=4, after=after)
    assert [one.code[-1] for one in (*first, *rest)] == list("1234567")
    assert end == ""
    with CaptureQueriesContext(connection) as queries:
        selectors.components(selectors.Filters(q="路灯", state="intact"), actor=KEEPER)
    assert len(queries) == 3, "the types, the district's range of codes, and what came to it from others"
    assert not any("count(" in query["sql"].lower() for query in queries)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"type": "litter_bin"}, []), ({"state": "intact"}, [CODE]), ({"q": "44990101"}, [CODE]),
        ({"q": "路灯"}, [CODE]), ({"q": "street"}, [CODE]), ({"q": "一号"}, [CODE]), ({"q": "nothing"}, []),
        ({"cell": "449901001001003"}, [CODE]), ({"area": f"{JIN}.449901001"}, [CODE]), ({"area": LONG}, []),
        ({"office": "养护所"}, [CODE]), ({"office": "x"}, []),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(filters, found):
    edited(maintainer="养护所", names={"zh": "一号灯"})
    assert [one.code for one in selectors.components(selectors.Filters(**filters), actor=KEEPER)[0]] == found
    assert selectors.components(selectors.Filters(**filters), actor=NOBODY)[0] == []


def test_pictures_are_seen_by_who_sees_the_component():
    (photo,) = actions.add_photos(CODE, actor=KEEPER, photos=[picture(), picture()][:1])
    assert actions.add_photos(CODE, actor=KEEPER, photos=[picture()])[0].pk == photo.pk
    assert selectors.photo(photo.pk, actor=KEEPER) == photo
    with pytest.raises(NotFound):
        selectors.photo(photo.pk, actor=FAR)
    with pytest.raises(Forbidden):
        actions.add_photos(CODE, actor=Actor("r", "", {"case.see": (Ground(area=JIN),)}), photos=[picture()])
