"""Doubtful pictures: taken far off, taken too early, seen before. Told to whoever verifies; nothing is refused."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from cases import actions, selectors
from cases.models import Doubt, Evidence, Examination
from core import vault
from core.geo import wgs84_to_gcj02
from core.shots import MOST_APART, Shot, keys_near, keys_of, print_of, shot_of, signed, unsigned
from journal.models import Entry
from tests.cases.conftest import Time
from tests.cases.factories import CAMERA, HERE, OUTSIDE, THERE, Town, brought_to, picture, point, reported, take
from tests.cases.shots import photo, saved, scene

CITY_ZONE = ZoneInfo("Asia/Shanghai")
NINE_FIFTEEN = datetime.fromisoformat("2026-11-30T09:15:00")
PRINTS = st.integers(0, 2**64 - 1)


def looks(image: Image.Image, quality: int = 90) -> int:
    found = print_of(saved(image, quality))
    assert found is not None
    return found


# ---- what a picture says of itself


def test_a_picture_says_when_and_where_it_was_taken():
    content = photo(1, 116.7, 23.35, NINE_FIFTEEN, "+08:00")
    shot = shot_of(content, ZoneInfo("Europe/Berlin"))
    assert shot.taken_at == datetime(2026, 11, 30, 1, 15, tzinfo=UTC)
    assert (shot.lon, shot.lat) == (pytest.approx(116.7, abs=1e-6), pytest.approx(23.35, abs=1e-6))


def test_a_camera_that_names_no_zone_stands_in_that_of_the_city():
    assert shot_of(photo(1, taken=NINE_FIFTEEN), CITY_ZONE).taken_at == datetime(2026, 11, 30, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize("content", [picture(), picture(kind="PNG"), b"no picture", b""])
def test_a_picture_that_says_nothing_is_not_guessed_at(content):
    assert shot_of(content, CITY_ZONE) == Shot()


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(at=st.integers(0, 400), junk=st.binary(min_size=1, max_size=12))
@hypothesis_settings(max_examples=80, deadline=None)
def test_damaged_words_of_a_picture_are_no_words(at, junk):
    content = WORDY[:at] + junk + WORDY[at + len(junk) :]
    assert isinstance(shot_of(content, CITY_ZONE), Shot)


WORDY = photo(1, 116.7, 23.35, NINE_FIFTEEN, "+08:00")


def bits_apart(one: int, other: int) -> int:
    """How many bits of two prints differ."""
    return (one ^ other).bit_count()


def test_a_picture_saved_anew_smaller_and_brighter_looks_the_same():
    one = scene(5)
    again = [
        looks(one.resize((160, 120)), 60),
        looks(one, 30),
        looks(one.point(lambda level: min(255, level + 12))),
        looks(one.crop((3, 2, 317, 238))),
    ]
    assert max(bits_apart(looks(one), other) for other in again) <= 6


def test_other_scenes_look_otherwise():
    prints = [looks(scene(seed)) for seed in range(40)]
    apart = [bits_apart(a, b) for i, a in enumerate(prints) for b in prints[:i]]
    assert min(apart) > MOST_APART


@pytest.mark.parametrize("colour", ["black", "teal", "white"])
def test_a_flat_picture_looks_like_nothing(colour):
    assert print_of(picture(colour)) is None


@given(print_=PRINTS, turned=st.sets(st.integers(0, 63), max_size=MOST_APART))
def test_whatever_is_near_shares_a_key(print_, turned):
    other = print_
    for bit in turned:
        other ^= 1 << bit
    assert set(keys_of(other)) & set(keys_near(print_))


@given(print_=PRINTS)
def test_a_print_goes_into_a_bigint_and_comes_back(print_):
    assert -(2**63) <= signed(print_) < 2**63
    assert unsigned(signed(print_)) == print_


# ---- far and early


def told() -> list[tuple[str, int]]:
    return list(Doubt.objects.values_list("kind", "value"))


def moved(metres: float) -> tuple[float, float]:
    """A place so far north of the case: read as GCJ-02, in which maps of Guangdong lie too far south, it is farther."""
    lon, lat = point()
    return lon, lat + metres / 111_195


def test_a_picture_taken_far_from_the_case_is_doubted_and_the_case_stands(town: Town) -> None:
    case = reported(town, photos=[photo(1, *moved(900)), photo(2, *moved(5))])
    ((kind, metres),) = told()
    assert (kind, case.stage) == ("far", "reported")
    assert metres == pytest.approx(900, abs=2)
    entry = Entry.objects.get(kind="case.picture_doubted.v1")
    assert (entry.subject, entry.data["kinds"]) == (case.number, ["far"])


def test_whoever_stands_in_the_cell_was_there_although_it_is_wide(town: Town) -> None:
    actions.save_evidence_rule({"far_metres": 20, "early_hours": 24, "alike_bits": 6}, pack="test")
    (lon, lat), half = point(), 0.0004
    reported(town, lon=lon - half, lat=lat, photos=[photo(1, lon + half, lat), photo(2, lon + 2 * half, lat)])
    assert [kind for kind, _metres in told()] == ["far"], "only the one from the next cell"


def test_a_phone_that_writes_the_shifted_datum_is_not_far(town: Town) -> None:
    lon, lat = point()
    reported(town, lon=lon, lat=lat, photos=[photo(1, *wgs84_to_gcj02(lon, lat))])
    assert told() == []


def test_the_limits_are_the_citys(town: Town) -> None:
    actions.save_evidence_rule({"far_metres": 5000, "early_hours": 24, "alike_bits": 0}, pack="test")
    reported(town, photos=[photo(1, *moved(900))])
    assert told() == []


def test_a_report_that_gets_its_place_later_is_measured_then(town: Town) -> None:
    case = reported(town, lon=OUTSIDE[0], lat=OUTSIDE[1], photos=[photo(1, *moved(900))])
    assert [kind for kind, _metres in told()] == ["far"], "far from where it was said to be, too"
    unplaced = reported(town, lon=None, lat=None, address="东门外", photos=[photo(2, *moved(900))])
    assert len(told()) == 1
    lon, lat = point()
    actions.locate(unplaced.number, lon, lat, actor=town.actor("acceptor"), version=1)
    assert [kind for kind, _metres in told()] == ["far", "far"]
    assert case.number != unplaced.number


def test_the_place_of_a_picture_is_kept_nowhere_but_in_the_original(town: Town) -> None:
    reported(town, photos=[photo(1, *moved(900))])
    shown = vault.fetch(Evidence.objects.get().public_sha256)
    assert dict(Image.open(io.BytesIO(shown)).getexif()) == {}
    columns = {field.name for model in (Evidence, Examination, Doubt) for field in model._meta.get_fields()}
    assert not columns & {"lon", "lat", "point", "place", "exif"}


def test_an_old_picture_is_doubted_and_one_of_this_morning_is_not(town: Town, time: Time) -> None:
    now = time.moment.astimezone(CITY_ZONE).replace(tzinfo=None)
    reported(town, photos=[photo(1, taken=now - timedelta(hours=5)), photo(2, taken=now - timedelta(days=3))])
    assert told() == [("early", 3 * 1440)]


def test_a_picture_after_handling_cannot_be_older_than_the_report(town: Town, time: Time) -> None:
    case = brought_to(town, "handling")
    now = time.moment.astimezone(CITY_ZONE).replace(tzinfo=None)
    handled = take(town, case, "submit", "handler", result="好了", photos=[photo(3, taken=now - timedelta(hours=1))])
    assert handled.stage == "handled", "nothing is refused"
    assert told() == [("early", 60)]


# ---- seen before


def seen() -> list[tuple[str, str, str, str]]:
    """Of each doubt the case and phase of the picture, and of the one it looks like."""
    rows = (
        Doubt.objects.filter(kind="seen").select_related("evidence__case", "other__case").order_by("evidence", "other")
    )
    return [(r.evidence.case.number, r.evidence.phase, r.other.case.number, r.other.phase) for r in rows if r.other]


def again(seed: int) -> bytes:
    """The same scene sent on: smaller, saved anew."""
    return saved(scene(seed).resize((200, 150)), 70)


def test_a_picture_of_another_case_is_recognised_although_it_was_saved_anew(town: Town) -> None:
    first = reported(town, photos=[photo(1)])
    second = reported(town, THERE, photos=[again(1)])
    reported(town, photos=[photo(2)])
    assert seen() == [(second.number, "report", first.number, "report")]


def test_an_after_picture_that_shows_the_before_is_recognised(town: Town) -> None:
    case = brought_to(town, "handling", reported(town, photos=[photo(1)]))
    take(town, case, "submit", "handler", result="好了", photos=[again(1)])
    assert seen() == [(case.number, "handle", case.number, "report")]


def test_the_same_place_without_what_lay_there_is_another_picture(town: Town) -> None:
    before, after = scene(6), scene(6)
    before.paste("black", (150, 120, 176, 146))
    assert bits_apart(looks(before), looks(after)) <= 6, "by its print alone it would be doubted"
    case = brought_to(town, "handling", reported(town, photos=[saved(before)]))
    case = take(town, case, "submit", "handler", result="搬走了", photos=[saved(after)])
    assert seen() == []


def test_before_and_after_sent_at_once_are_compared(town: Town) -> None:
    case = reported(town, category="E0110", source="phone", actor=town.actor("acceptor"), photos=[])
    take(town, case, "settle", "collector", before=[photo(1)], after=[again(1)])
    assert seen() == [(case.number, "handle", case.number, "report")]


def test_two_pictures_of_one_thing_sent_together_are_not_doubted(town: Town) -> None:
    reported(town, photos=[photo(1), again(1)])
    assert seen() == []


def test_a_picture_of_the_round_before_does_not_do_for_the_next(town: Town) -> None:
    case = take(town, brought_to(town, "handling"), "submit", "handler", result="好了", photos=[photo(4)])
    case = take(town, case, "redo", "desk", reason="没好")
    take(town, case, "submit", "handler", result="好了", photos=[again(4)])
    assert seen() == [(case.number, "handle", case.number, "handle")]


def test_a_fixed_camera_sees_the_same_street_and_is_not_doubted(town: Town) -> None:
    from_camera: dict[str, Any] = {"actor": CAMERA, "source": "camera", "source_ref": "7:1"}
    reported(town, photos=[photo(1)], **from_camera)
    reported(town, photos=[photo(1)], **{**from_camera, "source_ref": "7:2"})
    assert seen() == []


def test_no_more_than_the_nearest_few_are_named(town: Town) -> None:
    for _ in range(5):
        reported(town, photos=[photo(1)])
    assert Doubt.objects.filter(evidence=Evidence.objects.latest("pk")).count() == 3


def test_pictures_that_came_in_the_same_moment_see_one_another_at_the_next_look(town: Town) -> None:
    first, second = reported(town, photos=[photo(1)]), reported(town, photos=[again(1)])
    unseen()
    assert seen() == []
    assert actions.look_again() == 1
    assert seen() == [(second.number, "report", first.number, "report")]
    assert Entry.objects.filter(kind="case.picture_doubted.v1", subject=second.number).count() == 2
    assert actions.look_again() == 0, "told once"


def unseen() -> None:
    """As if neither had been committed when the other looked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_doubt DISABLE TRIGGER cases_doubt_stays")
        cursor.execute("DELETE FROM cases_doubt")
        cursor.execute("ALTER TABLE cases_doubt ENABLE TRIGGER cases_doubt_stays")


