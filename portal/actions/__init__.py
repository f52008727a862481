"""The verbs of portal: services are opened and closed, keys made and ended, reports taken in."""

from portal.actions.keys import end_key, make_key
from portal.actions.reports import Taken, forget_account, take
from portal.actions.services import open_service, save_services

__all__ = ["Taken", "end_key", "forget_account", "make_key", "open_service", "save_services", "take"]
