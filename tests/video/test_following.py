"""Cameras stand where a new map puts them, once it is in force."""

from datetime import timedelta

import pytest

from core import clock
from grid import actions as grid_actions
from grid import selectors as grid
from journal.actions import deliver, number
from journal.models import Entry
from tests.cases.factories import SETUP, STEP, build_town, point
from tests.video.factories import put_up
from video.models import Camera
from video.tasks import follow_map as sweep

pytestmark = pytest.mark.django_db


def later(**given: float) -> None:
    moment = clock.now() + timedelta(**given)
    clock.set_source(lambda: moment)


def relay() -> None:
    while number() or deliver():
        pass


@pytest.fixture
def camera() -> Camera:
    """A camera that is known to stand in its cell."""
    build_town()
    put_up()
    later(hours=1)
    sweep()
    return Camera.objects.get()


def split_west_and_east_of(camera: Camera) -> int:
    """A draft in which the cell is split twice, so that the camera's part has another code."""
    draft = grid_actions.draft_version(actor=SETUP)
    lon, lat = camera.geom.coords
    for revision, share in enumerate((-0.2, 0.1)):
        line = [[lon + share * STEP, lat - STEP], [lon + share * STEP, lat + STEP]]
        given = {"code": camera.cell, "line": {"type": "LineString", "coordinates": line}}
        grid_actions.edit(draft, actor=SETUP, revision=revision, op="split", given=given)
    return draft


def test_a_camera_in_the_new_part_of_a_split_cell_stands_there_once_the_map_is_published(camera):
    old, (lon, lat) = camera.cell, camera.geom.coords
    draft = split_west_and_east_of(camera)
    assert {one["kind"]: one["moved"] for one in grid.moves(draft)["totals"]}["cameras"] == 1
    grid_actions.publish(draft, actor=SETUP)
    relay()
    camera.refresh_from_db()
    assert camera.cell == grid.place_at(lon, lat).cell != old
    assert camera.area == grid.place_at(*point()).area
    entry = Entry.objects.get(kind="grid.followed.v1")
    assert entry.data == {"version": draft, "kind": "cameras", "moved": 1}


def test_a_map_dated_ahead_moves_no_camera_before_its_day_and_a_second_run_moves_none(camera):
    old = camera.cell
    grid_actions.publish(split_west_and_east_of(camera), actor=SETUP, at=clock.now() + timedelta(days=1))
    relay()
    sweep()
    camera.refresh_from_db()
    assert camera.cell == old
    later(days=1, minutes=1)
    for _ in range(2):
        sweep()
        later(hours=1)
    camera.refresh_from_db()
    assert camera.cell == grid.place_at(*camera.geom.coords).cell != old
    assert Entry.objects.filter(kind="grid.followed.v1").count() == 1
