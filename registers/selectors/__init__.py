"""Questions about registers and their records; every list is narrowed to what the actor may see."""

from registers.selectors.declared import (
    as_declared_now,
    declared_of,
    documents,
    entered_under,
    hot_attributes,
    keeps,
    keeps_any,
    known,
    obeyed,
    registers_for,
    states_of,
    touched,
    version_of,
    versions_in_force,
    visible_to,
)
from registers.selectors.exporting import RecordList, record_labels
from registers.selectors.files import file_columns, state_hint
from registers.selectors.raising import NEWS, raised_by
from registers.selectors.records import (
    EXPIRING,
    FILTERS,
    PAGE,
    anchor_of,
    attribute_lines,
    facts_of,
    grounds_of,
    history,
    lies_inside,
    minute_of_day,
    needs_place,
    offered,
    page_of,
    record_row,
    records,
    records_about,
    records_found,
    records_waiting,
    shown,
    state_counts,
    tied_cases,
    tied_from,
    tied_to_case,
    ties_of,
    view_of,
    views_of,
)
from registers.selectors.rounds import rounds_of, sees_whole
from registers.selectors.tallies import Standing, record_counts, record_lines, since_day, standing
from registers.selectors.tidings import tidings

__all__ = [
    "EXPIRING", "FILTERS", "NEWS", "PAGE", "RecordList", "Standing", "anchor_of", "as_declared_now", "attribute_lines",
    "declared_of", "documents", "entered_under", "facts_of", "file_columns", "grounds_of", "history", "hot_attributes",
    "keeps", "keeps_any", "known", "lies_inside", "minute_of_day", "needs_place", "obeyed", "offered", "page_of",
    "raised_by", "record_counts", "record_labels", "record_lines", "record_row", "records", "records_about",
    "records_found", "records_waiting", "registers_for", "rounds_of", "sees_whole", "shown", "since_day", "standing",
    "state_counts", "state_hint", "states_of", "tidings", "tied_cases", "tied_from", "tied_to_case", "ties_of",
    "touched", "version_of", "versions_in_force", "view_of", "views_of", "visible_to",
]  # fmt: skip
