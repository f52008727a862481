"""What of video waits for a person: incidents that somebody must call right or wrong."""

from core.languages import pick
from core.scope import Actor
from core.waiting import Desk, Pile, Waiting, piled, register_desk
from video import selectors
from video.models import Incident

JUDGE = {"zh": "复核", "en": "Right or wrong?"}


def _incident(row: Incident) -> Waiting:
    return Waiting(
        pick(row.rule.template.names), pick(JUDGE), f"/video/incidents/{row.uid}/", where=pick(row.camera.names),
        area=row.camera.area, since=row.violated_at,
    )  # fmt: skip


def _incidents(actor: Actor, most: int) -> Pile:
    return piled(selectors.incidents_to_judge(actor), most, _incident, "/video/incidents/")


register_desk(
    Desk(
        "video", {"zh": "视频复核", "en": "Video reviews"},
        lambda actor: actor.holds("camera.see") and actor.holds("accept"), _incidents,
    )
)  # fmt: skip
