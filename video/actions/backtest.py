"""A rule tried on a recorded file: what it would have found. Nothing is written, no case is made."""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from core.errors import Invalid
from video.actions.detectors import model_in_use
from video.adapters.gate import Gate
from video.adapters.inference import Inference, Model
from video.adapters.slot import Frame
from video.adapters.streams import Source, Stream
from video.contracts import CameraState, Detections
from video.rules.dwell import Happening, fold
from video.rules.places import Spec, State

PATIENCE_SECONDS = 300.0
TURN_SECONDS = 0.003
BATCH = 4


@dataclass
class Trial:
    """What a file showed: happenings in its own time (seconds), how many frames were judged, what was seen, and the
    longest time that anything counted as standing."""

    news: list[Happening] = field(default_factory=list)
    frames: int = 0
    seconds: float = 0.0
    labels: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    crashed: bool = False

    def judge(self, state: State, seen: Detections, at: float, spec: Spec) -> State:
        """One look more at a picture that may be judged; answers what is remembered then."""
        state, news = fold(state, seen, at, spec)
        self.news += news
        self.longest = max([self.longest, *(place.covered for place in state.places)])
        return state

    def violations(self) -> list[Happening]:
        """What would have become incidents."""
        return [one for one in self.news if one.what == "violation"]


def _frames(stream: Stream, until: float) -> list[Frame]:
    """The next frames of the file, in order; fewer than a batch at its end."""
    frames: list[Frame] = []
    stream.step()
    while len(frames) < BATCH and not _over(stream) and time.monotonic() < until:
        stream.tick()
        frame = stream.newest()
        if frame is None:
            time.sleep(TURN_SECONDS)
            continue
        frames.append(frame)
        if len(frames) < BATCH:
            stream.step()
    return frames


def _over(stream: Stream) -> bool:
    return stream.ended or stream.failures > 0 or stream.state is CameraState.QUARANTINED


def _answers(engine: Inference, frames: list[Frame], until: float) -> list[Detections]:
    while not engine.idle and time.monotonic() < until:
        engine.poll()
        if engine.refused:
            raise Invalid("video.unregistered_model", file=Path(engine.model.file).name)
        time.sleep(TURN_SECONDS)
    engine.give([frame.rgb for frame in frames])
    while time.monotonic() < until:
        answer = engine.poll()
        if answer is not None:
            return answer.found
        if engine.lost:
            return []
        time.sleep(TURN_SECONDS)
    return []


def engine_of(model: Model | None = None) -> Inference:
    """An inference process for trials, of the model in use if none is named; the caller closes it."""
    return Inference(model or model_in_use(), str(Path(settings.DATA_DIR) / "ultralytics"))


def backtest(path: str, spec: Spec, *, interval: float, most_seconds: float = 600.0, engine: Inference) -> Trial:
    """What the rule finds in a file that is looked at every `interval` seconds of its own time.

    The file is decoded in a process of its own; if that dies, the trial ends with `crashed`.
    """
    trial, state, gate = Trial(), State(), Gate([spec.polygon])
    stream = Stream(Source(path, live=False, interval=interval))
    try:
        stream.tick()
        while not _over(stream) and trial.seconds < most_seconds:
            until = time.monotonic() + PATIENCE_SECONDS
            frames = _frames(stream, until)
            if not frames:
                break
            for frame, seen in zip(frames, _answers(engine, frames, until), strict=False):
                gate.look(frame.rgb, frame.glance, frame.pts)
                state = trial.judge(state, seen, frame.pts, spec) if gate.scene.fit else state
                trial.labels.update(one.label for one in seen.items)
                trial.frames, trial.seconds = trial.frames + 1, frame.pts
        trial.crashed = stream.crashes > 0
    finally:
        stream.close()
    return trial
