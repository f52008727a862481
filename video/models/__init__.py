"""Tables of video: cameras and what is watched in them, who reads them now, what was seen."""

from video.models.cameras import AllowedSource, Camera, Rule, Template, Zone, ZoneVersion
from video.models.faults import CameraFault, Reference
from video.models.incidents import Incident, ModelVersion, Sample, Still
from video.models.nodes import Lease, Node, Watch

__all__ = [
    "AllowedSource",
    "Camera",
    "CameraFault",
    "Incident",
    "Lease",
    "ModelVersion",
    "Node",
    "Reference",
    "Rule",
    "Sample",
    "Still",
    "Template",
    "Watch",
    "Zone",
    "ZoneVersion",
]
