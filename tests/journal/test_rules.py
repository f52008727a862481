"""What an entry may hold, where it is told, who may read it. No database."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scope import Actor, Ground, Scope, machine
from journal import contracts, rules
from journal.contracts import BY_AREA, BY_ORG, PERSONAL, RESTRICTED, on, register_kind, subscribers
from tests.journal.factories import Colour, News, Other, Spot


def test_by_area_is_told_to_the_city_and_to_the_district():
    area = "449900.449901.449901001.449901001003"
    assert rules.scopes_of(BY_AREA, org="", area=area, user_id=None) == ["city", "d:449901"]
    assert rules.scopes_of(BY_AREA, org="", area="449900", user_id=None) == ["city"]
    assert rules.scopes_of(BY_AREA, org="", area="", user_id=None) == ["city"]


def test_by_organisation_is_told_to_it_and_to_those_above_but_the_root():
    told = rules.scopes_of(BY_ORG, org="centre.d449901.parks", area="x.y", user_id=3)
    assert told == ["dept:d449901", "dept:parks"]
    assert rules.scopes_of(BY_ORG, org="centre", area="", user_id=None) == ["dept:centre"]
    assert rules.scopes_of(BY_ORG, org="", area="449900.449901", user_id=None) == []


def test_personal_is_told_to_one_person_and_restricted_apart():
    assert rules.scopes_of(PERSONAL, org="a.b", area="c.d", user_id=9) == ["user:9"]
    assert rules.scopes_of(PERSONAL, org="", area="", user_id=None, user_ids=[9, 4, 9]) == ["user:4", "user:9"]
    assert rules.scopes_of(BY_ORG, org="a.b", area="", user_id=None, user_ids=[9]) == ["dept:b"], "personal kinds only"
    told = rules.scopes_of(BY_AREA | RESTRICTED, org="", area="449900.449901", user_id=None)
    assert told == ["city:restricted", "d:449901:restricted"]


def reader_of(**grounds: tuple[Ground, ...]) -> Actor:
    return Actor("user:5", "", {name.replace("_", "."): ground for name, ground in grounds.items()}, user_id=5)


@pytest.mark.parametrize(
    ("ground", "opens"),
    [
        (Ground(), {"city", "d:449901", "d:449902", "dept:parks", "dept:d449901"}),
        (Ground(area="449900"), {"city", "d:449901", "d:449902", "dept:parks", "dept:d449901"}),
        (Ground(area="449900.449901"), {"d:449901"}),
        (Ground(area="449900.449901.449901001"), set()),
        (Ground(org="centre.d449901.parks"), {"dept:parks"}),
        (Ground(org="centre.d449901"), {"dept:d449901"}),
        (Ground(org="centre.d449901", area="449900.449901"), set()),
    ],
)
def test_a_ground_opens_a_feed_only_when_it_covers_all_of_it(ground, opens):
    actor = reader_of(feed_read=(ground,))
    known = ["city", "d:449901", "d:449902", "dept:parks", "dept:d449901", "user:6", "city:restricted", "*"]
    assert {scope for scope in known if rules.may_read(actor, scope)} == opens
    assert set(rules.own_scopes(actor, known)) == opens | {"user:5"}


def test_restricted_feeds_need_the_right_to_see_people_on_the_same_ground():
    ground = (Ground(area="449900.449901"),)
    assert not rules.may_read(reader_of(feed_read=ground), "d:449901:restricted")
    assert not rules.may_read(reader_of(person_see=ground), "d:449901:restricted")
    assert rules.may_read(reader_of(feed_read=ground, person_see=ground), "d:449901:restricted")
    elsewhere = (Ground(area="449900.449902"),)
    assert not rules.may_read(reader_of(feed_read=ground, person_see=elsewhere), "d:449901:restricted")


@pytest.mark.parametrize("scope", ["", "*", "user:6", "user:", "d:", "dept:", "City", "city:", "x:4", "d:449901:x"])
def test_no_trick_opens_a_feed(scope):
    actor = reader_of(feed_read=(Ground(area="449900.449901"), Ground(org="centre.parks")), person_see=(Ground(),))
    assert not rules.may_read(actor, scope)
    assert not rules.may_read(machine("m"), scope)


codes = st.sampled_from(["a", "b", "c"])
paths = st.lists(codes, max_size=3).map(".".join)


@given(
    grounds=st.lists(st.builds(Ground, org=paths, area=paths), max_size=3),
    org=paths,
    area=paths,
    audience=st.sampled_from([BY_AREA, BY_ORG, BY_AREA | BY_ORG, PERSONAL]),
    user=st.sampled_from([5, 6, None]),
)
def test_nobody_reads_in_a_feed_what_their_grant_does_not_cover(grounds, org, area, audience, user):
    """The oracle: whoever may read a feed of an entry is covered for the entry, or it is theirs, or their office's.

    Organisation codes are unique in the tree, so an office is known by its last code.
    """
    actor = reader_of(feed_read=tuple(grounds))
    scope = Scope(tuple(grounds))
    codes_of_org = org.split(".")
    for feed in rules.scopes_of(audience, org=org, area=area, user_id=user):
        if not rules.may_read(actor, feed):
            continue
        own_office = any(g.org and not g.area and g.org.split(".")[-1] in codes_of_org for g in grounds)
        own_district = any(not g.org and g.area.split(".")[1:] == area.split(".")[1:2] for g in grounds)
        citywide = any(not g.org and "." not in g.area for g in grounds)
        assert feed == "user:5" or scope.covers(org, area) or own_office or own_district or citywide


def test_data_becomes_json():
    news = News(number=2, colour=Colour.GREEN, spot=Spot(116.7, 23.36), names={"zh": "石炮街道"}, tags=("a", "b"))
    assert rules.misfits(news) == []
    assert json.loads(json.dumps(rules.plain(news))) == {
        "number": 2,
        "colour": "green",
        "spot": {"lon": 116.7, "lat": 23.36},
        "names": {"zh": "石炮街道"},
        "tags": ["a", "b"],
    }


@pytest.mark.parametrize(
    ("news", "field"),
    [
        (News(number="2"), "number"),
        (News(number=True), "number"),
        (News(colour="red"), "colour"),
        (News(spot=Spot("a", 1.0)), "spot"),
        (News(spot={"lon": 1.0, "lat": 1.0}), "spot"),
        (News(names={"zh": 1}), "names"),
        (News(tags=["a", 1]), "tags"),
    ],
)
def test_data_of_a_wrong_type_is_found_out(news, field):
    assert rules.misfits(news) == [field]


def test_kinds_have_versioned_names_frozen_data_and_no_personal_fields():
    @dataclass
    class Soft:
        number: int

    @dataclass(frozen=True)
    class Caller:
        number: int
        reporter_phone: str

    for name in ("case.closed", "Case.closed.v1", "closed.v1x", "case.closed.v0", "case..v1"):
        with pytest.raises(ValueError, match="a kind is words joined by dots"):
            register_kind(name, Other, BY_AREA)
    with pytest.raises(ValueError, match="registered twice"):
        register_kind("test.told.v1", Other, BY_AREA)
    with pytest.raises(ValueError, match="frozen dataclass"):
        register_kind("test.soft.v1", Soft, BY_AREA)
    with pytest.raises(ValueError, match="no personal data in an entry, only ids: reporter_phone"):
        register_kind("test.caller.v1", Caller, BY_AREA)


def test_registries_close_and_reopen_for_tests_only():
    with contracts.reopened():
        contracts.close()
        with pytest.raises(ValueError, match="registries closed"):
            register_kind("test.late.v1", Other, BY_AREA)
        with pytest.raises(ValueError, match="registries closed"):
            on("test.*", as_="late")(print)
    with contracts.reopened():
        register_kind("test.inside.v1", Other, BY_AREA)
        on("test.*", as_="inside")(print)
        assert "inside" in subscribers()
    assert "test.inside.v1" not in contracts.kinds()
    assert "inside" not in subscribers()


def test_a_subscriber_has_one_name_and_wants_what_its_patterns_match():
    on("case.*.v1", "test.told.v1", as_="one")(print)
    with pytest.raises(ValueError, match="subscribed twice"):
        on("x.*", as_="one")(print)
    one = subscribers()["one"]
    assert one.wants("case.closed.v1")
    assert one.wants("test.told.v1")
    assert not one.wants("case.closed.v2")


def test_a_changed_kind_without_a_new_version_is_named():
    before = rules.snapshot({"a.b.v1": contracts.Kind("a.b.v1", Other, BY_AREA)})
    after = rules.snapshot(
        {"a.b.v1": contracts.Kind("a.b.v1", News, BY_AREA), "a.b.v2": contracts.Kind("a.b.v2", News, BY_AREA)}
    )
    assert rules.changed_without_version(before, after) == ["a.b.v1"]
    assert rules.changed_without_version(before, before | {"a.b.v2": after["a.b.v2"]}) == []
    assert after["a.b.v1"]["fields"]["spot"] == "{lon: float, lat: float} | None"
    assert after["a.b.v1"]["fields"]["colour"] == "one of green red"
    assert after["a.b.v1"]["fields"]["tags"] == "tuple[str, ...]"


def test_waiting_grows_with_the_attempts():
    assert [rules.backoff(n).total_seconds() for n in (1, 2, 3, 4, 9)] == [1, 2, 4, 8, 8]
