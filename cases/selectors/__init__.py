"""Questions about cases. Whatever lists cases begins with `visible_to(actor)`."""

from cases.selectors.annotations import annotations, is_annotated, may_annotate
from cases.selectors.answers import AnswerList, names_known
from cases.selectors.bulk_jobs import (
    BulkList,
    all_that_pass,
    bulk_counts,
    bulk_job,
    bulk_jobs,
    bulk_lines,
    bulk_reasons,
    bulk_sentence,
)
from cases.selectors.case_forms import form_facts
from cases.selectors.catalogue import (
    categories,
    category,
    category_fields,
    category_given,
    category_names,
    category_on_offer,
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
from cases.selectors.cause_lists import CauseList
from cases.selectors.causes import Causes, Share, causes, merged
from cases.selectors.cells import Box, by_cell, open_in_box
from cases.selectors.classes import (
    STATES,
    CasesOfClass,
    ClassEntry,
    ClassUses,
    cases_of_class,
    class_entries,
    class_entry,
    class_presets,
    class_uses,
    class_versions,
    classes_found,
    full,
    switch_rows,
    told,
)
from cases.selectors.components import about_component, event_class_names, found_cases, near_component, report_address
from cases.selectors.controls import (
    ControlList,
    control_area,
    control_areas,
    controlled_cells,
    controls_at,
    may_ask_control,
    may_decide_control,
    may_end_control,
    registered_lately,
)
from cases.selectors.deadlines import Deadline, deadline, hours_of
from cases.selectors.dispatch_replay import (
    DispatchReplay,
    Judged,
    listed_for,
    replay_dispatch,
    replay_job,
    replay_of,
    replay_size,
    sealed_replay,
    what_decides,
)
from cases.selectors.dispatching import (
    DispatchCounts,
    auto_dispatch_of,
    auto_dispatches,
    dispatch_counts,
    dispatch_rule,
    dispatch_rules,
    dispatch_rules_in_force,
    dispatch_switch,
    dispatchable,
    is_dispatching,
    left_while_off,
)
from cases.selectors.doubts import clip_limits, doubts, evidence_rule
from cases.selectors.exporting import CaseList
from cases.selectors.field import (
    FieldTask,
    Sent,
    extension_grounds,
    field_classes,
    field_tasks,
    sent_by,
    taken_before,
)
from cases.selectors.figures import DistrictFigures, Figures, figures
from cases.selectors.films import FilmsBehind, films_behind
from cases.selectors.filter_words import filters_said
from cases.selectors.filters import COUNTED, FILTERS, count_up_to, filtered, lately
from cases.selectors.finding import (
    OPEN,
    QUEUES,
    case,
    case_of_number,
    counts,
    counts_up_to,
    due_order,
    ends_known,
    history,
    is_number,
    late,
    numbers_between,
    open_cases_near,
    open_under,
    reasons,
    sees,
    tickets_known,
    visible_to,
    waiting_for,
    wall_cases,
)
from cases.selectors.general_rules import (
    GeneralRule,
    city_rule,
    city_rules,
    duties,
    general_rows,
    general_rule,
    general_rules,
    general_told,
    organisation_kinds,
    rules_in_force,
)
from cases.selectors.hotspots import Hotspots, hotspots, question_here, repeat_list
from cases.selectors.ladders import ladder, ladders, rungs_for, told_of
from cases.selectors.limits import (
    area_grade_fields,
    area_grades,
    grades_told,
    limit_for,
    limits_for,
    limits_for_each,
)
from cases.selectors.lists import AutoDispatchList, RequestList, ShirkingList
from cases.selectors.matrix import Faults, Matrix, Square, faults, major_name, major_of, matrix
from cases.selectors.moving import OpenCasePoints
from cases.selectors.orders import (
    may_coordinate,
    may_order,
    may_reply,
    order_news,
    order_of,
    order_state,
    orders,
    orders_to_answer,
    shirk_after,
    take_within,
)
from cases.selectors.outcomes import outcome, stages_passed
from cases.selectors.paging import Listed, listed
from cases.selectors.paper_tidings import paper_tidings
from cases.selectors.personal import OVERSEERS, acts_of, erasable, looks_within, personal_rule, shown, shown_of
from cases.selectors.personal_lists import ErasableList, LookList
from cases.selectors.questions import Answer, GroupCounts, answer, asked_rows, first_day, lists_of, today
from cases.selectors.reading import (
    HeldBack,
    Lately,
    evidence_of,
    film_of,
    held_back,
    is_late,
    newest,
    news_of,
    pictures,
    scan_of,
    view_of,
    why_due,
)
from cases.selectors.records import records, reported_before
from cases.selectors.replay import (
    LISTED,
    Moved,
    Replay,
    Timed,
    moved_before,
    replay_brought,
    replay_brought_general,
    replay_class,
    replay_end,
    replay_general,
    replay_general_end,
    replay_save,
    replay_shares,
    timed_before,
)
from cases.selectors.request_rules import (
    AskingEntry,
    asking_entries,
    asking_entry,
    asking_version,
    chains_of,
    nobody_signs,
    pack_request_rules,
)
from cases.selectors.requests import (
    REQUEST_QUEUES,
    USUAL_QUEUE,
    Askable,
    askable,
    chains_in,
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
    was_appealed,
)
from cases.selectors.responsibility import (
    book_of,
    book_of_all,
    outlines_by_path,
    override,
    override_rows,
    override_told,
    overrides,
    responsible,
    responsible_for,
    responsible_in,
    specially_named,
    specials_of,
)
from cases.selectors.saved_filters import may_change_filter, may_share, saved_filter, saved_filters
from cases.selectors.seasons import Season, Seasons, seasons
from cases.selectors.shirking import RECENT_DAYS, shirk_counts, shirked_by, shirkings
from cases.selectors.steps import (
    candidates,
    candidates_for_any,
    category_for,
    facts_of,
    judging,
    level_of,
    live_requests,
    may_attach,
    needs_of,
    open_steps,
    target_of,
    verbs_of,
    walkers,
)
from cases.selectors.suggesting import suggestions
from cases.selectors.systems import Urgent, class_counts, most_urgent, open_by_class
from cases.selectors.texts import standard_text, standard_texts, text_told, texts_for
from cases.selectors.tidings import tidings
from cases.selectors.ties import (
    Alike,
    Whole,
    alike,
    alike_at,
    apart_m,
    duplicate_rule,
    duplicates,
    duplicates_rule,
    parts,
    whole_of,
)
from cases.selectors.trends import Changes, Trends, changed, trends
from cases.selectors.what_if import WhatIf, what_if
from cases.selectors.whys import account

__all__ = [
    "Alike", "Answer", "AnswerList", "Askable", "AskingEntry", "AutoDispatchList", "Box", "BulkList", "COUNTED",
    "CaseList", "CasesOfClass", "CauseList", "Causes", "Changes", "ClassEntry", "ClassUses", "ControlList", "Deadline",
    "DispatchCounts", "DispatchReplay", "DistrictFigures", "ErasableList", "FILTERS", "Faults", "FieldTask", "Figures",
    "FilmsBehind", "GeneralRule", "GroupCounts", "HeldBack", "Hotspots", "Judged", "LISTED", "Lately", "Listed",
    "LookList", "Matrix", "Moved", "OPEN", "OVERSEERS", "OpenCasePoints", "QUEUES", "RECENT_DAYS", "REQUEST_QUEUES",
    "Replay", "RequestList", "STATES", "Season", "Seasons", "Sent", "Share", "ShirkingList", "Square", "Timed",
    "Trends", "USUAL_QUEUE", "Urgent", "WhatIf", "Whole", "about_component", "account", "acts_of", "alike", "alike_at",
    "all_that_pass", "annotations", "answer", "apart_m", "area_grade_fields", "area_grades", "askable", "asked_rows",
    "asking_entries", "asking_entry", "asking_version", "auto_dispatch_of", "auto_dispatches", "book_of",
    "book_of_all", "bulk_counts", "bulk_job", "bulk_jobs", "bulk_lines", "bulk_reasons", "bulk_sentence", "by_cell",
    "candidates", "candidates_for_any", "case", "case_of_number", "cases_of_class", "categories", "category",
    "category_fields", "category_for", "category_given", "category_names", "category_on_offer", "category_rows",
    "causes", "chains_in", "chains_of", "changed", "chosen_by_city", "city_rule", "city_rules", "class_counts",
    "class_entries", "class_entry", "class_presets", "class_uses", "class_versions", "classes_found", "clip_limits",
    "control_area", "control_areas", "controlled_cells", "controls_at", "count_up_to", "counts", "counts_up_to",
    "deadline", "dispatch_counts", "dispatch_rule", "dispatch_rules", "dispatch_rules_in_force", "dispatch_switch",
    "dispatchable", "doubts", "due_order", "duplicate_rule", "duplicates", "duplicates_rule", "duties", "ends_known",
    "erasable", "event_class_names", "evidence_of", "evidence_rule", "extension_grounds", "facts_of", "faults",
    "field_classes", "field_tasks", "figures", "film_of", "films_behind", "filtered", "filters_said", "first_day",
    "form_facts", "found_cases", "full", "general_rows", "general_rule", "general_rules", "general_told",
    "grades_told", "held_back", "history", "hotspots", "hours_of", "is_annotated", "is_dispatching", "is_late",
    "is_number", "is_switched_on", "judging", "ladder", "ladders", "late", "lately", "left_while_off", "level_of",
    "limit_for", "limits_for", "limits_for_each", "listed", "listed_for", "lists_of", "live_requests", "looks_within",
    "major_name", "major_of", "matrix", "may_annotate", "may_ask_control", "may_attach", "may_change_filter",
    "may_coordinate", "may_decide_control", "may_end_control", "may_order", "may_reply", "may_resume", "may_share",
    "merged", "most_urgent", "moved_before", "names_known", "near_component", "needs_of", "newest", "newest_versions",
    "news_of", "nobody_signs", "numbers_between", "open_by_class", "open_cases_near", "open_in_box", "open_steps",
    "open_under", "order_news", "order_of", "order_state", "orders", "orders_to_answer", "organisation_kinds",
    "outcome", "outlines_by_path", "override", "override_rows", "override_told", "overrides", "pack_request_rules",
    "paper_of", "paper_tidings", "parts", "personal_rule", "pictures", "question_here", "reasons", "records",
    "registered_lately", "repeat_list", "replay_brought", "replay_brought_general", "replay_class", "replay_dispatch",
    "replay_end", "replay_general", "replay_general_end", "replay_job", "replay_of", "replay_save", "replay_shares",
    "replay_size", "report_address", "reported_before", "request_counts", "request_fields", "request_news",
    "request_of", "request_queue", "request_rule", "request_rule_rows", "requests", "responsibilities",
    "responsibility_fields", "responsible", "responsible_for", "responsible_in", "rules_in_force", "rungs_for",
    "saved_filter", "saved_filters", "scan_of", "sealed_replay", "seasons", "sees", "sent_by", "shirk_after",
    "shirk_counts", "shirked_by", "shirkings", "shown", "shown_of", "specially_named", "specials_of", "stages_passed",
    "standard_text", "standard_texts", "standing_of", "steps_model", "steps_model_fields", "steps_models",
    "suggestions", "switch_rows", "take_within", "taken_before", "target_of", "text_told", "texts_for",
    "tickets_known", "tidings", "timed_before", "today", "told", "told_of", "trends", "verbs_of", "view_of",
    "visible_to", "waiting_for", "walkers", "wall_cases", "was_appealed", "what_decides", "what_if", "whole_of",
    "why_due",
]  # fmt: skip
