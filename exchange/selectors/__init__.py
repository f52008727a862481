"""Questions about imports, about message templates, and about the messages in somebody's inbox."""

from exchange.selectors.exports import export_of, exports_of, file_name_of, newest_exports
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
from exchange.selectors.sendings import (
    MOST_SENDINGS,
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

__all__ = [
    "ImportsSeen", "InboxPage", "MOST", "MOST_SENDINGS", "SendingsPage", "TemplateEntry", "channels_in_use",
    "contacts_of", "endpoint", "endpoint_of", "endpoints", "export_of", "exports_of", "faults_of", "file_name_of",
    "header_of", "imports_seen", "inbox", "inbox_page", "job", "masked_address", "may_keep_endpoints",
    "newest_exports", "only_admins", "partners_told", "policy_of", "preference", "preferences", "says", "sending",
    "sendings", "template", "template_in_force", "template_versions", "templates", "templates_of", "told_about",
    "tries_of", "unread", "visible_to", "waited_for",
]  # fmt: skip
