"""Questions of portal: what is open to citizens, and what of their reports may be public."""

from portal.selectors.keys import key_in_force, keys, reports_since
from portal.selectors.labels import Labelled, labelled_component, labelled_record
from portal.selectors.reports import Found, by_token, extras, found, notes_of, one, public, unknown_services
from portal.selectors.services import closed_classes, open_service, open_services, service_fields, service_rows

__all__ = [
    "Found", "Labelled", "by_token", "closed_classes", "extras", "found", "key_in_force", "keys", "labelled_component",
    "labelled_record", "notes_of", "one",
    "open_service", "open_services", "public", "reports_since", "service_fields", "service_rows", "unknown_services",
]  # fmt: skip
