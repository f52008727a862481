"""A type's list narrows by the attributes that its pack calls hot, each found by an index of its own."""

import json
from copy import deepcopy

import pytest
from django.db import connection
from django.test import Client

from assets import actions, selectors
from assets.models import Asset
from assets.selectors.components import narrowed
from core.errors import Invalid
from core.hot import equals
from core.schema import TEXT, Hot
from exchange.contracts.exports import listings
from tests.accounts.factories import holder
from tests.assets.factories import ADMIN, BIN, LAMP, put, row, types
from tests.grid.factories import put_map

pytestmark = pytest.mark.django_db
PROPERTIES = {
    "watt": {"type": "number", "x-filter": True, "x-names": {"zh": "功率", "en": "Power"}},
    "pole": {"type": "string", "x-filter": True, "x-names": {"zh": "灯杆", "en": "Pole"}},
    "parts": {"type": "array", "items": {"type": "string"}, "x-filter": True, "x-names": {"zh": "配件", "en": "Parts"}},
    "note": {"type": "string"},
}
HOT_LAMP = {**LAMP, "attributes": {"type": "object", "properties": PROPERTIES}}
CODES = [f"449901013700000{number}" for number in range(1, 4)]


@pytest.fixture(autouse=True)
def lamps():
    put_map()
    types(HOT_LAMP, BIN)
    held = [{"watt": 90, "pole": "L-1", "note": "x"}, {"watt": 60.5, "pole": "L-2", "parts": ["灯罩", "镇流器"]},
            {"watt": 90, "pole": "长" * 200}]  # fmt: skip
    put(*(row(code, attributes=one) for code, one in zip(CODES, held, strict=True)), row("4499010305000001"))


def found(**asked):
    filters = selectors.filters_of({"type": "street_light", **{f"attr.{name}": one for name, one in asked.items()}})
    return [view.code for view in selectors.components(filters, actor=ADMIN)[0]]


def planned(rows):
    """The names of the indexes that the plan uses, where a small table must not be read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.explain(format="json")
    return {part.split('"')[0] for part in str(json.loads(plan)).replace("'", '"').split('Index Name": "')[1:]}


def test_the_list_of_a_type_is_narrowed_by_its_hot_attributes_and_by_no_other():
    assert found(watt="90") == [CODES[0], CODES[2]]
    assert found(watt="60.5") == [CODES[1]]
    assert found(pole="L-1", watt="90") == [CODES[0]]
    assert found(pole="长" * 120) == []
    assert found(parts="灯罩") == [CODES[1]]
    for name in ("note", "nothing"):
        with pytest.raises(Invalid):
            found(**{name: "x"})
    with pytest.raises(Invalid):
        selectors.components(selectors.filters_of({"attr.watt": "90"}), actor=ADMIN)


def test_each_hot_attribute_has_an_index_that_is_used_and_goes_when_it_is_hot_no_more():
    connection.check_constraints()
    made, gone = actions.keep_indexes(actor=ADMIN)
    assert (len(made), gone) == (3, [])
    assert actions.keep_indexes(actor=ADMIN) == ([], [])
    for name in ("watt", "pole", "parts"):
        told = {"watt": "90", "pole": "L-1", "parts": "灯罩"}[name]
        filters = selectors.filters_of({"type": "street_light", f"attr.{name}": told})
        used = planned(narrowed(Asset.objects.all(), filters))
        assert used & set(made), (name, used)
    cooler = deepcopy(HOT_LAMP)
    del cooler["attributes"]["properties"]["pole"]["x-filter"]
    types(cooler)
    new, old = actions.keep_indexes(actor=ADMIN)
    assert (new, len(old)) == ([], 1)
    assert old[0] in made
    actions.retire_types(["street_light"], actor=ADMIN)
    assert len(actions.keep_indexes(actor=ADMIN)[1]) == 2


def test_a_text_is_compared_whole_also_where_it_is_longer_than_what_its_index_keeps():
    assert Asset.objects.filter(equals(Hot("pole", TEXT), "长" * 200)).count() == 1
    assert Asset.objects.filter(equals(Hot("pole", TEXT), "长" * 199 + "短")).count() == 0


def test_the_page_asks_for_the_hot_attributes_of_the_chosen_type_and_its_export_takes_the_same():
    page = Client(headers={"Accept-Language": "en"})
    page.force_login(holder("keeper", "component.edit", "case.see", area="449900"))
    plain = page.get("/components/").content.decode()
    assert 'name="attr.watt"' not in plain
    shown = page.get("/components/?type=street_light&attr.pole=L-2&attr.note=x").content.decode()
    assert 'name="attr.watt"' in shown
    assert f'data-case="{CODES[1]}"' in shown
    assert f'data-case="{CODES[0]}"' not in shown
    assert "attr.pole=L-2" in shown, "pages and exports are narrowed alike"
    other = page.get("/components/?type=litter_bin&attr.pole=L-2")
    assert "4499010305000001" in other.content.decode(), "what a type does not have narrows it not"
    asked = {"type": "street_light", "attr.pole": "L-2"}
    theirs = listings()["components"]
    assert theirs.count(asked, actor=ADMIN) == 1
    assert ("Pole", "L-2") in theirs.said([asked])[0]
    answer = page.get("/api/components?type=street_light&attr.watt=90").json()
    assert [one["code"] for one in answer["results"]] == [CODES[0], CODES[2]]
    assert page.get("/api/components?type=street_light&attr.note=90").status_code == 400
