"""Real inference with a real network on real pictures; skips where the data or the weights are absent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from core.errors import Conflict, Invalid
from video import actions
from video.actions.detectors import class_map, model_in_use, register_shipped, sha256_of
from video.adapters.inference import Inference, Model
from video.contracts import Polygon
from video.models import ModelVersion
from video.rules.places import Spec

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
WEIGHTS = SHARED / "weights" / "yolo11n-coco-from-int8.pt"
SHA256 = "c357748e5110160ae3feed23de90e55c12309d47b060c1a69523a936cbd78d79"
CLIP = SHARED / "video" / "intel_car-detection.mp4"
SHIPPED = ROOT / "video" / "weights" / "cityops-street-n.pt"
EVERYWHERE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
needs_data = pytest.mark.skipif(not WEIGHTS.exists(), reason="no shared weights here")


@pytest.fixture(scope="module")
def coco() -> Iterator[Inference]:
    """A COCO network in its process, loaded once for all tests here."""
    engine = actions.engine_of(Model("video.adapters.yolo.Yolo", str(WEIGHTS), SHA256, class_map(None), 320))
    yield engine
    engine.close()


def rule(dwell: float, *labels: str, **more: float) -> Spec:
    return Spec(frozenset(labels), EVERYWHERE, dwell, **more)


@needs_data
def test_free_flowing_traffic_raises_no_parking_incident(coco: Inference) -> None:
    path = str(SHARED / "video" / "bgs_highway-cctv_video02.avi")
    trial = actions.backtest(path, rule(8, "car", "truck", min_score=0.25), interval=0.5, engine=coco)
    assert trial.frames > 50
    assert trial.labels["car"] > 40
    assert trial.violations() == []


@needs_data
def test_people_taking_turns_at_one_spot_are_never_one_stay(coco: Inference) -> None:
    """The clip is 139 s long; an id-based timer calls it one visit of 126 s (video.md section 0)."""
    path = str(SHARED / "video" / "intel_one-by-one-person-detection.mp4")
    trial = actions.backtest(path, rule(30, "person", min_score=0.3), interval=1.5, engine=coco)
    assert trial.labels["person"] > 30
    assert trial.violations() == []


@needs_data
def test_cars_that_drive_and_stop_briefly_are_seen_and_not_accused(coco: Inference) -> None:
    path = str(SHARED / "video" / "intel_car-detection.mp4")
    trial = actions.backtest(path, rule(15, "car", "truck", min_score=0.25), interval=0.5, engine=coco)
    assert sum(trial.labels.get(label, 0) for label in ("car", "truck")) >= 3
    assert trial.violations() == []


@needs_data
def test_a_file_that_crashes_readers_ends_the_trial_not_the_process(coco: Inference) -> None:
    path = str(SHARED / "video" / "bgs_demo_rawvideo_CRASHES-OPENCV5.avi")
    trial = actions.backtest(path, rule(8, "car"), interval=0.5, engine=coco, most_seconds=5)
    assert trial.violations() == []


@pytest.mark.skipif(not CLIP.exists(), reason="no shared data here")
def test_a_file_with_another_hash_is_never_loaded(tmp_path: Path) -> None:
    file = tmp_path / "changed.pt"
    file.write_bytes(b"cos\nsystem\n(S'touch %s'\ntR." % str(tmp_path / "loaded").encode())
    engine = actions.engine_of(Model("video.adapters.yolo.Yolo", str(file), SHA256, class_map(None), 320))
    try:
        with pytest.raises(Invalid):
            actions.backtest(str(CLIP), rule(8, "car"), interval=1, engine=engine)
    finally:
        engine.close()
    assert not (tmp_path / "loaded").exists()


@pytest.mark.django_db
def test_an_unregistered_file_is_refused_before_any_process_sees_it(settings: LazySettings, tmp_path: Path) -> None:
    file = tmp_path / "evil.pt"
    file.write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    settings.DETECTOR_WEIGHTS = str(file)
    with pytest.raises(Conflict) as refused:
        model_in_use()
    assert refused.value.code == "video.unregistered_model"
    settings.DETECTOR_WEIGHTS = str(tmp_path / "absent.pt")
    with pytest.raises(Conflict):
        model_in_use()


@pytest.mark.django_db
@pytest.mark.skipif(not SHIPPED.exists(), reason="the weights are not there yet")
def test_the_shipped_model_is_registered_by_its_hash_and_is_the_one_in_use(settings: LazySettings) -> None:
    settings.DETECTOR_WEIGHTS = str(SHIPPED)
    assert register_shipped() >= 1
    model = model_in_use()
    assert model.sha256 == sha256_of(SHIPPED)
    assert {"car", "truck", "bicycle", "person"} <= set(model.classes.values())
    assert ModelVersion.objects.get(sha256=model.sha256).licence


def test_class_maps_are_data() -> None:
    assert class_map(["person", "car"]) == {"person": "person", "car": "car"}
    assert class_map({"0": "person", "1": "stall"}) == {"person": "person", "stall": "stall"}
    assert class_map({"bus": "truck"}) == {"bus": "truck"}
    assert class_map(None)["bus"] == "truck"
