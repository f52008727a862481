"""Whether a camera's pictures may be judged now, and whether something moves. Pure decisions on a few numbers."""

from dataclasses import dataclass, replace

from video.contracts import Fault

FROZEN_SECONDS = 60.0
JUMP_SHARE = 0.7
SETTLE_SECONDS = 5.0
MOTION_SHARE = 0.01
MOTION_SECONDS = 20.0


@dataclass(frozen=True)
class Glance:
    """A frame in a few numbers: the share of the picture and of the zones that changed against the background, and
    whether it is the same picture as before, bit by bit."""

    changed: float
    changed_in_zones: float
    same: bool


@dataclass(frozen=True)
class Scene:
    """What is remembered between glances. Times are seconds of the same clock as the frames."""

    fault: Fault = Fault.NONE
    same_since: float | None = None
    settle_until: float = 0.0
    moved_at: float | None = None
    rebase: bool = False

    @property
    def fit(self) -> bool:
        """Whether the picture may be judged."""
        return self.fault is Fault.NONE

    def moving(self, at: float) -> bool:
        """Whether something moved in a zone lately."""
        return self.moved_at is not None and at - self.moved_at <= MOTION_SECONDS


def look_over(scene: Scene, glance: Glance, at: float, diagnosed: Fault = Fault.NONE) -> Scene:
    """The scene after one more frame. What its diagnosis says, frozen and jumping pictures are faults while they last.

    A jump (light switched, camera turned) asks for a new background (`rebase`) and is a fault for five seconds.
    """
    same_since = (scene.same_since if scene.same_since is not None else at) if glance.same else None
    moved_at = at if glance.changed_in_zones >= MOTION_SHARE else scene.moved_at
    jumped = glance.changed >= JUMP_SHARE
    settle_until = at + SETTLE_SECONDS if jumped else scene.settle_until
    if diagnosed:
        fault = diagnosed
    elif same_since is not None and at - same_since >= FROZEN_SECONDS:
        fault = Fault.FROZEN
    elif at < settle_until:
        fault = Fault.SCENE_CHANGE
    else:
        fault = Fault.NONE
    return replace(
        scene, fault=fault, same_since=same_since, settle_until=settle_until, moved_at=moved_at, rebase=jumped
    )
