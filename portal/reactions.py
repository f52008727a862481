"""What the open interface makes of news: where a case forgets who reported it, so does the report."""

from cases.contracts import PERSON_ERASED
from journal.contracts import EntryView, on
from portal import actions


@on(PERSON_ERASED, as_="portal.forget_account")
def forget_account(entry: EntryView) -> None:
    """The account of whoever reported is gone."""
    actions.forget_account(entry.subject)
