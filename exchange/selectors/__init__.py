"""Questions about imports, about message templates, and about the messages in somebody's inbox."""

from exchange.selectors.exports import export_of, exports_of, file_name_of
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
    "ImportsSeen", "InboxPage", "MOST", "TemplateEntry", "faults_of", "header_of", "imports_seen", "inbox",
    "inbox_page", "job", "only_admins", "preference", "preferences", "template", "template_in_force",
    "template_versions", "templates", "templates_of", "told_about", "unread", "visible_to", "waited_for",
    "export_of", "exports_of", "file_name_of",
    "MOST_SENDINGS", "SendingsPage", "channels_in_use", "contacts_of", "endpoint", "endpoint_of", "endpoints",
    "masked_address", "may_keep_endpoints", "partners_told", "policy_of", "says", "sending", "sendings", "tries_of",
]  # fmt: skip