@pytest.mark.parametrize(
    "change",
    [lambda: Doubt.objects.update(value=1), lambda: Doubt.objects.all().delete(),
     lambda: Examination.objects.update(print=None, bands=None)],
)  # fmt: skip
def test_what_was_doubted_stays_doubted(town: Town, change: Callable[[], Any]) -> None:
    reported(town, photos=[photo(1, *moved(900))])
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    assert Doubt.objects.count() == 1


# ---- told


def browser(town: Town, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people[who])
    return client


def test_whoever_verifies_is_told_why_and_led_to_the_earlier_case(town: Town) -> None:
    first = reported(town, photos=[photo(1)])
    second = reported(town, photos=[again(1), photo(2, *moved(900))])
    shown = browser(town, "acceptor").get(f"/cases/{second.number}/").content.decode()
    assert "Look closely at the pictures" in shown
    assert f"Looks like a picture of the case {first.number} (As reported)." in shown
    assert f'href="/cases/{first.number}/"' in shown[shown.index("Look closely") :]
    assert "Taken 900 m from the place of the case" in shown
    quiet = browser(town, "acceptor").get(f"/cases/{first.number}/").content.decode()
    assert "Look closely at the pictures" not in quiet
    (one, other) = browser(town, "acceptor").get(f"/api/cases/{second.number}/evidence").json()
    assert [doubt["kind"] for doubt in (*one["doubts"], *other["doubts"])] == ["seen", "far"]
    assert one["doubts"][0]["number"] == first.number


