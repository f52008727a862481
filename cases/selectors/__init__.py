"""Questions about cases. Whatever lists cases begins with `visible_to(actor)`."""

from cases.selectors.catalogue import (
    categories,
    category,
    category_fields,
    category_given,
    category_names,
    category_rows,
    chosen_by_city,
    is_switched_on,
    newest_versions,
    responsibilities,
    responsibility_fields,
    steps_model,
    steps_model_fields,
    steps_models,
)
from cases.selectors.cells import Box, by_cell, open_in_box
from cases.selectors.classes import (
    STATES,
    CasesOfClass,
    ClassEntry,
    cases_of_class,
    class_entries,
    class_entry,
    class_presets,
    class_versions,
    classes_found,
    duties,
    full,
    switch_rows,
    told,
)
from cases.selectors.components import about_component, event_class_names, near_component, report_address
from cases.selectors.deadlines import Deadline, between, deadline, later
from cases.selectors.finding import (
    OPEN,
    QUEUES,
    case,
    counts,
    due_order,
    history,
    is_number,
    late,
    matching,
    open_cases_near,
    open_under,
    queue,
    reasons,
    visible_to,
    waiting_for,
    wall_cases,
)
from cases.selectors.matrix import Faults, Matrix, Square, faults, major_of, matrix
from cases.selectors.moving import OpenCasePoints
from cases.selectors.orders import (
    may_coordinate,
    may_order,
    may_reply,
    order_news,
    order_of,
    order_state,
    orders,
    shirk_after,
)
from cases.selectors.outcomes import outcome
from cases.selectors.reading import (
    evidence_of,
    is_late,
    news_of,
    pictures,
    reporter_of,
    view_of,
    why_due,
)
from cases.selectors.replay import LISTED, Moved, Replay, moved_before, replay_duty, replay_end, replay_save
from cases.selectors.requests import (
    REQUEST_QUEUES,
    Askable,
    askable,
    may_resume,
    paper_of,
    request_counts,
    request_fields,
    request_news,
    request_of,
    request_queue,
    request_rule,
    request_rule_rows,
    requests,
    standing_of,
)
from cases.selectors.responsibility import (
    WhatIf,
    book_of_all,
    override,
    override_rows,
    override_told,
    overrides,
    responsible,
    what_if,
)
from cases.selectors.steps import (
    candidates,
    category_for,
    facts_of,
    level_of,
    may_attach,
    needs_of,
    open_steps,
    phases_for,
    target_of,
    verbs_of,
    walkers,
)
from cases.selectors.texts import standard_text, standard_texts, text_told, texts_for
from cases.selectors.tidings import tidings
from cases.selectors.ties import Alike, alike, alike_at, apart_m, duplicates, parts

__all__ = [
    "LISTED", "OPEN", "QUEUES", "REQUEST_QUEUES", "STATES", "Alike", "Askable", "Box", "CasesOfClass", "ClassEntry",
    "Deadline", "Faults", "Matrix", "Moved", "OpenCasePoints", "Replay", "Square", "WhatIf", "about_component", "alike",
    "alike_at", "apart_m", "askable", "between", "book_of_all", "by_cell", "candidates", "case", "cases_of_class",
    "categories", "category", "category_fields", "category_for", "category_given", "category_names", "category_rows",
    "chosen_by_city", "class_entries", "class_entry", "class_presets", "class_versions", "classes_found", "counts",
    "deadline", "due_order", "duplicates", "duties", "event_class_names", "evidence_of", "facts_of", "faults", "full",
    "history", "is_late", "is_number", "is_switched_on", "late", "later", "level_of", "major_of", "matching", "matrix",
    "may_ask", "may_attach", "may_coordinate", "may_order", "may_reply", "may_resume", "moved_before", "near_component",
    "needs_of", "newest_versions", "news_of", "open_cases_near", "open_in_box", "open_steps", "open_under",
    "order_news", "order_of", "order_state", "orders", "outcome", "override", "override_rows", "override_told",
    "overrides", "paper_of", "parts", "phases_for", "pictures", "queue", "reasons", "replay_duty", "replay_end",
    "replay_save", "report_address", "reporter_of", "request_counts", "request_fields", "request_news", "request_of",
    "request_queue", "request_rule", "request_rule_rows", "requests", "responsibilities", "responsibility_fields",
    "responsible", "shirk_after", "standard_text", "standard_texts", "standing_of", "steps_model", "steps_model_fields",
    "steps_models", "switch_rows", "target_of", "text_told", "texts_for", "tidings", "told", "verbs_of", "view_of",
    "visible_to", "waiting_for", "walkers", "wall_cases", "what_if", "why_due",
]  # fmt: skip
