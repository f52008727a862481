"""Questions about imports, message templates, the messages in somebody's inbox, partners and their tickets."""

from exchange.selectors.exports import export_of, exports_of, file_name_of
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
    tickets_page,
)
from exchange.selectors.imports import (
    ImportsSeen,
    faults_of,
    header_of,
    imports_seen,
    job,
    only_admins,
    visible_to,
    waited_for,
)
from exchange.selectors.inbox import MOST, InboxPage, inbox, inbox_page, preference, preferences, told_about, unread
from exchange.selectors.templates import (
    TemplateEntry,
    template,
    template_in_force,
    template_versions,
    templates,
    templates_of,
)

__all__ = [
    "ImportsSeen", "InboxPage", "MOST", "TemplateEntry", "faults_of", "header_of", "imports_seen", "inbox",
    "inbox_page", "job", "only_admins", "preference", "preferences", "template", "template_in_force",
    "template_versions", "templates", "templates_of", "told_about", "unread", "visible_to", "waited_for",
    "export_of", "exports_of", "file_name_of",
    "FILTERS", "PartnerHealth", "TOLD", "TicketPage", "classes_here",
    "counts", "hotline_health", "may_see_tickets", "may_set_partners",
    "messages_left", "partner", "partner_in_use", "partner_told", "partners", "partners_of", "partners_to_pull",
    "refusals", "replies_due", "secret_of", "sees_tickets", "ticket", "tickets_about", "tickets_page",
]  # fmt: skip
