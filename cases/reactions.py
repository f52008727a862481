"""What cases make of the news of organisations: their cases go where they go."""

from accounts.contracts import Stake, register_stake
from cases import actions, selectors
from journal.contracts import EntryView, on

register_stake(Stake("open_cases", {"zh": "未结案件", "en": "Open cases"}, selectors.open_under, hinders=True))


@on("accounts.organisation_moved.v1", as_="cases.follow_organisations")
def follow_organisations(entry: EntryView) -> None:
    """The open cases of whoever moved stand where they stand now; the sweep brings the ended ones along."""
    actions.follow_organisations()
