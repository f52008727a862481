"""What video gives away: the cameras and what they have seen, by export jobs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import Forbidden, Invalid
from core.scope import Actor
from exchange.contracts.exports import register_listing
from exchange.selectors import QueryList
from video import selectors
from video.templatetags.video_words import WORDS

RIGHT = "camera.see"


def _needs(actor: Actor) -> None:
    if not actor.holds(RIGHT):
        raise Forbidden("video.not_yours")


class CameraList(QueryList):
    """The cameras on somebody's ground, how they are, and how many incidents of theirs are open."""

    name = "cameras"
    names: Mapping[str, str] = {"zh": "摄像头", "en": "Cameras"}
    fields: Mapping[str, Any] = {
        "code": "code", "name_zh": "names__zh", "name_en": "names__en", "cell": "cell", "area": "area",
        "organisation": "organisation", "enabled": "enabled", "state": "state", "fault": "fault",
        "state_at": "state_at", "last_frame_at": "last_frame_at", "seconds_promised": "promised_interval",
        "seconds_achieved": "achieved_interval", "open_incidents": "open_incidents",
    }  # fmt: skip
    offices = ("organisation",)
    shape = "geom"

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Any]:
        """All of them; nothing of the address of a stream."""
        _needs(actor)
        return selectors.cameras(actor)


class IncidentList(QueryList):
    """What the cameras on somebody's ground have seen, narrowed as the page is."""

    name = "incidents"
    names: Mapping[str, str] = {"zh": "视频事件", "en": "Incidents"}
    fields: Mapping[str, Any] = {
        "uid": "uid", "camera": "camera__code", "area": "camera__area", "rule_zh": "rule__template__names__zh",
        "rule_en": "rule__template__names__en", "class": "category", "label": "label", "state": "state",
        "mode": "mode", "review": "review", "first_seen": "first_seen", "violated_at": "violated_at",
        "last_seen": "last_seen", "seconds": "dwell_seconds", "cleared_at": "cleared_at", "closed_at": "closed_at",
        "case": "case_number", "joined": "joined", "held_back": "braked",
    }  # fmt: skip
    shape = "camera__geom"
    asked: Mapping[str, Any] = {"state": _("State"), "camera": _("Camera")}

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Any]:
        """Of a state, of a camera, or all."""
        _needs(actor)
        state, camera = options.get("state", ""), options.get("camera", "")
        if state not in selectors.INCIDENT_STATES or "\x00" in camera:
            raise Invalid("video.bad_filter")
        return selectors.incidents(actor, camera_code=camera, state=state)

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """A file knows no identifiers but text."""
        for told in every:
            told["uid"] = str(told["uid"])

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """States as the page calls them."""
        return {"state": {"": _("All"), "open": _("Open"), **WORDS["incident"]}}


register_listing(CameraList())
register_listing(IncidentList())
