"""What video knows of components: the nearest cameras, each with its last moment and its distance."""

from collections.abc import Sequence

from assets.contracts import About, AssetView, register_knowledge
from core.languages import pick
from core.scope import Actor
from video import selectors
from video.contracts import CameraState
from video.templatetags.video_words import video_word


def _near(view: AssetView, class_code: str, actor: Actor) -> Sequence[About]:
    return [
        About(
            f"{pick(row.names)} {row.code}".strip(), f"/video/incidents/?camera={row.code}",
            video_word(row.state, "camera"), row.last_frame_at, row.state != CameraState.ONLINE, metres,
        )
        for row, metres in selectors.cameras_near(view.geometry, actor)
    ]  # fmt: skip


register_knowledge("cameras nearby", {"zh": "附近的摄像机", "en": "Cameras nearby"}, _near)
