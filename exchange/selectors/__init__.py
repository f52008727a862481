"""Questions about imports."""

from exchange.selectors.imports import header_of, job, only_admins, visible_to, waited_for

__all__ = ["header_of", "job", "only_admins", "visible_to", "waited_for"]
