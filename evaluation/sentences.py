"""The sentence for each code evaluation may raise."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "evaluation.scheme": _("The scheme %(scheme)s cannot be used: %(problem)s."),
    "evaluation.no_scheme": _("No evaluation scheme is in force. Apply the base pack first."),
    "evaluation.period": _("The period must be a number of days between 1 and 366."),
    "evaluation.level": _("Choose district or organisation as the level of the scoreboard."),
}
