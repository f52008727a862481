"""What video makes of the news of organisations: their cameras go where they go."""

from accounts.contracts import Stake, register_stake
from journal.contracts import EntryView, on
from video import actions, selectors

register_stake(Stake("cameras", {"zh": "摄像机", "en": "Cameras"}, selectors.cameras_under))


@on("accounts.organisation_moved.v1", as_="video.follow_organisations")
def follow_organisations(entry: EntryView) -> None:
    """The cameras of whoever moved stand where they stand now."""
    actions.follow_organisations()