def test_the_earlier_case_is_not_named_to_whoever_may_not_see_it(town: Town) -> None:
    elsewhere = reported(town, THERE, photos=[photo(1)])
    case = brought_to(town, "handling", reported(town, HERE))
    take(town, case, "submit", "handler", result="好了", photos=[again(1)])
    page = browser(town, "desk").get(f"/cases/{case.number}/").content.decode()
    assert "another case, which you may not see" in page
    assert elsewhere.number not in page
    (row,) = browser(town, "desk").get(f"/api/cases/{case.number}/evidence").json()
    assert [(doubt["kind"], doubt["number"]) for doubt in row["doubts"]] == [("seen", "")]
    assert browser(town, "leader").get(f"/api/cases/{case.number}/evidence").json()[0]["doubts"][0]["number"] != ""


def test_a_report_that_was_merged_shows_the_same_picture_for_a_good_reason(town: Town) -> None:
    first, second = reported(town, photos=[photo(1)]), reported(town, photos=[again(1)])
    leader = town.actor("leader")
    assert len(selectors.doubts(selectors.case(second.number, leader), pictures_of(second.number), leader)) == 1
    take(town, second, "merge", "acceptor", into=first.number, reason="同一张照片")
    for number in (first.number, second.number):
        assert selectors.doubts(selectors.case(number, leader), pictures_of(number), leader) == []


def pictures_of(number: str) -> list[int]:
    return list(Evidence.objects.filter(case__number=number).values_list("pk", flat=True))


def test_prints_spread_over_the_bands():
    """Where most pictures shared a band, the index would find them all."""
    keys = [keys_of(looks(scene(seed))) for seed in range(60)]
    for band in range(4):
        assert len({row[band] for row in keys}) > 50
    assert np.mean([looks(scene(seed)).bit_count() for seed in range(60)]) == pytest.approx(32, abs=3)
