"""How right the rules are, story by story and clip by clip: the table in docs/video-accuracy.md.

    ./run prove dwell [--shared /path/to/shared] [--write]

Composed streets have a ground truth to the second. Recorded clips are read by a COCO network, where the shared folder
has both; what stands in them was looked up by eye. What fails stands in the table like what does not.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.result import ROOT, Result
from tests.video.scenes import HARD, STORIES, Story, watched
from video.actions import backtest, engine_of
from video.actions.detectors import class_map
from video.adapters.inference import Inference, Model
from video.rules.places import Spec

TABLE = ROOT / "docs" / "video-accuracy.md"
WEIGHTS = "data/weights/yolo11n-coco-from-int8.pt"
SHA256 = "c357748e5110160ae3feed23de90e55c12309d47b060c1a69523a936cbd78d79"
EVERYWHERE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
HEAD = """# How right the rules are

Made by `./run prove dwell --write`; do not edit. *Stands* is what the ground truth says stood longer than the limit,
*found* what the rule found, *longest* the longest time that it counted anything as standing.

| Film | Rule | Stands | Found | Right | Missed | Wrong | Longest, s |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Clip:
    """A recorded film, the rule it is judged by, how many things stand too long, and the longest real stay."""

    file: str
    about: str
    labels: tuple[str, ...]
    dwell: float
    interval: float
    stands: int
    longest_stay: float
    score: float = 0.25


CLIPS = (
    Clip("bgs_highway-cctv_video02.avi", "motorway, nothing stands", ("car", "truck"), 8, 0.5, 0, 8),
    Clip("intel_car-detection.mp4", "cars that pass and stop briefly", ("car", "truck"), 15, 0.5, 0, 15),
    Clip("intel_one-by-one-person-detection.mp4", "people in turn at one spot", ("person",), 30, 1.5, 0, 30, 0.3),
    Clip("intel_person-bicycle-car-detection_trim.mp4", "people, bicycles and cars pass", ("car",), 20, 0.5, 0, 20),
)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    film: str
    rule: str
    stands: int
    found: int
    longest: float

    @property
    def right(self) -> int:
        """How many of those found do stand."""
        return min(self.stands, self.found)

    def written(self) -> str:
        """As the table has it."""
        missed, wrong = self.stands - self.right, self.found - self.right
        cells = (self.film, self.rule, self.stands, self.found, self.right, missed, wrong, f"{self.longest:.0f}")
        return f"| {' | '.join(str(cell) for cell in cells)} |\n"


def composed(stories: Iterable[Story]) -> Iterator[Row]:
    """Each of these streets."""
    for story in stories:
        verdict = watched(story)
        longest = max((one.place.covered for one in verdict.news), default=0.0)
        yield Row(f"composed: {story.name}", f"vehicle {story.dwell:.0f} s", story.violations,
                  len(verdict.of("violation")), longest)  # fmt: skip


def clips(shared: Path) -> Iterator[Row]:
    """Every recorded film that is here."""
    if not (shared / WEIGHTS).exists():
        return
    engine: Inference = engine_of(
        Model("video.adapters.yolo.Yolo", str(shared / WEIGHTS), SHA256, class_map(None), 320)
    )
    try:
        for clip in CLIPS:
            path = shared / "data" / "video" / clip.file
            if not path.exists():
                continue
            rule = Spec(frozenset(clip.labels), EVERYWHERE, clip.dwell, min_score=clip.score)
            trial = backtest(str(path), rule, interval=clip.interval, engine=engine)
            name = f"{clip.file}: {clip.about}"
            yield Row(name, f"{clip.labels[0]} {clip.dwell:.0f} s", clip.stands, len(trial.violations()), trial.longest)
    finally:
        engine.close()


def main() -> int:
    """The table, var/results/prove_dwell.json, and 1 where a film that is not too hard is judged wrongly."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    rows = [*composed(STORIES), *clips(given.shared)]
    hard = list(composed(HARD))
    result = Result("prove_dwell")
    right, found, stands = (sum(getattr(row, name) for row in rows) for name in ("right", "found", "stands"))
    result.expect("precision", right / found if found else 1.0, at_least=1.0)
    result.expect("recall", right / stands if stands else 1.0, at_least=1.0)
    result.add("films", len(rows))
    result.add("films known to be too hard, judged wrongly", sum(row.found != row.stands for row in hard))
    told = "".join(row.written() for row in (*rows, *hard))
    if given.write:
        TABLE.write_text(HEAD + told, encoding="utf-8")
    print(told)
    return int(result.finish())


if __name__ == "__main__":
    sys.exit(main())
