"""The public words of saved filters: the news that one was saved or deleted."""

from dataclasses import dataclass

from journal.contracts import BY_AREA, register_kind

FILTER_CHANGED = "case.filter_changed.v1"


@dataclass(frozen=True)
class FilterNews:
    """A saved filter was made, changed or deleted; its name and what it filters stand in the table."""

    filter_id: int
    shared: str
    deleted: bool


register_kind(FILTER_CHANGED, FilterNews, BY_AREA)
