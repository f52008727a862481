"""Words of the exchange of tickets, as both languages show them."""

from django.utils.translation import pgettext_lazy

TICKET_STATES = {
    "waiting": pgettext_lazy("ticket", "waits for a person"),
    "taken": pgettext_lazy("ticket", "taken in"),
    "accepted": pgettext_lazy("ticket", "accepted"),
    "refused": pgettext_lazy("ticket", "sent back"),
    "withdrawn": pgettext_lazy("ticket", "withdrawn"),
    "done": pgettext_lazy("ticket", "done"),
}
MESSAGE_KINDS = {
    "ticket": pgettext_lazy("ticket", "ticket"),
    "update": pgettext_lazy("ticket", "change"),
    "urge": pgettext_lazy("ticket", "urge"),
    "withdraw": pgettext_lazy("ticket", "withdrawal"),
    "callback": pgettext_lazy("ticket", "callback"),
    "extension": pgettext_lazy("ticket", "answer about more time"),
}
MESSAGE_STATES = {
    "received": pgettext_lazy("ticket message", "kept"),
    "waiting": pgettext_lazy("ticket message", "waits"),
    "applied": pgettext_lazy("ticket message", "done"),
    "old": pgettext_lazy("ticket message", "kept, changed nothing"),
}
REPLY_KINDS = {
    "received": pgettext_lazy("ticket reply", "taken in"),
    "accepted": pgettext_lazy("ticket reply", "accepted"),
    "refused": pgettext_lazy("ticket reply", "sent back"),
    "progress": pgettext_lazy("ticket reply", "progress"),
    "extension_asked": pgettext_lazy("ticket reply", "more time asked for"),
    "result": pgettext_lazy("ticket reply", "result"),
    "reopened": pgettext_lazy("ticket reply", "opened again"),
    "withdrawn": pgettext_lazy("ticket reply", "withdrawal confirmed"),
}
REPLY_STATES = {
    "queued": pgettext_lazy("ticket reply", "to be sent"),
    "sent": pgettext_lazy("ticket reply", "the partner has it"),
    "refused": pgettext_lazy("ticket reply", "the partner refuses it"),
}
SCORES = {
    "satisfied": pgettext_lazy("ticket", "satisfied"),
    "unsatisfied": pgettext_lazy("ticket", "not satisfied"),
}
