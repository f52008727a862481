"""What people read when a flag, or closing by force, is refused."""

from django.utils.translation import gettext_lazy as _

OF_FLAGS = {
    "case.needs_approved_force": _("Closing by force must be asked for and approved first."),
    "case.unknown_flag": _("A case can be called similar or typical; “%(given)s” is no flag that people set."),
    "case.flag_stands": _("The case has that flag already."),
    "case.flag_stands_not": _("The case does not have that flag."),
}
