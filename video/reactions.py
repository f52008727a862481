"""What video makes of the news of others: cameras go where organisations go, and where a new map puts them."""

from accounts.contracts import Stake, register_stake
from journal.contracts import EntryView, on
from video import actions, selectors

AT_ONCE = 500

register_stake(Stake("cameras", {"zh": "摄像机", "en": "Cameras"}, selectors.cameras_under))


@on("accounts.organisation_moved.v1", as_="video.follow_organisations")
def follow_organisations(entry: EntryView) -> None:
    """The cameras of whoever moved stand where they stand now."""
    actions.follow_organisations()


@on("grid.published.v1", as_="video.follow_map")
def follow_map(entry: EntryView) -> None:
    """Cameras stand in the cells of the map in force; a map that changes many of them is left to the sweep."""
    actions.follow_map(most=AT_ONCE)


def _learn(entry: EntryView, right: bool) -> None:
    told = selectors.uid_of(str(entry.data.get("incident", "")))
    if told and entry.actor.startswith("user:"):
        actions.learn(told, actor_key=entry.actor, right=right)


@on("case.registered.v1", as_="video.learn_right")
def learn_right(entry: EntryView) -> None:
    """A person took up the case of an incident: the rule was right."""
    _learn(entry, True)


@on("case.rejected.v1", as_="video.learn_wrong")
def learn_wrong(entry: EntryView) -> None:
    """A person turned away the case of an incident: the rule was wrong."""
    _learn(entry, False)
