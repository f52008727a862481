"""A type of components whose attributes change: older ones stay valid under their schema, until moves lift them."""

from copy import deepcopy

import pytest

from assets import actions, selectors
from assets.actions import lifting
from assets.manifest import AssetTypes
from assets.models import Asset, Change
from core.errors import Invalid
from core.scope import Actor, Ground
from tests.assets.factories import ADMIN, LAMP, put, row, types
from tests.grid.factories import put_map

pytestmark = pytest.mark.django_db
WHY = {"zh": "瓦数改称功率", "en": "Watts are called power"}
KEEPER = Actor("keeper", "管理员", {"component.edit": (Ground(),)}, user_id=7)
CODES = [f"4499010137{number:06d}" for number in range(1, 6)]


def newer(**changes):
    """Lamps as a later release declares them: `watt` is called `power`, in whole numbers of at most 100."""
    properties = {"power": {"type": "number", "maximum": 100}}
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**LAMP, "attributes": schema, "moves": [{"code": "power", "why": WHY, "rename": {"watt": "power"}}],
            **changes}  # fmt: skip


@pytest.fixture(autouse=True)
def lamps():
    put_map()
    types(LAMP)
    put(*(row(code, attributes={"watt": 50 + number}) for number, code in enumerate(CODES)))


def lamp(code):
    return Asset.objects.select_related("type").get(code=code)


def edited(code, **given):
    return actions.edit(code, actor=KEEPER, version=lamp(code).version, given=given, reason="核对")


def test_an_older_component_is_edited_under_its_schema_and_lifted_when_its_attributes_are_written():
    types(newer())
    edited(CODES[0], maintainer="养护所")
    held = lamp(CODES[0])
    assert (held.attributes, held.schema_number, held.type.schema_number) == ({"watt": 50}, 1, 2)
    assert selectors.schema_of(held) == LAMP["attributes"]
    assert selectors.as_declared_now(held) == {"power": 50}
    with pytest.raises(Invalid) as refused:
        edited(CODES[0], attributes={"watt": 60})
    assert refused.value.code == "assets.bad_attributes"
    edited(CODES[0], attributes={"power": 60})
    assert (lamp(CODES[0]).attributes, lamp(CODES[0]).schema_number) == ({"power": 60}, 2)


def test_a_file_that_says_of_an_older_component_what_it_is_changes_nothing():
    types(newer())
    report = put(row(CODES[0], attributes={"watt": 50}), row(CODES[1], attributes={"watt": 99}))
    assert (report.unchanged, [one.reason for one in report.refused]) == (1, ["assets.bad_attributes"])
    assert (lamp(CODES[0]).schema_number, lamp(CODES[0]).version) == (1, 1)


def test_whoever_gives_a_number_of_a_schema_does_not_slip_past_the_one_in_force():
    types(newer())
    with pytest.raises(Invalid):
        edited(CODES[0], attributes={"watt": 1}, schema_number=1)


def test_moves_carry_every_component_over_once_and_its_history_keeps_the_old_values(monkeypatch):
    monkeypatch.setattr(lifting, "SET", 2)
    Asset.objects.filter(code=CODES[4]).update(state="removed")
    types(newer())
    [told] = actions.lift_components(actor=ADMIN)
    assert (told.code, told.moved, told.left) == ("street_light", 4, 0)
    for number, code in enumerate(CODES[:4]):
        held = lamp(code)
        assert (held.attributes, held.schema_number, held.version) == ({"power": 50 + number}, 2, 2)
        change = Change.objects.get(asset=held)
        assert (change.before, change.why) == ({"attributes": {"watt": 50 + number}}, WHY["zh"])
    assert lamp(CODES[4]).attributes == {"watt": 54}, "what was removed stays as it was"
    assert actions.lift_components(actor=ADMIN) == []
    assert Change.objects.count() == 4


def test_the_history_of_each_component_names_the_moves_that_it_went_through_itself():
    types(newer())
    young = "4499010137000006"
    put(row(young, attributes={"power": 60}))
    newest = newer()
    newest["attributes"]["properties"]["glare"] = {"type": "number"}
    newest["moves"].append({"code": "glare", "why": {"zh": "另记眩光", "en": "Glare"}, "default": {"glare": 0}})
    types(newest)
    [told] = actions.lift_components(actor=ADMIN)
    assert (told.moved, lamp(CODES[0]).attributes) == (6, {"power": 50, "glare": 0})
    whys = dict(Change.objects.values_list("asset__code", "why"))
    assert (whys[CODES[0]], whys[young]) == (f"{WHY['zh']}；另记眩光", "另记眩光")


def test_a_run_that_died_goes_on_and_what_would_not_be_sound_stays(monkeypatch):
    monkeypatch.setattr(lifting, "SET", 2)
    put(row(CODES[1], attributes={"watt": 400}))
    types(newer())
    tell, asked = lifting._tell, []

    def dying(codes, actor):
        asked.append(codes)
        if len(asked) == 2:
            raise KeyboardInterrupt
        tell(codes, actor)

    monkeypatch.setattr(lifting, "_tell", dying)
    with pytest.raises(KeyboardInterrupt):
        actions.lift_components(actor=ADMIN)
    assert Asset.objects.filter(schema_number=2).count() == 1, "the set that died is taken back whole"
    monkeypatch.setattr(lifting, "_tell", tell)
    [told] = actions.lift_components(actor=ADMIN)
    assert (told.moved, told.left, told.example) == (3, 1, CODES[1])
    assert Change.objects.filter(after__attributes__has_key="power").count() == 4


def test_the_difference_of_a_type_is_told_with_how_many_components_it_touches():
    put(row(CODES[1], attributes={"watt": 400}))
    pack = {"code": "", "asset_types": [newer()]}
    [change] = AssetTypes().diff(pack)
    assert len(change.notes) == 2
    assert "5" in change.notes[0]
    assert "1" in change.notes[1]


def test_a_move_that_cannot_be_is_a_fault_where_it_stands():
    wrong = deepcopy(newer())
    wrong["moves"][0]["rename"] = {"watt": "wattage"}
    pack = {"code": "x", "asset_types": [wrong]}
    [fault] = AssetTypes().check(pack, {"x": pack})
    assert (fault.code, fault.path) == ("assets.type_moves", "asset_types/0/moves/0/rename/watt")
