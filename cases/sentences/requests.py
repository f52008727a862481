"""What people read when requests, or the rules by which they are asked and signed, are refused."""

from django.utils.translation import gettext_lazy as _

OF_REQUESTS = {
    "case.unknown_request": _("Nobody can ask for that: %(given)s."),
    "case.no_request": _("The case has no request %(id)s."),
    "case.request_decided": _("The request has been decided already."),
    "case.request_open": _("“%(kind)s” has been asked for already and is not decided yet."),
    "case.request_not_ruled": _("This city has no rule for asking for “%(kind)s”."),
    "case.request_used_up": _("“%(kind)s” has been approved %(most)s times for this case; no more is possible."),
    "case.request_unfit": _("“%(kind)s” makes no sense now: the case stands at “%(stage)s”."),
    "case.not_your_request": _("Only who asked may withdraw the request."),
    "case.signed_already": _("You have signed this request; the next signature must be somebody else’s."),
    "asking.not_yours": _("Only administrators of the whole city change who asks and who signs."),
    "asking.bad_rule": _("A rule names who asks and who signs; the last signature of a chain is never waived."),
    "asking.bad_ground": _(
        "Each ground needs a code of its own (small letters, digits, _) and names in both languages."
    ),
    "asking.bad_limit": _("A limit of the rule lies outside what is possible."),
    "asking.nobody_signs": _("Nobody is left who could sign as “%(who)s”: each signature is that of another person."),
    "asking.nothing_changes": _("The rule reads like that already."),
    "asking.follows": _("Another version is to come; withdraw that one first."),
    "asking.unknown": _("There is no such version of the city’s own."),
    "asking.over": _("This version is over already."),
}
