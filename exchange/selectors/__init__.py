"""Questions about imports, about message templates, and about the messages in somebody's inbox."""

from exchange.selectors.imports import (
    ImportsSeen,
    header_of,
    imports_seen,
    job,
    only_admins,
    visible_to,
    waited_for,
)  # fmt: skip
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
    "MOST", "ImportsSeen", "InboxPage", "TemplateEntry", "header_of", "imports_seen", "inbox", "inbox_page", "job",
    "only_admins", "preference", "preferences", "template", "template_in_force", "template_versions", "templates",
    "templates_of", "told_about", "unread", "visible_to", "waited_for",
]  # fmt: skip
