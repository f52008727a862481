"""The public words of saved filters: the news that one was saved or deleted."""

from dataclasses import dataclass

from journal.contracts import PERSONAL, register_kind

FILTER_CHANGED = "case.filter_changed.v1"


@dataclass(frozen=True)
class FilterNews:
    """A saved filter was made, changed or deleted, which its owner is told; its name and words stand in the table."""

    filter_id: int
    shared: str
    deleted: bool


register_kind(FILTER_CHANGED, FilterNews, PERSONAL)
