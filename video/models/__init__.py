"""Tables of video: cameras and what is watched in them, who reads them now, what was seen."""

from video.models.cameras import AllowedSource, Camera, Rule, Template, Zone
from video.models.incidents import Incident, ModelVersion, Sample, Still
from video.models.nodes import Lease, Node, Watch

__all__ = [
    "AllowedSource",
    "Camera",
    "Incident",
    "Lease",
    "ModelVersion",
    "Node",
    "Rule",
    "Sample",
    "Still",
    "Template",
    "Watch",
    "Zone",
]
