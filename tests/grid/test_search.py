"""Finding places: by name in both languages, by code, with slips of the pen; and the address of a point."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from grid.rules import search
from tests.accounts.factories import HERE, holder
from tests.assets.factories import put, row, types
from tests.grid.factories import middle, put_map


@pytest.fixture
def visitor() -> Client:
    """Somebody who may see cases in the first district of the tiny map."""
    put_map()
    client = Client()
    client.force_login(holder("visitor", "case.see", area=HERE))
    return client


def found(client: Client, words: str, **asked: object) -> list[tuple[str, str]]:
    answer = client.get("/api/search", {"q": words, **asked})
    assert answer.status_code == 200, answer.content
    return [(place["kind"], place["names"]["zh"]) for place in answer.json()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("金港区", ("district", "金港区")),
        ("金港", ("district", "金港区")),
        ("石炮街道", ("street", "石炮街道")),
        ("炮街", ("street", "石炮街道")),
        ("长平大道", ("road", "长平大道")),
        ("长平", ("road", "长平大道")),
        ("平", ("road", "长平大道")),
        ("changping", ("road", "长平大道")),
        ("Changping Avenue", ("road", "长平大道")),
        ("SHIPAO", ("street", "石炮街道")),
        ("002 社区", ("community", "002社区")),
        ("长坪大道", ("road", "长平大道")),
    ],
)
def test_a_place_is_found_by_what_people_call_it(visitor, words, first):
    assert found(visitor, words)[0] == first


@pytest.mark.django_db
def test_a_code_finds_regions_cells_and_components_on_ones_own_ground(visitor):
    types()
    put(row("4499010137000001", 0), row("4499020137000001", 5))
    kinds = {kind for kind, _ in found(visitor, "449901", limit=50)}
    assert kinds == {"district", "street", "community"}
    assert found(visitor, "449901001001003") == [("cell", "449901001001003")]
    assert found(visitor, "4499010137") == [("component", "路灯 4499010137000001")]
    assert found(visitor, "4499020137000001") == []


@pytest.mark.django_db
def test_what_nobody_is_called_is_found_nowhere(visitor):
    assert found(visitor, "白云山") == []
    assert found(visitor, "%") == []


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "   ", "·", "长" * 61, "a\0"])
def test_words_that_are_none_are_a_bad_request(visitor, words):
    answer = visitor.get("/api/search", {"q": words})
    assert (answer.status_code, answer.json()["code"]) == (400, "grid.bad_words")


@pytest.mark.django_db
def test_names_are_found_through_an_index(visitor):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM grid_region WHERE"
            " grid_grams(coalesce(names->>'zh', '') || ' ' || coalesce(names->>'en', '')) && ARRAY['金港']"
        )
        assert "grid_region_grams" in "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.django_db
def test_a_point_has_an_address_with_community_and_road(visitor):
    lon, lat = middle(0, 0)
    told = visitor.get(f"/api/address?lon={lon}&lat={lat}").json()
    assert (told["cell"], told["community"]) == ("449901001001003", "449901001001")
    assert told["road"] == {"zh": "长平大道", "en": "Changping Avenue"}
    assert told["metres"] == pytest.approx(55.4, abs=0.5)
    assert told["names"]["zh"] == "金港区 · 石炮街道 · 001社区 · 长平大道"
    outside = visitor.get("/api/address?lon=1&lat=1")
    assert (outside.status_code, outside.json()["code"]) == (404, "grid.outside")
    assert visitor.get("/api/address?lon=a&lat=1").status_code == 400


@pytest.mark.django_db
def test_searching_and_addressing_cost_few_queries(visitor):
    """Session, person, grants, map version, and the question itself."""
    for path, most in (("/api/search?q=金港", 5), ("/api/address?lon=116.7005&lat=23.3505", 6)):
        with CaptureQueriesContext(connection) as queries:
            visitor.get(path)
        assert len(queries) <= most, [query["sql"] for query in queries]


@given(st.text(max_size=70))
def test_whatever_is_typed_is_cleaned_or_refused(text):
    try:
        words = search.cleaned(text)
    except Invalid:
        return
    assert all(pair in words for pair in search.pairs(words))
    assert search.cleaned(words) == words or len(words) > search.LONGEST
