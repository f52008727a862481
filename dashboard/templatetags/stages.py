"""What a stage is called on the wall, and who does what next."""

from django.utils.translation import pgettext_lazy

STAGES = {
    "reported": pgettext_lazy("wall", "To be accepted"),
    "verifying": pgettext_lazy("wall", "Being verified"),
    "accepted": pgettext_lazy("wall", "To be registered"),
    "registered": pgettext_lazy("wall", "To be dispatched"),
    "in_parts": pgettext_lazy("wall", "In parts"),
    "at_district": pgettext_lazy("wall", "At the district"),
    "dispatched": pgettext_lazy("wall", "To be assigned"),
    "handling": pgettext_lazy("wall", "Being handled"),
    "handled": pgettext_lazy("wall", "To be confirmed"),
    "fed_back": pgettext_lazy("wall", "Fed back, to be checked"),
    "checking": pgettext_lazy("wall", "Being checked"),
    "checked": pgettext_lazy("wall", "To be closed"),
    "rework": pgettext_lazy("wall", "To be reworked"),
    "returned": pgettext_lazy("wall", "Returned"),
    "closed": pgettext_lazy("wall", "Closed"),
    "rejected": pgettext_lazy("wall", "Rejected"),
    "voided": pgettext_lazy("wall", "Void"),
}
NEXT = {
    "reported": pgettext_lazy("wall", "Acceptor: accept or send to verify"),
    "verifying": pgettext_lazy("wall", "Collector: verify on the spot"),
    "accepted": pgettext_lazy("wall", "Shift leader: register"),
    "registered": pgettext_lazy("wall", "City dispatcher: dispatch"),
    "in_parts": pgettext_lazy("wall", "Departments: handle the parts"),
    "at_district": pgettext_lazy("wall", "District dispatcher: dispatch"),
    "dispatched": pgettext_lazy("wall", "Department desk: assign"),
    "handling": pgettext_lazy("wall", "Handler: handle and feed back"),
    "handled": pgettext_lazy("wall", "Department desk: confirm"),
    "fed_back": pgettext_lazy("wall", "Acceptor: send to check"),
    "checking": pgettext_lazy("wall", "Collector: check on the spot"),
    "checked": pgettext_lazy("wall", "Shift leader: close"),
    "rework": pgettext_lazy("wall", "Dispatcher: send back for rework"),
    "returned": pgettext_lazy("wall", "Dispatcher: dispatch again"),
}
