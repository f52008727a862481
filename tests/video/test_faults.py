"""What is wrong with a camera's picture, told from composed pictures; and what the tables then say."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from uuid import uuid4

import cv2
import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client

from cases.models import Case, Clue
from core import clock
from journal.models import Entry
from tests.cases.factories import Town
from tests.video.factories import ADMIN, OTHER_DISTRICT, person, put_up
from tests.video.painted import SPOT
from tests.video.test_incidents import taken
from video import actions, selectors
from video.actions import leases
from video.actions.desk import Desk
from video.actions.faults import keep_reference, order_repairs
from video.actions.looking import tell_state
from video.actions.zones import save_zone
from video.adapters import diagnosis
from video.contracts import CameraState, Fault, NewRule, NewZone
from video.models import Camera, CameraFault, Reference
from video.rules.faults import Quality, diagnose
from video.rules.scene import FROZEN_SECONDS, Glance, Scene, look_over

Change = Callable[[np.ndarray, int], np.ndarray]
HIGH, WIDE = 180, 320


@lru_cache(maxsize=8)
def street(seed: int = 0) -> np.ndarray:
    """A street with houses, kerbs and noise."""
    drawn = np.random.default_rng(7)
    picture = np.full((HIGH, WIDE, 3), 105, np.uint8)
    for _house in range(40):
        left, top = int(drawn.integers(0, WIDE - 20)), int(drawn.integers(0, HIGH - 20))
        size, shade = drawn.integers(6, 45, 2), drawn.integers(30, 220, 3)
        picture[top : top + int(size[0]), left : left + int(size[1])] = shade
    noise = np.random.default_rng(seed).integers(-5, 6, picture.shape)
    return np.clip(picture.astype(np.int16) + noise, 0, 255).astype(np.uint8)


def diagnosed(good: int, changed: int, change: Change, step: float = 2.0) -> list[Fault]:
    """The faults of a camera that shows its street and then what the change makes of it."""
    quality, faults = Quality(), []
    reference = diagnosis.portrait(street(99))
    for nth in range(good + changed):
        picture = street(nth % 4) if nth < good else change(street(nth % 4).copy(), nth - good)
        figures = diagnosis.measured(diagnosis.portrait(picture), reference)
        quality, fault = diagnose(quality, figures, nth * step)
        faults.append(fault)
    return faults


def blurred(picture: np.ndarray, _nth: int) -> np.ndarray:
    return cv2.GaussianBlur(picture, (0, 0), 3)


def hand(picture: np.ndarray, _nth: int) -> np.ndarray:
    soft = cv2.GaussianBlur(picture, (0, 0), 20)
    return (60 + 0.15 * soft).astype(np.uint8)


def white(picture: np.ndarray, _nth: int) -> np.ndarray:
    return np.clip(picture.astype(np.int16) * 2 + 130, 0, 255).astype(np.uint8)


def pushed(picture: np.ndarray, _nth: int) -> np.ndarray:
    return np.roll(picture, (3, 20), axis=(0, 1))


def flickering(picture: np.ndarray, nth: int) -> np.ndarray:
    return np.clip(picture * (0.75 + 0.25 * np.cos(nth)), 0, 255).astype(np.uint8)


def rainy(picture: np.ndarray, nth: int) -> np.ndarray:
    drops = np.random.default_rng(nth)
    wet = picture.copy()
    for x, y in zip(drops.integers(0, WIDE, 60), drops.integers(0, HIGH - 7, 60), strict=True):
        wet[y : y + 7, x : x + 1] = 215
    return wet


def dusk(picture: np.ndarray, nth: int) -> np.ndarray:
    return (picture * max(0.25, 1 - nth / 40)).astype(np.uint8)


FAULTS: tuple[tuple[Change, Fault, int, int], ...] = (
    (lambda picture, _nth: picture * 0, Fault.BLACK, 0, 2),
    (lambda picture, _nth: np.full_like(picture, 90), Fault.COVERED, 0, 2),
    (hand, Fault.COVERED, 0, 2),
    (blurred, Fault.BLURRED, 0, 2),
    (white, Fault.OVEREXPOSED, 0, 2),
    (pushed, Fault.MOVED, 20, 4),
    (lambda picture, _nth: picture[::-1, ::-1], Fault.MOVED, 300, 20),
)


def test_each_fault_is_named_as_soon_as_it_can_be_known_and_ends_with_the_picture() -> None:
    for change, fault, after, step in FAULTS:
        quiet = 5 + after // step
        told = diagnosed(5, after // step + 5, change, step)
        assert set(told[:5]) == {Fault.NONE}, fault
        assert set(told[quiet:]) == {fault}, (fault, told)
        assert fault not in told[:quiet], fault


@pytest.mark.parametrize("change", [flickering, rainy, dusk])
def test_light_rain_and_dusk_are_no_faults(change: Change) -> None:
    assert set(diagnosed(5, 30, change, 4)) == {Fault.NONE}


def test_a_lorry_before_the_lens_for_two_minutes_is_no_moved_camera() -> None:
    def lorry(picture: np.ndarray, _nth: int) -> np.ndarray:
        picture[30:, 50:280] = np.random.default_rng(3).integers(60, 200, (150, 230, 3), np.uint8)
        return picture

    assert Fault.MOVED not in diagnosed(5, 12, lorry, 10)


def test_a_frozen_picture_is_a_fault_after_a_minute_and_a_jump_for_five_seconds() -> None:
    scene = Scene()
    for second in range(int(FROZEN_SECONDS) + 1):
        assert scene.fit
        scene = look_over(scene, Glance(0, 0, True), float(second))
    assert scene.fault is Fault.FROZEN
    scene = look_over(scene, Glance(0.9, 0.9, False), 70.0)
    assert (scene.fault, scene.rebase) == (Fault.SCENE_CHANGE, True)
    assert look_over(scene, Glance(0, 0, False), 74.9).fault is Fault.SCENE_CHANGE
    assert look_over(scene, Glance(0, 0, False), 75.0).fit


def told(desk: Desk, faults: Iterable[Fault], start: float, step: float = 6.0) -> float:
    """The node tells these faults one after another; answers when the last was told."""
    at = start
    for fault in faults:
        state = CameraState.DEGRADED if fault else CameraState.ONLINE
        tell_state(desk, state, fault, at, at)
        at += step
    return at


@pytest.mark.django_db
def test_a_fault_that_lasts_is_one_row_that_opens_and_closes_and_a_flash_is_none(bare: None) -> None:
    put_up()
    desk, start = taken(), clock.now().timestamp()
    at = told(desk, [Fault.NONE, Fault.BLACK, Fault.NONE, Fault.NONE], start)
    assert not CameraFault.objects.exists()
    at = told(desk, [Fault.BLACK] * 5 + [Fault.SCENE_CHANGE], at)
    row = CameraFault.objects.get()
    assert (row.kind, row.closed_at) == ("black", None)
    at = told(desk, [Fault.BLURRED] * 4, at)
    assert list(CameraFault.objects.filter(closed_at=None).values_list("kind", flat=True)) == ["blurred"]
    told(desk, [Fault.NONE] * 4, at)
    assert not CameraFault.objects.filter(closed_at=None).exists()
    assert CameraFault.objects.count() == 2
    for kind in ("opened", "closed"):
        assert Entry.objects.filter(kind=f"video.fault_{kind}.v1").count() == 2


@pytest.mark.django_db
def test_a_node_that_has_just_come_ends_no_spell_before_it_can_know(bare: None) -> None:
    put_up()
    at = told(taken(), [Fault.MOVED] * 4, clock.now().timestamp())
    another = taken()
    at = told(another, [Fault.NONE] * 8, at)
    assert CameraFault.objects.get().closed_at is None
    told(another, [Fault.NONE] * 6, at)
    assert CameraFault.objects.get().closed_at is not None


@pytest.mark.django_db
def test_a_camera_out_of_order_becomes_one_case_that_is_told_when_it_is_well(
    town: Town, settings: LazySettings
) -> None:
    put_up()
    desk, start = taken(), clock.now().timestamp() - 3600
    at = told(desk, [Fault.COVERED] * 4, start)
    assert order_repairs() == 0
    settings.VIDEO_FAULT_CLASS, settings.VIDEO_FAULT_MINUTES = "E0410", 30
    Camera.objects.update(enabled=False)
    assert (order_repairs(), list(selectors.faults_now(ADMIN))) == (0, []), "nobody looks at what is switched off"
    Camera.objects.update(enabled=True)
    assert order_repairs() == 1
    assert order_repairs() == 0
    case = Case.objects.get()
    assert "镜头被遮挡" in case.description
    assert CameraFault.objects.get().case_number == case.number
    told(desk, [Fault.NONE] * 4, at)
    assert Clue.objects.get().case == case
    settings.VIDEO_FAULT_CLASS = "no-such"
    told(desk, [Fault.BLACK] * 4, at + 60)
    assert order_repairs() == 0
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_what_a_camera_should_show_is_forgotten_when_its_zones_are_drawn_anew(bare: None) -> None:
    put_up()
    desk = taken()
    keep_reference(desk, diagnosis.portrait(street()), 1.0)
    assert taken().reference.shape == (diagnosis.HEIGHT, diagnosis.WIDTH)
    left, top, right, bottom = SPOT
    wish = NewZone(
        "kerb", ((left, top), (right, top), (right, bottom)), {"zh": "路侧"}, (NewRule("vehicle-no-parking"),)
    )
    save_zone("corner", wish, expected=1, actor=ADMIN)
    assert not Reference.objects.exists()
    leases.enter_node("node-b", uuid4(), 1)
    stale = taken()
    stale.epoch -= 1
    keep_reference(stale, diagnosis.portrait(street()), 2.0)
    assert not Reference.objects.exists()


@pytest.mark.django_db
def test_the_page_of_health_says_what_is_out_of_order_who_is_late_and_who_looks(town: Town) -> None:
    put_up()
    desk = taken()
    told(desk, [Fault.MOVED] * 4, clock.now().timestamp() - 60)
    Camera.objects.update(promised_interval=2.0, achieved_interval=9.0)
    here, far = Client(), Client()
    here.force_login(person("here", "camera.see"))
    far.force_login(person("far", "camera.see", area=OTHER_DISTRICT))
    page = here.get("/video/health/").content.decode()
    assert all(word in page for word in ("视角偏移", "9.0", "node-a", "corner"))
    assert "style=" not in page
    other = far.get("/video/health/").content.decode()
    assert "corner" not in other
    assert actions.reconcile()
