"""Which model judges: registered by its hash, one active at a time."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from core.errors import Conflict, Forbidden
from core.scope import Actor
from video.adapters.inference import Model
from video.models import ModelVersion

REGISTRY = Path("video/weights/registry.json")
DETECTOR = "video.adapters.yolo.Yolo"
COCO = {
    "person": "person",
    "bicycle": "bicycle",
    "car": "car",
    "motorcycle": "motorcycle",
    "bus": "truck",
    "truck": "truck",
}


def class_map(classes: Any) -> dict[str, str]:
    """Names of a model's classes to labels of the rules: as written, or each to itself, or the COCO ones we know."""
    if isinstance(classes, Mapping) and all(isinstance(value, str) for value in classes.values()):
        by_index = all(str(key).isdigit() for key in classes)
        return {str(name): str(name) for name in classes.values()} if by_index else dict(classes)
    if isinstance(classes, list | tuple) and classes:
        return {str(name): str(name) for name in classes}
    return dict(COCO)


def sha256_of(path: Path) -> str:
    """The hash of a file; Conflict `video.unregistered_model` where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Conflict("video.unregistered_model", file=path.name) from error


def _entries() -> list[dict[str, Any]]:
    path = Path(settings.BASE_DIR) / REGISTRY
    if not path.exists():
        return []
    found = json.loads(path.read_text())
    rows = found.get("models", found) if isinstance(found, Mapping) else found
    if isinstance(rows, Mapping):
        rows = [{"file": name, **row} for name, row in rows.items() if isinstance(row, Mapping)]
    return [row for row in rows if "sha256" in row]


def register_shipped() -> int:
    """Every model that the repository ships is known by its hash; returns how many the registry names."""
    entries = _entries()
    for row in entries:
        size = row.get("input_size") or row.get("imgsz") or row.get("size") or 320
        metrics = {name: value for name, value in row.items() if name.lower().startswith("map")}
        fields = {
            "name": row.get("name") or row["file"],
            "file": str(REGISTRY.parent / Path(row["file"]).name),
            "classes": class_map(row.get("classes")),
            "input_size": int(size),
            "licence": str(row.get("licence", ""))[:60],
            "provenance": json.dumps(row.get("provenance", ""), ensure_ascii=False),
            "metrics": metrics | row.get("metrics", {}),
        }
        ModelVersion.objects.update_or_create(sha256=row["sha256"], defaults=fields)
    return len(entries)


@transaction.atomic
def register_model(
    *, name: str, file: str, sha256: str, classes: Any = None, input_size: int = 640, licence: str = "", actor: Actor
) -> ModelVersion:
    """A model file is trusted from now on. A `.pt` is a pickle, so only an administrator may say so."""
    if not actor.may("admin"):
        raise Forbidden("video.not_admin")
    fields = {"name": name, "file": file, "classes": class_map(classes), "input_size": input_size, "licence": licence}
    found, _new = ModelVersion.objects.update_or_create(sha256=sha256, defaults=fields)
    return found


def model_in_use() -> Model:
    """The model this node loads: the file that settings name, if its hash is registered.

    Conflict `video.unregistered_model` otherwise. `VIDEO_DETECTOR` may name another adapter; one that is not the
    default and has no weights (`DETECTOR_WEIGHTS` empty) needs no file.
    """
    detector = getattr(settings, "VIDEO_DETECTOR", DETECTOR)
    weights = settings.DETECTOR_WEIGHTS
    if not weights:
        return Model(detector)
    path = Path(weights) if Path(weights).is_absolute() else Path(settings.BASE_DIR) / weights
    sha256 = sha256_of(path)
    register_shipped()
    found = ModelVersion.objects.filter(sha256=sha256).first()
    if found is None:
        raise Conflict("video.unregistered_model", file=path.name)
    return Model(detector, str(path), sha256, found.classes, found.input_size)
