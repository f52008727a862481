"""What people read when packs refuse."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "packs.faulty": _("The library has %(number)s faults; nothing was applied. The first: %(first)s"),
    "packs.no_such_pack": _("The library has no pack called %(codes)s."),
    "packs.not_in_force": _("The pack %(code)s is not in force."),
    "packs.still_needed": _("The pack %(code)s is still needed by %(by)s."),
    "packs.not_an_administrator": _("Only an administrator of the whole city may put packs in force."),
}
