"""A census from plan to register: found, handed in, sampled, judged, accepted; and refused where it must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.selectors import actor_of
from assets import actions, selectors
from assets.actions import acceptance
from assets.contracts import register_event_classes
from assets.models import Asset, Finding, Project, Spot, Survey
from assets.rules import error_rate, ground_fault, passes, sample_size
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import NOBODY, Actor, Ground
from journal.models import Entry
from tests.accounts.factories import holder
from tests.assets.factories import put, row, types
from tests.cases.factories import actions as cases
from tests.cases.factories import category, picture
from tests.dashboard.waits import waits
from tests.grid.factories import middle, put_map

LAMPS = [f"44990101370000{n:02d}" for n in range(1, 9)]
JIN = "449900.449901"
RULES = {
    "grounds": [
        {"code": "open_area", "names": {"zh": "公共开放区域", "en": "Open areas"}},
        {"code": "pavement", "names": {"zh": "人行道", "en": "Pavements"}, "min_width_m": 4},
    ],
    "sampling": {"share": 0.5, "least": 2, "threshold": 0.2},
}
KEEPER = Actor("user:900", "管理员", {"component.edit": (Ground(area=JIN),)}, user_id=900)
WEST, EAST = "449901001001", "449901001002"


@given(st.integers(0, 5000), st.floats(0.001, 1), st.integers(0, 50))
def test_a_sample_is_never_larger_than_what_was_found_nor_smaller_than_asked(found, share, least):
    size = sample_size(found, share, least)
    assert 0 <= size <= found
    assert size >= min(found, least)
    assert size >= found * share - 1e-6


def test_an_error_rate_at_the_threshold_passes_and_one_above_does_not():
    assert (error_rate(0, 0), passes(0, 0, 0)) == (0, True)
    assert passes(1, 20, 0.05)
    assert not passes(2, 20, 0.05)


@pytest.mark.parametrize(
    ("ground", "width", "code"),
    [
        ("open_area", None, ""), ("pavement", 4, ""), ("pavement", 3.99, "assets.census_too_narrow"),
        ("pavement", None, "assets.census_width_needed"), ("pavement", float("nan"), "assets.census_width_needed"),
        ("roof", None, "assets.census_ground"),
    ],
)  # fmt: skip
def test_only_the_grounds_of_the_census_are_counted(ground, width, code):
    assert ground_fault(RULES["grounds"], ground, width) == code


@pytest.fixture
def people(db, settings, tmp_path):
    """The tiny map with eight lamps, and two surveyors."""
    settings.MEDIA_ROOT = tmp_path
    put_map()
    types()
    put(*[row(code, n % 4, n // 4) for n, code in enumerate(LAMPS)])
    actions.save_census_rules(RULES, pack="test")
    return {name: holder(name, "component.propose", area=JIN) for name in ("lin", "chen")}


def planned(people, **given):
    streets = [{"code": WEST, "surveyor": people["lin"].pk}, {"code": EAST, "surveyor": people["chen"].pk}]
    told = {"title": "路灯普查", "area": JIN, "types": ["street_light"], "streets": streets, **given}
    return actions.plan_census(actor=KEEPER, **told)


@pytest.fixture
def census(people):
    """A census that runs."""
    return actions.start_census(planned(people).pk, actor=KEEPER)


def found(census, people, kind, code="", who="lin", key="", **given):
    told = {"ground": "open_area", "key": key or f"{kind}-{code or 'new'}", "code": code, **given}
    return actions.record_finding(census.pk, actor=actor_of(people[who]), kind=kind, **told)


def west_lamps():
    return list(Asset.objects.filter(area__endswith=WEST).order_by("code").values_list("code", flat=True))


def surveyed(census, people):
    """Both communities are handed in: one lamp changed, one missing, one new, the others as they should be."""
    first, second, third, fourth = west_lamps()
    found(census, people, "changed", first, given={"state": "damaged"}, photos=[picture()])
    found(census, people, "missing", second)
    found(census, people, "confirmed", third)
    found(census, people, "confirmed", fourth)
    lon, lat = middle(0.2, 0.1)
    found(census, people, "new", of_type="street_light", given={"lon": lon, "lat": lat, "owner": "市政"})
    for code in set(LAMPS) - set(west_lamps()):
        found(census, people, "confirmed", code, who="chen")
    actions.hand_in(census.pk, WEST, actor=actor_of(people["lin"]))
    actions.hand_in(census.pk, EAST, actor=actor_of(people["chen"]))


def verified(census, people, wrong=0):
    for code in (WEST, EAST):
        actions.draw_sample(census.pk, code, actor=KEEPER)
        for one in selectors.findings(census, street=code, sample=True):
            good = wrong <= 0
            wrong -= 1
            actions.judge_finding(one.pk, actor=KEEPER, correct=good, note="" if good else "位置不符")
    return Project.objects.get(pk=census.pk)


def test_what_was_found_becomes_the_register(census, people):
    surveyed(census, people)
    assert verified(census, people).state == "verified"
    first, second, third, _ = west_lamps()
    assert Asset.objects.get(code=first).state == "intact", "nothing is written before acceptance"
    actions.accept_census(census.pk, actor=KEEPER)
    assert actions.write_census(census.pk) == 1
    states = dict(Asset.objects.values_list("code", "state"))
    assert (states[first], states[second], states[third]) == ("damaged", "lost", "intact")
    new = Asset.objects.get(code="4499010137000009")
    assert (new.owner, new.area.endswith(WEST)) == ("市政", True)
    line = selectors.history(first, actor=KEEPER)[0]
    assert (line.act, line.by, line.proposed_by, line.why) == ("census", "管理员", "lin", "路灯普查")
    assert selectors.history(new.code, actor=KEEPER)[0].proposed_by == "lin"
    assert [photo.asset.code for photo in Asset.objects.get(code=first).photos.all()] == [first]
    done = Project.objects.get(pk=census.pk)
    survey = Survey.objects.get(pk=done.survey_id)
    assert (done.state, survey.created, survey.updated, survey.refused) == ("accepted", 1, 2, 0)
    assert Entry.objects.filter(kind="assets.census_moved.v1").last().data["written"] == 3
    assert actions.write_census(census.pk) == 0, "written once"


def test_an_acceptance_that_died_goes_on_where_it_was(census, people, monkeypatch):
    surveyed(census, people)
    verified(census, people)
    actions.accept_census(census.pk, actor=KEEPER)
    monkeypatch.setattr(acceptance, "SET", 2)
    assert acceptance._next_set(census.pk)
    half = Finding.objects.exclude(outcome="").count()
    assert half == 2
    assert actions.unfinished_censuses() == 1
    assert not Finding.objects.filter(outcome="").exists()
    assert Asset.objects.filter(code__gt=LAMPS[-1]).count() == 1
    assert Project.objects.get(pk=census.pk).state == "accepted"


def test_what_changed_since_it_was_found_is_left_alone_and_said(census, people):
    surveyed(census, people)
    verified(census, people)
    first = west_lamps()[0]
    actions.edit(first, actor=KEEPER, version=1, given={"state": "abandoned"}, reason="停用")
    actions.accept_census(census.pk, actor=KEEPER)
    actions.write_census(census.pk)
    assert Asset.objects.get(code=first).state == "abandoned"
    assert [one.asset.code for one in selectors.findings(census, outcome="stale")] == [first]


def test_too_many_errors_in_the_sample_send_the_street_back(census, people):
    surveyed(census, people)
    assert verified(census, people, wrong=2).state == "running"
    street = selectors.street_of(census.pk, WEST, actor=KEEPER)
    assert (street.state, street.round, street.wrong) == ("assigned", 2, 2)
    assert "位置不符" in street.reason
    again = ("census", f"/census/{census.pk}/streets/{WEST}/")
    assert again in waits(actor_of(people["lin"]), "census")
    assert again not in waits(actor_of(people["chen"]), "census")
    with pytest.raises(Conflict, match=r"assets\.census_state"):
        actions.accept_census(census.pk, actor=KEEPER)
    actions.hand_in(census.pk, WEST, actor=actor_of(people["lin"]))
    assert again not in waits(actor_of(people["lin"]), "census")
    assert ("census", f"/census/{census.pk}/") in waits(KEEPER, "census")
    actions.draw_sample(census.pk, WEST, actor=KEEPER)
    for one in selectors.findings(census, street=WEST, sample=True):
        actions.judge_finding(one.pk, actor=KEEPER, correct=True)
    assert Project.objects.get(pk=census.pk).state == "verified"


def test_progress_is_told_by_street_and_by_surveyor(census, people):
    found(census, people, "confirmed", west_lamps()[0])
    west, east = selectors.progress_of(census)
    assert (west.progress.expected, west.progress.found, west.progress.share) == (4, 1, 0.25)
    assert (east.progress.found, east.street.surveyor_label) == (0, "chen")
    assert {name: (n, one.found) for name, (n, one) in selectors.by_surveyor([west, east]).items()} == {
        "lin": (1, 1), "chen": (1, 0),
    }  # fmt: skip
    left = selectors.still_to_find(west.street, actor=actor_of(people["lin"]))
    assert [one.code for one in left] == west_lamps()[1:]


def test_the_newest_word_about_a_component_counts_and_a_key_counts_once(census, people):
    code = west_lamps()[0]
    first = found(census, people, "confirmed", code)
    assert found(census, people, "confirmed", code).pk == first.pk
    again = found(census, people, "missing", code, key="again-later")
    assert (again.pk, again.kind, Finding.objects.count()) == (first.pk, "missing", 1)


def test_a_surveyor_works_only_on_their_own_street_and_while_it_is_theirs(census, people):
    with pytest.raises(Forbidden, match=r"assets\.census_not_yours"):
        found(census, people, "confirmed", west_lamps()[0], who="chen")
    with pytest.raises(Invalid, match=r"assets\.census_too_narrow"):
        found(census, people, "confirmed", west_lamps()[0], ground="pavement", width_m=2)
    with pytest.raises(Invalid, match=r"assets\.census_types"):
        found(census, people, "new", of_type="litter_bin", given={"lon": middle(0, 0)[0], "lat": middle(0, 0)[1]})
    actions.hand_in(census.pk, WEST, actor=actor_of(people["lin"]))
    with pytest.raises(Conflict, match=r"assets\.census_street_state"):
        found(census, people, "confirmed", west_lamps()[0])
    assert not Finding.objects.exists()


def test_whoever_surveyed_neither_judges_nor_accepts(people):
    both = holder("both", "component.propose", "component.edit", area=JIN)
    census = planned(people, streets=[{"code": WEST, "surveyor": both.pk}])
    actions.start_census(census.pk, actor=KEEPER)
    actions.hand_in(census.pk, WEST, actor=actor_of(both))
    with pytest.raises(Forbidden, match=r"assets\.census_own"):
        actions.draw_sample(census.pk, WEST, actor=actor_of(both))
    actions.draw_sample(census.pk, WEST, actor=KEEPER)
    with pytest.raises(Forbidden, match=r"assets\.census_own"):
        actions.accept_census(census.pk, actor=actor_of(both))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"types": ["dragon"]}, "assets.census_types"), ({"types": []}, "assets.census_types"),
        ({"grounds": ["roof"]}, "assets.census_ground"), ({"title": " "}, "assets.census_title"),
        ({"sampling": {"share": 2}}, "assets.census_sampling"),
        ({"streets": [{"code": "449902001"}]}, "assets.census_streets"),
        ({"streets": [{"code": "449901001"}, {"code": WEST}]}, "assets.census_streets_overlap"),
        ({"streets": [{"code": WEST, "surveyor": 999_999}]}, "assets.census_surveyor"),
    ],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused(people, given, code):
    with pytest.raises(Invalid) as told:
        planned(people, **given)
    assert told.value.code == code
    assert not Project.objects.exists()


def test_a_census_does_not_begin_while_a_street_has_nobody(people):
    census = planned(people, streets=[{"code": WEST}])
    with pytest.raises(Conflict, match=r"assets\.census_nobody"):
        actions.start_census(census.pk, actor=KEEPER)
    actions.assign_street(census.pk, WEST, actor=KEEPER, surveyor=people["chen"].pk)
    assert actions.start_census(census.pk, actor=KEEPER).state == "running"


def test_who_sees_a_census(census, people):
    assert [one.pk for one in selectors.projects(actor=actor_of(people["lin"]))] == [census.pk]
    far = Actor("user:901", "", {"component.edit": (Ground(area="449900.449902"),)}, user_id=901)
    for actor in (far, NOBODY):
        assert selectors.projects(actor=actor) == []
        with pytest.raises(NotFound):
            actions.start_census(census.pk, actor=actor)


def test_what_stands_outside_the_scope_is_looked_at_and_the_census_comes_to_its_end(people):
    census = actions.start_census(planned(people, grounds=["pavement"]).pk, actor=KEEPER)
    first, *others = west_lamps()
    for code in others:
        found(census, people, "confirmed", code, ground="pavement", width_m=4.5)
    with pytest.raises(Invalid, match=r"assets\.census_too_narrow"):
        found(census, people, "confirmed", first, ground="pavement", width_m=2.5)
    row = found(census, people, "outside", first, ground="open_area", note="巷子里", width_m=2.5)
    assert (row.ground, row.width_m) == ("", 2.5), "a ground that is none of this census is not kept as one"
    west = selectors.progress_of(census)[0].progress
    assert (west.expected, west.found, west.share, west.counts["outside"]) == (4, 4, 1.0, 1)
    assert selectors.still_to_find(selectors.progress_of(census)[0].street, actor=actor_of(people["lin"])) == []
    pavement, outside = selectors.by_ground(census)
    assert (pavement.code, pavement.looked_at, outside.code, outside.looked_at) == ("pavement", 3, "", 1)
    for code in set(LAMPS) - set(west_lamps()):
        found(census, people, "outside", code, who="chen")
    actions.hand_in(census.pk, WEST, actor=actor_of(people["lin"]))
    actions.hand_in(census.pk, EAST, actor=actor_of(people["chen"]))
    assert verified(census, people).state == "verified"
    actions.accept_census(census.pk, actor=KEEPER)
    actions.write_census(census.pk)
    left = Asset.objects.get(code=first)
    assert (left.state, left.version) == ("intact", 1), "the register keeps what the census does not count"
    assert Finding.objects.get(asset=left).outcome == "kept"


def test_what_was_found_is_told_by_ground(census, people):
    first, second, *_ = west_lamps()
    found(census, people, "confirmed", first)
    found(census, people, "missing", second, ground="pavement", width_m=4)
    lon, lat = middle(0.2, 0.1)
    found(census, people, "new", of_type="street_light", given={"lon": lon, "lat": lat})
    told = {one.code: (one.looked_at, one.counts["new"], one.counts["missing"]) for one in selectors.by_ground(census)}
    assert told == {"open_area": (1, 1, 0), "pavement": (1, 0, 1)}


def test_something_new_beside_one_of_its_type_may_be_the_same_and_wants_a_second_word(census, people):
    lon, lat = middle(0, 0)
    beside = {"of_type": "street_light", "given": {"lon": lon + 0.00001, "lat": lat}}
    with pytest.raises(Conflict) as told:
        found(census, people, "new", **beside)
    assert (told.value.code, told.value.params["code"]) == ("assets.one_nearby", LAMPS[0])
    assert told.value.params["metres"] <= 3
    assert not Finding.objects.exists()
    assert found(census, people, "new", another=True, **beside).kind == "new"
    away = {"of_type": "street_light", "given": {"lon": lon + 0.00005, "lat": lat}}
    assert found(census, people, "new", key="five-metres-on", **away).kind == "new"


def test_recurring_events_are_counted_too(people):
    cases.save_categories([category("E0407")], pack="test")
    streets = [{"code": WEST, "surveyor": people["lin"].pk}]
    told = {"title": "事件普查", "subject": "events", "types": [], "classes": ["E0407"], "streets": streets}
    for round_ in (1, 2):
        census = actions.start_census(planned(people, **told).pk, actor=KEEPER)
        lon, lat = middle(0, 0)
        if round_ == 1:
            found(census, people, "new", event_class="E0407", given={"lon": lon, "lat": lat}, note="早市占道")
        else:
            (spot,) = selectors.spots_to_find(census.streets.get())
            found(census, people, "missing", key="gone-again", spot=spot.pk)
        actions.hand_in(census.pk, WEST, actor=actor_of(people["lin"]))
        actions.draw_sample(census.pk, WEST, actor=KEEPER)
        for one in selectors.findings(census, sample=True):
            actions.judge_finding(one.pk, actor=KEEPER, correct=True)
        actions.accept_census(census.pk, actor=KEEPER)
        actions.write_census(census.pk)
        standing = [(one.event_class, one.note) for one in selectors.spots(actor=KEEPER)]
        assert standing == ([("E0407", "早市占道")] if round_ == 1 else [])
    assert Spot.objects.get().gone_at is not None


def test_the_register_of_what_others_know_is_closed():
    with pytest.raises(ValueError, match="after the start"):
        register_event_classes(dict)
