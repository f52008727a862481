"""The public words of video: states, detections, entry kinds. No Django, no numpy, no torch here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from journal.contracts import BY_AREA, PERSONAL, register_kind

Point = tuple[float, float]
Polygon = tuple[Point, ...]
Box = tuple[float, float, float, float]


class RuleMode(StrEnum):
    """What a rule may do by itself: count, ask a person first, or report a case."""

    SHADOW = "shadow"
    REVIEW = "review"
    AUTOMATIC = "automatic"


class Phase(StrEnum):
    """How far a place has come towards a violation, and back."""

    NEW = "new"
    CANDIDATE = "candidate"
    SUSPECT = "suspect"
    VIOLATION = "violation"
    PERSISTING = "persisting"
    CLEARED = "cleared"
    CLOSED = "closed"


OPEN_PHASES = (Phase.VIOLATION, Phase.PERSISTING, Phase.CLEARED)


class Review(StrEnum):
    """What a person said of an incident: nobody was asked, still open, right, or wrong."""

    NONE = "none"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Reason(StrEnum):
    """Why a person called an incident wrong."""

    NOTHING = "nothing"
    OTHER_THING = "other_thing"
    ALLOWED = "allowed"
    PASSING = "passing"
    TRAFFIC = "traffic"
    ZONE = "zone"
    PICTURE = "picture"


class CameraState(StrEnum):
    """What we know of a camera's stream."""

    IDLE = "idle"
    CONNECTING = "connecting"
    ONLINE = "online"
    DEGRADED = "degraded"
    DOWN = "down"
    QUARANTINED = "quarantined"


class Fault(StrEnum):
    """Why a camera's pictures cannot be judged now; empty when they can."""

    NONE = ""
    BLACK = "black"
    COVERED = "covered"
    BLURRED = "blurred"
    OVEREXPOSED = "overexposed"
    MOVED = "moved"
    FROZEN = "frozen"
    SCENE_CHANGE = "scene_change"
    NO_FRAMES = "no_frames"
    REFUSED = "refused"
    CRASHED = "crashed"
    FORBIDDEN_SOURCE = "forbidden_source"


class Moment(StrEnum):
    """Which moment of an incident a still shows."""

    BEFORE = "before"
    FIRST = "first"
    THRESHOLD = "threshold"
    AFTER = "after"
    LATEST = "latest"


@dataclass(frozen=True)
class Detection:
    """One thing seen: label, score 0-1, box (left, top, right, bottom as shares of the frame), appearance.

    `look` is a coarse hue-saturation histogram that sums to 1, or empty where the detector gave none.
    """

    label: str
    score: float
    box: Box
    look: tuple[float, ...] = ()


@dataclass(frozen=True)
class Detections:
    """Everything one inference saw in one frame of `width` x `height` pixels."""

    items: tuple[Detection, ...]
    width: int
    height: int

    @property
    def aspect(self) -> float:
        """Height over width: vertical shares times this are in units of the frame's width."""
        return self.height / self.width if self.width else 1.0


@dataclass(frozen=True)
class CameraView:
    """A camera as other apps may see it: no address of its stream, ever."""

    code: str
    names: Mapping[str, str]
    lon: float
    lat: float
    heading: int | None
    area: str
    organisation: str
    state: str
    fault: str
    promised_interval: float | None
    achieved_interval: float | None
    last_frame_at: datetime | None
    open_incidents: int = 0


@dataclass(frozen=True)
class IncidentNews:
    """Something became true of an incident."""

    incident: str
    camera: str
    rule: str
    category: str
    state: str
    mode: str
    dwell_seconds: float
    recurrence: int
    case_number: str


@dataclass(frozen=True)
class CameraNews:
    """Something became true of a camera; `detail` is a code."""

    camera: str
    state: str
    fault: str
    detail: str = ""


@dataclass(frozen=True)
class ZoneNews:
    """A zone and its rules read otherwise now, or are gone."""

    camera: str
    zone: str
    revision: int
    retired: bool


@dataclass(frozen=True)
class RuleNews:
    """A rule may do more or less by itself now; `right` of `judged` verdicts spoke for it."""

    camera: str
    zone: str
    rule: str
    before: str
    mode: str
    right: int
    judged: int


@dataclass(frozen=True)
class FaultNews:
    """A camera's pictures cannot be judged any more, or can again."""

    camera: str
    fault: str
    case_number: str = ""


@dataclass(frozen=True)
class NewRule:
    """A rule to be put on a zone: the template's code, and what differs from it."""

    template: str
    dwell_seconds: float | None = None
    mode: RuleMode | None = None
    ceiling: RuleMode | None = None
    schedule: Mapping[str, Any] = field(default_factory=dict)
    exempt: tuple[str, ...] = ()
    cluster: int | None = None


@dataclass(frozen=True)
class NewZone:
    """A zone to be put on a camera: a polygon in shares of the frame (0 to 1) and the rules that hold in it."""

    code: str
    polygon: Polygon
    names: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[NewRule, ...] = ()


@dataclass(frozen=True)
class NewCamera:
    """A camera to be added. `url` may carry a password: it is encrypted at once and never shown again."""

    code: str
    names: Mapping[str, str]
    url: str
    lon: float
    lat: float
    heading: int | None = None
    organisation: str = ""
    zones: tuple[NewZone, ...] = ()
    masks: tuple[Polygon, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


register_kind("video.camera_added.v1", CameraNews, BY_AREA)
register_kind("video.camera_changed.v1", CameraNews, BY_AREA)
register_kind("video.picture_opened.v1", CameraNews, PERSONAL)
register_kind("video.zone_changed.v1", ZoneNews, BY_AREA)
register_kind("video.rule_mode_changed.v1", RuleNews, BY_AREA)
register_kind("video.rule_suspended.v1", CameraNews, BY_AREA)
register_kind("video.incident_opened.v1", IncidentNews, BY_AREA)
register_kind("video.incident_recurred.v1", IncidentNews, BY_AREA)
register_kind("video.incident_cleared.v1", IncidentNews, BY_AREA)
register_kind("video.incident_closed.v1", IncidentNews, BY_AREA)
register_kind("video.incident_judged.v1", IncidentNews, BY_AREA)
register_kind("video.verdict_taken_back.v1", IncidentNews, BY_AREA)
register_kind("video.fault_opened.v1", FaultNews, BY_AREA)
register_kind("video.fault_closed.v1", FaultNews, BY_AREA)
