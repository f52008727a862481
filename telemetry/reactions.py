"""What telemetry makes of the news of others: devices go where organisations go."""

from accounts.contracts import Stake, register_stake
from journal.contracts import EntryView, on
from telemetry import actions, selectors

register_stake(Stake("devices", {"zh": "终端设备", "en": "Devices"}, selectors.devices_under))


@on("accounts.organisation_moved.v1", as_="telemetry.follow_organisations")
def follow_organisations(entry: EntryView) -> None:
    """The devices of whoever moved stand where they stand now."""
    actions.follow_organisations()
