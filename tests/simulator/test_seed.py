"""What the demo is told to be: offices, crews, stories. Plain data, without a database."""

from collections import Counter

import pytest

from simulator import seed
from simulator.seed_stories import CLOSED_SHARES, DAY, OPEN_SHARES, STAGE_AFTER, Class, Post, Spot, Teller

REGIONS = [
    ("449901001", "street", "449900.449901.449901001", {"zh": "石炮街道", "en": "Shipao Subdistrict"}),
    ("449900", "city", "449900", {"zh": "澄湾市", "en": "Chengwan"}),
    ("449901", "district", "449900.449901", {"zh": "金港区", "en": "Jingang District"}),
]
CLASSES = {
    code: Class(code, "事项", limit, settle=code == "E0110")
    for code, limit in (("E0407", 30.0), ("E0110", 240.0), ("E0113", 2400.0), ("E0506", 120.0), ("C0301", 480.0))
}
SPOTS = [Spot(116.7 + n / 1000, 23.36, f"长平大道{n}号") for n in range(30)]


def teller(number: int = 7, minute: int = 15 * 60) -> Teller:
    return Teller(number, CLASSES, SPOTS, minute)


def test_every_office_comes_after_the_one_above_it():
    made = seed.offices(REGIONS)
    assert [office.code for office in made[:2]] == ["centre", "d449901"]
    seen: set[str] = {""}
    for office in made:
        assert office.parent in seen
        seen.add(office.code)
    assert len(made) == len(seen) - 1


def test_a_district_has_its_centre_four_departments_and_its_streets():
    made = {office.code: office for office in seed.offices(REGIONS)}
    assert made["centre"].names["zh"] == "澄湾市城市管理监督指挥中心"
    for duty in ("appearance", "sanitation", "landscaping", "municipal"):
        department = made[f"d449901-{duty}"]
        assert (department.kind, department.parent, department.duties) == ("department", "d449901", (duty,))
        assert department.area == "449900.449901"
    assert (made["s449901001"].kind, made["s449901001"].parent) == ("street_office", "d449901")


def test_every_department_has_a_desk_and_two_handlers_and_no_one_is_both():
    crew = seed.crew(seed.offices(REGIONS))
    for duty in ("appearance", "sanitation", "landscaping", "municipal"):
        roles = Counter(member.role for member in crew if member.organisation == f"d449901-{duty}")
        assert roles == {"department_desk": 1, "handler": 2}
    assert len({member.username for member in crew}) == len(crew)
    assert all(member.label for member in crew)


def test_stories_end_in_every_stage_there_is():
    told = teller().tell(len(OPEN_SHARES), len(CLOSED_SHARES))
    assert {story.ends for story in told} == {
        "reported", "verifying", "accepted", "registered", "at_district", "dispatched", "handling", "handled",
        "fed_back", "checking", "checked", "rework", "returned", "closed", "rejected", "voided",
    }  # fmt: skip
    assert any(not story.located for story in told)


@pytest.mark.parametrize("number", range(6))
def test_a_story_goes_forward_in_time_and_never_into_the_future(number):
    for story in teller(number).tell(60, 90):
        moments = [deed.ago for deed in story.deeds]
        assert moments == sorted(moments, reverse=True)
        assert moments[-1] > 0
        assert moments[0] < 3 * DAY
        assert story.deeds[0].verb == "report"


def test_what_has_ended_ended_within_the_past_day():
    for story in teller().tell(0, 200):
        assert story.deeds[-1].ago <= DAY
        assert STAGE_AFTER[story.deeds[-1].verb] in ("closed", "rejected", "voided")


def test_every_post_has_up_to_three_stories_of_its_own_ground_and_duty():
    spots = [Spot(116.7, 23.36, "长平大道", district) for district in ("449901", "449902")]
    classes = {code: Class(code, "事项", 120.0, duty=duty) for code, duty in (("E0407", "a"), ("E0110", "b"))}
    classes["C0301"] = Class("C0301", "事项", 120.0, settle=True)
    posts = [Post(("assign", "submit", "assign"), "449902", "b"), Post(("send_check",) * 3)]
    for still_open, each in ((40, 3), (18, 2), (14, 0)):
        told = Teller(7, classes, spots, 600).tell(still_open, 0, posts)
        assert len(told) == still_open
        mine = [story for story in told if story.printed]
        assert len(mine) == 2 * each
        for story in mine:
            if story.ends != "checking":
                assert (story.ends, story.spot.district) in (("handling", "449902"), ("handled", "449902"))
                assert story.category == "E0110"


def kept(told, classes):
    """Which handling limits were kept, of stories played on a clock that never stops."""
    for story in told:
        started = None
        for deed in story.deeds:
            if started is None and deed.verb in ("dispatch_district", "dispatch") or deed.verb == "check_fail":
                started = deed.ago
            if deed.verb == "confirm":
                yield started - deed.ago <= classes[story.category].limit
                started = None


def test_nineteen_of_twenty_limits_are_kept_half_hour_ones_too():
    for limit in (30.0, 120.0):
        classes = {code: Class(code, "事项", limit, settle=True) for code in CLASSES}
        told = list(kept(Teller(7, classes, SPOTS, 600).tell(0, 600), classes))
        assert 0.88 < sum(told) / len(told) < 0.98


def test_most_work_is_done_by_day():
    told = teller(minute=18 * 60).tell(0, 600)
    hours = Counter(int((18 * 60 - story.deeds[-1].ago) % DAY // 60) for story in told)
    night, day = sum(hours[h] for h in range(6)), sum(hours[h] for h in range(8, 20))
    assert day > 5 * night


def test_the_same_seed_tells_the_same_and_another_tells_otherwise():
    assert teller(7).tell(20, 20) == teller(7).tell(20, 20)
    assert teller(7).tell(20, 20) != teller(8).tell(20, 20)


def test_each_telling_has_a_reference_of_its_own():
    told = teller().tell(50, 80)
    assert len({story.ref for story in told}) == 130


def test_no_stories_are_told_when_none_are_asked_for():
    assert teller().tell(0, 0) == []


def test_what_a_citizen_says_is_verified_before_it_is_accepted():
    for story in teller().tell(120, 120):
        verbs = [deed.verb for deed in story.deeds]
        if story.source in ("hotline12345", "citizen") and "accept" in verbs:
            assert verbs[:3] == ["report", "send_verify", "verify"]


def test_a_class_that_registers_itself_is_not_accepted_by_hand_when_a_camera_reports():
    classes = {code: Class(code, "事项", 30.0, auto=True) for code in CLASSES} | {"E0110": CLASSES["E0110"]}
    told = Teller(7, classes, SPOTS, 0).tell(80, 80)
    seen = [story for story in told if story.source == "camera" and classes[story.category].auto]
    assert seen
    assert not any(deed.verb in ("accept", "register") for story in seen for deed in story.deeds)
