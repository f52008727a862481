"""Questions about files, always of somebody: which they see, what runs out, what may follow, what a paper says."""

from enforcement.selectors.declared import cause_documents, credential_rows, limits_document
from enforcement.selectors.files import (
    DUE,
    FILTERS,
    MOST,
    Page,
    calendar_for,
    cause_of,
    causes_on,
    credentials,
    dossier,
    dossiers,
    facts_of,
    local_limits,
    local_today,
    officers_for,
    offices_of,
    page_of,
    visible_to,
    world_for,
)
from enforcement.selectors.papers import (
    Checked,
    agency_of,
    body_of,
    checked,
    document,
    documents_of,
    paper_values,
    party_digest,
    seals_hold,
    templates,
    words_of,
)
from enforcement.selectors.shown import (
    LOOKS_PER_HOUR,
    PERSON_UNMASK,
    Board,
    Next,
    PartyShown,
    Standing,
    board,
    has_looked,
    history,
    looks_of,
    looks_since,
    may_see_party,
    of_case,
    party_shown,
    party_whole,
    standing_of,
)
from enforcement.selectors.terms import Term, terms_of

__all__ = [
    "Board", "Checked", "DUE", "FILTERS", "LOOKS_PER_HOUR", "MOST", "Next", "PERSON_UNMASK", "Page", "PartyShown",
    "Standing", "Term", "agency_of", "board", "body_of", "calendar_for", "cause_documents", "cause_of", "causes_on",
    "checked", "credential_rows", "credentials", "document", "documents_of", "dossier", "dossiers", "facts_of",
    "has_looked", "history", "limits_document", "local_limits", "local_today", "looks_of", "looks_since",
    "may_see_party", "of_case", "officers_for", "offices_of", "page_of", "paper_values", "party_digest",
    "party_shown", "party_whole", "seals_hold", "standing_of", "templates", "terms_of", "visible_to", "words_of",
    "world_for",
]  # fmt: skip
