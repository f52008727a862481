"""Words of control areas, as both languages show them."""

from django.utils.translation import pgettext_lazy

CONTROL_STATES = {
    "asked": pgettext_lazy("control area", "waits for approval"),
    "refused": pgettext_lazy("control area", "refused"),
    "withdrawn": pgettext_lazy("control area", "withdrawn"),
    "to_come": pgettext_lazy("control area", "to come"),
    "in_force": pgettext_lazy("control area", "in force"),
    "over": pgettext_lazy("control area", "over"),
}
CONTROL_LOOKS = {
    "asked": "info", "refused": "off", "withdrawn": "off", "to_come": "caution", "in_force": "critical", "over": "off",
}  # fmt: skip
"""The chip of each state: what holds is seen before what waits, and that before what is over."""
