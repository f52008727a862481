"""What people read when a control area is refused, or keeps a case from being registered."""

from django.utils.translation import gettext_lazy as _

OF_CONTROLS = {
    "case.controlled": _(
        "The control area “%(area)s” keeps this class from being registered here until %(until)s."
        " Refuse to register it, or wait."
    ),
    "control.unknown": _("There is no such control area that you may see."),
    "control.needs_name": _("A control area needs a name, of at most %(most)s characters."),
    "control.not_your_ground": _("You may ask for control areas only on the ground of your own work."),
    "control.no_such_grade": _("The grade of ground is 1, 2, 3 or 4; 0 leaves it as the map says."),
    "control.says_nothing": _("A control area gives its ground another grade, or keeps classes from being registered."),
    "control.blocks_for_good": _(
        "Classes are kept from being registered only by name and until a day: say which classes, and until when."
    ),
    "control.not_yours_to_decide": _(
        "Somebody else who supervises this ground decides on it; only who asked withdraws it."
    ),
    "control.decided": _("It has been decided or withdrawn already."),
    "control.over": _("Its time has passed; ask for another one."),
    "control.not_in_force": _("It neither holds nor will hold; there is nothing to end."),
}
