"""Renders films for the demo's cameras.

    python -m simulator.scenes.render --scene parking --seed 3 --out var/demo/parking-3.h264
    python -m simulator.scenes.render --video some.mp4 --out var/demo/some.h264
    python -m simulator.scenes.render --demo var/demo          the demo's films and cameras.json, two at a time;
                                                               with --cameras 1 those of its first camera alone

What is there already and of the same recipe stays. `--demo` prints nothing but one line per film made.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

import cv2

from simulator.scenes.demo import CAMERAS, DemoCamera
from simulator.scenes.film import render_scene, render_video


def make(folder: str, camera: DemoCamera) -> str:
    """Film one of the demo's cameras; gives a line to show, empty where nothing was to do."""
    cv2.setNumThreads(1)
    made = render_scene(camera.scene, camera.seed, camera.light, Path(folder) / f"{camera.film}.h264")
    return f"{camera.film}: rendered" if made else ""


def demo(folder: Path, many: int = len(CAMERAS)) -> list[str]:
    """The films of so many demo cameras and the description that simulator/rtsp.py reads; gives what was made."""
    films = {camera.film: camera for camera in CAMERAS[:many]}
    with ProcessPoolExecutor(min(4, cpu_count() or 1), get_context("spawn")) as pool:
        lines = [line for line in pool.map(make, [str(folder)] * len(films), films.values()) if line]
    described = []
    for camera in CAMERAS[:many]:
        film = json.loads((folder / f"{camera.film}.json").read_text(encoding="utf-8"))
        described.append(camera.described(film))
    (folder / "cameras.json").write_text(
        json.dumps({"cameras": described}, indent=1, ensure_ascii=False), encoding="utf-8"
    )
    return lines


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--scene")
    reader.add_argument("--seed", type=int, default=0)
    reader.add_argument("--light", default="")
    reader.add_argument("--video", type=Path)
    reader.add_argument("--out", type=Path)
    reader.add_argument("--demo", type=Path)
    reader.add_argument("--cameras", type=int, default=len(CAMERAS))
    given = reader.parse_args()
    if given.demo:
        for line in demo(given.demo, given.cameras):
            print(line)
        return 0
    if not given.out or not (given.scene or given.video):
        reader.error("give --demo DIR, or --out FILE with --scene or --video")
    if given.video:
        render_video(given.video, given.out)
    else:
        render_scene(given.scene, given.seed, given.light, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
