"""Questions about imports, message templates, the messages in somebody's inbox, partners and their tickets."""

from exchange.selectors.exports import export_of, exports_of, file_name_of, newest_exports
from exchange.selectors.hotline import (
    FILTERS,
    TOLD,
    PartnerHealth,
    TicketPage,
    classes_here,
    counts,
    hotline_health,
    may_see_tickets,
    may_set_partners,
    messages_left,
    partner,
    partner_in_use,
    partner_told,
    partners,
    partners_of,
    partners_to_pull,
    refusals,
    replies_due,
    secret_of,
    sees_tickets,
    ticket,
    tickets_about,
    tickets_by,
    tickets_page,
    tickets_waiting,
)
from exchange.selectors.imports import (
    ImportsSeen,
    book_headings,
    faults_of,
    header_of,
    imports_seen,
    imports_waiting,
    job,
    only_admins,
    template_kinds,
    template_of,
    visible_to,
    waited_for,
)
from exchange.selectors.inbox import (
    MOST,
    InboxPage,
    inbox,
    inbox_page,
    partners_told,
    preference,
    preferences,
    told_about,
    unread,
)
from exchange.selectors.labels import MOST_LABELS, LabelSheets, label_sheets
from exchange.selectors.lists import QueryList
from exchange.selectors.machines import (
    MACHINE_TOLD,
    CallPage,
    call_of,
    calls_left,
    digest_of_key,
    first_call,
    machine,
    machine_calls,
    machine_told,
    machine_with_key,
    machines,
    may_set_machines,
    standing_of,
)
from exchange.selectors.sendings import (
    SendingsPage,
    channels_in_use,
    contacts_of,
    endpoint,
    endpoint_of,
    endpoints,
    masked_address,
    may_keep_endpoints,
    policy_of,
    says,
    sending,
    sendings,
    tries_of,
)
from exchange.selectors.templates import (
    TemplateEntry,
    template,
    template_in_force,
    template_versions,
    templates,
    templates_of,
)
from exchange.selectors.ticket_lists import RefusalList, SendingList, TicketList
from exchange.selectors.uploads import is_whole, offset_of, own_uploads, upload

__all__ = [
    "CallPage", "FILTERS", "ImportsSeen", "InboxPage", "LabelSheets", "MACHINE_TOLD", "MOST", "MOST_LABELS",
    "PartnerHealth", "QueryList", "RefusalList", "SendingList", "SendingsPage", "TOLD", "TemplateEntry", "TicketList",
    "TicketPage", "book_headings", "call_of", "calls_left", "channels_in_use", "classes_here", "contacts_of", "counts",
    "digest_of_key", "endpoint", "endpoint_of", "endpoints", "export_of", "exports_of", "faults_of", "file_name_of",
    "first_call", "header_of", "hotline_health", "imports_seen", "imports_waiting", "inbox", "inbox_page", "is_whole",
    "job", "label_sheets", "machine", "machine_calls", "machine_told", "machine_with_key", "machines",
    "masked_address", "may_keep_endpoints", "may_see_tickets", "may_set_machines", "may_set_partners", "messages_left",
    "newest_exports", "offset_of", "only_admins", "own_uploads", "partner", "partner_in_use", "partner_told",
    "partners", "partners_of", "partners_to_pull", "partners_told", "policy_of", "preference", "preferences",
    "refusals", "replies_due", "says", "secret_of", "sees_tickets", "sending", "sendings", "standing_of", "template",
    "template_in_force", "template_kinds", "template_of", "template_versions", "templates", "templates_of", "ticket",
    "tickets_about", "tickets_by", "tickets_page", "tickets_waiting", "told_about", "tries_of", "unread", "upload",
    "visible_to", "waited_for",
]  # fmt: skip
