"""Trains the small detector on rendered streets and judges it on streets that it has not seen. A one-off.

It needs torchvision, which the project itself does not: run it from a scratch environment (about 6 GB, 3 minutes):

    python3 -m venv /tmp/trainenv
    /tmp/trainenv/bin/pip install torch torchvision ultralytics==8.4.190
    YOLO_OFFLINE=true YOLO_AUTOINSTALL=false /tmp/trainenv/bin/python -m simulator.scenes.train --work /tmp/scenes-data

Nothing is downloaded: the network starts from random numbers, or with `--start` goes on from weights that this script
made. An epoch takes about 70 s on two cores; the shipped weights saw some sixty, the last twelve with `--step 0.0005`.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("YOLO_OFFLINE", "true")
os.environ.setdefault("YOLO_AUTOINSTALL", "false")

import torch
import ultralytics
import yaml
from ultralytics import YOLO

from simulator.scenes.samples import write
from simulator.scenes.thing import CLASSES

NAME = "cityops-street-n"
MODEL = "yolo11n.yaml"
WEIGHTS = Path(__file__).resolve().parents[2] / "video" / "weights"
SIZE = 320
BATCH = 8
MAP_MIN = 0.9
TRAIN_SEEDS = {1000: 480, 1001: 480, 1002: 100}
HELD_SEEDS = {9000: 128}


def data_set(work: Path) -> Path:
    """Render what is not there yet; gives the path of the description of the set."""
    for part, seeds in (("train", TRAIN_SEEDS), ("held", HELD_SEEDS)):
        for seed, count in seeds.items():
            if len(list((work / "labels" / part).glob(f"{seed:04d}-*.txt"))) < count:
                write(work, part, seed, count)
    described = work / "data.yaml"
    content = {"path": str(work), "train": "images/train", "val": "images/held", "names": dict(enumerate(CLASSES))}
    described.write_text(yaml.safe_dump(content), encoding="utf-8")
    return described


def train(work: Path, start: Path | None, epochs: int, step: float) -> Path:
    """Train from random weights, or on from own earlier ones; gives the path of the best weights."""
    network = YOLO(str(start) if start else MODEL)
    network.train(
        data=str(data_set(work)),
        imgsz=SIZE,
        rect=True,
        epochs=epochs,
        batch=BATCH,
        nbs=BATCH,
        device="cpu",
        workers=0,
        cache="ram",
        optimizer="AdamW",
        lr0=step,
        lrf=0.02,
        cos_lr=True,
        warmup_epochs=1,
        mosaic=0.0,
        scale=0.25,
        degrees=0.0,
        erasing=0.0,
        pretrained=start is not None,
        plots=False,
        val=True,
        project=str(work / "runs"),
        name=NAME,
        exist_ok=True,
        seed=7,
        verbose=True,
    )
    return work / "runs" / NAME / "weights" / "best.pt"


def measure(weights: Path, work: Path) -> dict:
    """mAP50, mAP50-95 and the average precision of each class on the held-out pictures."""
    found = YOLO(str(weights)).val(
        data=str(data_set(work)),
        imgsz=SIZE,
        batch=BATCH,
        device="cpu",
        workers=0,
        plots=False,
        project=str(work / "runs"),
        name="held",
        exist_ok=True,
        verbose=False,
    )
    each = {CLASSES[int(k)]: round(float(found.box.ap50[n]), 4) for n, k in enumerate(found.box.ap_class_index)}
    return {"map50": round(float(found.box.map50), 4), "map50_95": round(float(found.box.map), 4), "ap50": each}


def ship(weights: Path, measured: dict, start: Path | None, epochs: int) -> None:
    """Put the weights (half precision) and their description where the application looks for them."""
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    saved = torch.load(weights, map_location="cpu", weights_only=False)
    network = (saved.get("ema") or saved["model"]).half()
    network.criterion = None
    kept = {
        "model": network,
        "train_args": {"imgsz": SIZE, "task": "detect", "model": MODEL},
        "date": "2026-11-22",
        "version": ultralytics.__version__,
        "license": "AGPL-3.0",
        "docs": "docs/decisions/0008-detector.md",
    }
    target = WEIGHTS / f"{NAME}.pt"
    torch.save(kept, target)
    described = {"models": [_described(target, measured, start, epochs)]}
    (WEIGHTS / "registry.json").write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _described(target: Path, measured: dict, start: Path | None, epochs: int) -> dict:
    trained_on = {
        "renderer": "simulator.scenes",
        "train_seeds": TRAIN_SEEDS,
        "held_out_seeds": HELD_SEEDS,
        "architecture": MODEL,
        "epochs": epochs,
        "start": f"own weights, themselves from random: {start.name}" if start else "random",
    }
    return {
        "name": NAME,
        "file": target.name,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "task": "detect",
        "format": "pt",
        "runtime": "ultralytics",
        "classes": list(CLASSES),
        "imgsz": SIZE,
        **measured,
        "trained_on": trained_on,
        "licence": "AGPL-3.0",
        "provenance": "trained by simulator/scenes/train.py on pictures that simulator/scenes renders; no foreign data",
    }


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--work", type=Path, required=True, help="folder for pictures and runs")
    reader.add_argument("--start", type=Path, help="go on from own earlier weights")
    reader.add_argument("--epochs", type=int, default=24)
    reader.add_argument("--step", type=float, default=0.001, help="learning rate at the beginning")
    reader.add_argument("--weights", type=Path, help="ship these instead of training")
    given = reader.parse_args()
    weights = given.weights or train(given.work, given.start, given.epochs, given.step)
    measured = measure(weights, given.work)
    print(json.dumps(measured))
    if measured["map50"] < MAP_MIN:
        print(f"mAP50 {measured['map50']} is under {MAP_MIN}: nothing is shipped", file=sys.stderr)
        return 1
    ship(weights, measured, given.start, given.epochs)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
