"""The rendered streets: labels are exact, scripts do what they say, the shipped detector sees what is there."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from simulator.scenes import scripts
from simulator.scenes.camera import Camera
from simulator.scenes.cars import Car
from simulator.scenes.cycles import Bicycle, Rider
from simulator.scenes.film import Coder, is_made, recipe, render_scene, render_video
from simulator.scenes.light import day, night
from simulator.scenes.people import Person
from simulator.scenes.picture import Backdrop, Label, Street
from simulator.scenes.samples import samples, write
from simulator.scenes.scripts import FPS, IDLE_S, SCRIPTS, Scene
from simulator.scenes.street import Layout
from simulator.scenes.thing import CLASSES, Thing
from simulator.scenes.trucks import Truck

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "video" / "weights"
KINDS = sorted(SCRIPTS)


@pytest.fixture(scope="module")
def street() -> Street:
    return Street(Layout(), 3, 16, bare=(-10, 100))


@pytest.fixture(scope="module")
def backdrop(street: Street) -> Backdrop:
    return Backdrop(street, Camera(-2.0, -6.0, 6.0, 12.0, 20.0), replace(day(), shadow=0.0))


@pytest.fixture(scope="module")
def scenes() -> dict[str, Scene]:
    return {kind: Scene(kind, 3, "day", holds={"stand": 60.0, "second": 60.0}) for kind in KINDS}


def labels(backdrop: Backdrop, *things: Thing) -> list[Label]:
    return backdrop.shot(list(enumerate(things)))[1]


@pytest.mark.parametrize(
    "thing", [Car(3.0, 12.0, 20.0, 4), Truck(2.0, 16.0, 0.0, 2), Person(5.0, 8.0, 90.0, 3), Bicycle(4.0, 9.0, 70.0, 8)]
)
def test_a_label_encloses_exactly_what_was_painted(backdrop: Backdrop, thing: Thing) -> None:
    empty, _ = backdrop.shot([])
    picture, found = backdrop.shot([(0, thing)])
    changed = (cv2.absdiff(picture, empty).max(axis=2) > 12).astype(np.uint8)
    left, top, wide, high = cv2.boundingRect(changed)
    assert found[0].label == thing.label
    assert found[0].box == pytest.approx((left, top, left + wide, top + high), abs=2.0)


def test_what_stands_behind_a_truck_is_not_labelled(backdrop: Backdrop) -> None:
    truck = Truck(1.0, 11.0, 0.0, 2)
    seen = labels(backdrop, truck, Person(3.0, 27.0, 0.0, 1))
    assert {label.label for label in seen if label.shown > 0.3} == {"truck", "person"}
    behind = backdrop.camera.place + (np.array([truck.x, truck.y, 1.2]) - backdrop.camera.place) * 1.25
    hidden = labels(backdrop, truck, Person(float(behind[0]), float(behind[1]), 0.0, 1))
    assert [label.label for label in hidden if label.shown > 0.3] == ["truck"]


def test_a_box_ends_where_the_picture_ends(backdrop: Backdrop) -> None:
    (label,) = labels(backdrop, Car(-1.6, 3.2, 180.0, 1))
    left, top, right, low = label.box
    assert min(left, top) >= 0
    assert right <= backdrop.camera.width
    assert low == pytest.approx(backdrop.camera.height, abs=1)


def test_a_rider_sits_on_the_bicycle(backdrop: Backdrop) -> None:
    bicycle = Bicycle(2.0, 10.0, 0.0, 3)
    found = {label.label: label.box for label in labels(backdrop, bicycle, Rider(bicycle, 2))}
    assert found["person"][1] < found["bicycle"][1]
    assert found["person"][3] > found["bicycle"][1]


def test_a_night_is_darker_than_a_day(street: Street, backdrop: Backdrop) -> None:
    dark = Backdrop(street, backdrop.camera, night())
    assert dark.shot([])[0].mean() < 0.75 * backdrop.shot([])[0].mean()


def test_the_same_seed_makes_the_same_samples_and_another_does_not(tmp_path: Path) -> None:
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        write(tmp_path / folder, "train", seed, 1)
    one, same, other = (next((tmp_path / f / "images" / "train").iterdir()).read_bytes() for f in "abc")
    assert one == same
    assert one != other


def test_a_scene_is_the_same_whoever_builds_it() -> None:
    first = Scene("parking", 3, "day").frame(21.5)
    scripts._backdrop.cache_clear()
    assert np.array_equal(first, Scene("parking", 3, "day").frame(21.5))


@pytest.mark.parametrize("kind", KINDS)
def test_the_idle_street_loops_without_a_seam(scenes: dict[str, Scene], kind: str) -> None:
    scene = scenes[kind]
    begin, end = ({ident for ident, _ in scene.cast("idle", t)} for t in (0.0, IDLE_S - 1 / FPS))
    assert {ident for ident in begin ^ end if ident >= 20} <= {20}
    assert np.array_equal(scene.frame(0.0), replace(scene, idle_s=100.0).picture("idle", IDLE_S, 0)[0])


# What the rule of a video camera would look at, with the truth in the place of a detector.


def positions(scene: Scene, kind: str) -> Iterator[tuple[float, list[Label]]]:
    """Each second, the labels of a kind whose foot (lowest 30 % of the box) lies mostly in the zone."""
    end = max(start for _, start, _, _ in scene.timeline()) + IDLE_S
    size = (scene.camera.width, scene.camera.height)
    zone = np.zeros(size[::-1], np.uint8)
    cv2.fillPoly(zone, [np.round(np.array(scene.zone) * size).astype(np.int32)], 1)
    for t in np.arange(0, end, 1.0):
        found = scene.truth(float(t))
        yield float(t), [label for label in found if label.label == kind and in_zone(zone, label)]


def in_zone(zone: np.ndarray, label: Label) -> bool:
    left, top, right, low = (round(value) for value in label.box)
    foot = zone[round(low - 0.3 * (low - top)) : low, left:right]
    return foot.size > 0 and float(foot.mean()) >= 0.5


def stays(scene: Scene, kind: str) -> dict[int, tuple[float, float]]:
    """For each thing of a kind, the longest time (from, until) that it stood still in the zone."""
    longest: dict[int, tuple[float, float]] = {}
    current: dict[int, tuple[float, tuple[float, ...], float]] = {}
    for t, found in positions(scene, kind):
        for label in found:
            since, box, seen = current.get(label.ident, (t, label.box, t))
            if abs(label.box[0] - box[0]) > 0.25 * (box[2] - box[0]) or t - seen > 2:
                since, box = t, label.box
            current[label.ident] = (since, box, t)
            kept = longest.get(label.ident, (t, t))
            longest[label.ident] = max(kept, (since, t), key=lambda pair: pair[1] - pair[0])
    return longest


def test_parking_is_one_car_that_stands_as_long_as_the_script_says(scenes: dict[str, Scene]) -> None:
    found = {ident: stay for ident, stay in stays(scenes["parking"], "car").items() if stay[1] - stay[0] > 5}
    assert list(found) == [scripts.SUBJECT]
    begins, ends = found[scripts.SUBJECT]
    assert begins == pytest.approx(IDLE_S + scripts.IN_S, abs=2)
    assert ends == pytest.approx(IDLE_S + scripts.IN_S + 60, abs=3)


def test_two_cars_that_take_turns_are_two(scenes: dict[str, Scene]) -> None:
    found = stays(scenes["two_cars_take_turns"], "car")
    first, second = found[scripts.SUBJECT], found[scripts.SUBJECT + 1]
    assert first[1] < second[0]
    assert max(until - since for since, until in found.values()) < 70


def test_traffic_never_stands(scenes: dict[str, Scene]) -> None:
    found = [stay for kind in ("car", "truck", "bicycle") for stay in stays(scenes["traffic"], kind).values()]
    assert found
    assert max(until - since for since, until in found) < 4


def test_a_queue_is_many_cars_that_stand_together(scenes: dict[str, Scene]) -> None:
    found = stays(scenes["queue"], "car")
    assert sum(until - since > 50 for since, until in found.values()) >= 4


def test_bicycles_are_left_on_the_pavement(scenes: dict[str, Scene]) -> None:
    found = stays(scenes["bicycle_parking"], "bicycle")
    assert sum(until - since > 50 for since, until in found.values()) >= 3


# Films.


def test_parts_of_a_film_can_follow_one_another_in_any_order() -> None:
    coder = Coder(96, 64, FPS)
    parts = [coder.part(np.full((64, 96, 3), shade, np.uint8) for _ in range(12)) for shade in (40, 120, 200)]
    decoder, shades = av.CodecContext.create("h264", "r"), []
    for number in (2, 0, 1, 1, 0, 2):
        first, count = parts[number]
        assert coder.units[first][2] == 1
        for at, length, _ in coder.units[first : first + count]:
            shades += decoder.decode(av.Packet(bytes(coder.stream[at : at + length])))
    shades += decoder.decode(None)
    seen = [round(float(frame.to_ndarray(format="bgr24").mean())) for frame in shades]
    assert len(seen) == 72
    assert seen[5::12] == pytest.approx([200, 40, 120, 120, 40, 200], abs=3)


def test_a_film_is_made_once_and_holds_the_truth_of_every_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.scenes.film.IDLE_S", 4.0)
    target = tmp_path / "traffic-3.h264"
    assert render_scene("traffic", 3, "day", target)
    assert not render_scene("traffic", 3, "day", target)
    assert not is_made(target, recipe("traffic", 3, "night"))
    film = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    assert len(film["units"]) == film["parts"][0]["count"] == 4 * FPS == len(film["truth"]["idle"])
    assert [number for number, unit in enumerate(film["units"]) if unit[2]] == list(range(0, len(film["units"]), FPS))
    assert sum(unit[1] for unit in film["units"]) == target.stat().st_size
    assert any(label[0] == "car" for frame in film["truth"]["idle"] for label in frame)


def test_any_video_becomes_a_film_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    video = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(video), cv2.VideoWriter.fourcc(*"MJPG"), 16, (130, 98))
    for shade in range(32):
        writer.write(np.full((98, 130, 3), shade * 7, np.uint8))
    writer.release()
    assert render_video(video, tmp_path / "clip.h264")
    film = json.loads((tmp_path / "clip.json").read_text(encoding="utf-8"))
    assert (film["width"], film["height"], len(film["units"])) == (130, 98, 16)
    (tmp_path / "broken.avi").write_bytes(b"not a video")
    with pytest.raises(ValueError, match="cannot be read"):
        render_video(tmp_path / "broken.avi", tmp_path / "broken.h264")


# The shipped detector.


def described() -> dict:
    return dict(json.loads((WEIGHTS / "registry.json").read_text(encoding="utf-8"))["models"][0])


def test_the_shipped_weights_are_the_ones_that_the_registry_describes() -> None:
    model = described()
    weights = WEIGHTS / model["file"]
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == model["sha256"]
    assert weights.stat().st_size < 8_000_000
    assert tuple(model["classes"]) == CLASSES
    assert model["map50"] >= 0.9
    assert set(model["ap50"]) == set(CLASSES)


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, wide) * max(0.0, high)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / (areas - common)


@pytest.mark.worker
def test_the_shipped_detector_finds_things_in_streets_that_it_never_saw() -> None:
    torch = pytest.importorskip("torch")
    nms = pytest.importorskip("ultralytics.utils.nms")
    tasks = pytest.importorskip("ultralytics.nn.tasks")
    model = described()
    network, _ = tasks.load_checkpoint(str(WEIGHTS / model["file"]))
    network = network.float().eval()
    there, hit, wrong, said = Counter(), Counter(), 0, 0
    for sample in samples(7777, 20):
        small = cv2.copyMakeBorder(
            cv2.resize(sample.image, (320, 180), interpolation=cv2.INTER_AREA),
            6,
            6,
            0,
            0,
            cv2.BORDER_CONSTANT,
            value=(114, 114, 114),
        )
        batch = torch.from_numpy(np.ascontiguousarray(small[:, :, ::-1].transpose(2, 0, 1))).float()[None] / 255
        with torch.no_grad():
            raw = network(batch)
        rows = nms.non_max_suppression(raw, 0.35, 0.6)[0].numpy()
        boxes = [((x0 * 2, (y0 - 6) * 2, x1 * 2, (y1 - 6) * 2), CLASSES[int(kind)]) for x0, y0, x1, y1, _, kind in rows]
        for label in sample.labels:
            there[label.label] += 1
            hit[label.label] += any(kind == label.label and overlap(box, label.box) > 0.5 for box, kind in boxes)
        said += len(boxes)
        wrong += sum(not any(overlap(box, label.box) > 0.3 for label in sample.labels) for box, _ in boxes)
    assert sum(hit.values()) / sum(there.values()) >= 0.75, (hit, there)
    assert all(hit[kind] / there[kind] >= 0.6 for kind in CLASSES), (hit, there)
    assert wrong / said < 0.2
