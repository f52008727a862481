"""The sentence for each code of telemetry."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "telemetry.not_device_keeper": _("Only an administrator of this place may keep its devices."),
    "telemetry.no_devices_for_you": _("You may not see devices."),
    "telemetry.device_exists": _("There is already a device %(device)s."),
    "telemetry.address_taken": _("Another device is registered with %(address)s."),
    "telemetry.no_device": _("There is no device %(device)s here for you."),
    "telemetry.no_model": _("There is no model of terminal %(model)s."),
    "telemetry.bad_device": _("The device is not described as it must be, at %(field)s: %(why)s"),
    "telemetry.not_commander": _("Only who commands here may tell a terminal something."),
    "telemetry.cannot_be_told": _("The terminal of %(device)s cannot be told anything."),
    "telemetry.bad_downlink_text": _("The text must have words, at most %(most)s bytes in GBK."),
    "telemetry.bad_parameters": _("The parameters are not written as they must be: ids and values in hex."),
    "telemetry.bad_device_page": _("The page must be a number above zero."),
    "telemetry.bad_device_kind": _("This kind of device is not known."),
}
