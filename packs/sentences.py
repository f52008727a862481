"""What people read when packs refuse."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "packs.faulty": _("The library has %(number)s faults; nothing was applied. The first: %(first)s"),
    "packs.no_such_pack": _("The library has no pack called %(codes)s."),
    "packs.not_in_force": _("The pack %(code)s is not in force."),
    "packs.still_needed": _("The pack %(code)s is still needed by %(by)s."),
    "packs.not_an_administrator": _("Only an administrator of the whole city may put packs in force."),
    "packs.bad_code": _("%(code)s is no code of a pack: small letters, digits and dashes, at most 26."),
    "packs.is_there": _("The library has a folder %(code)s already."),
    "packs.no_number_free": _("No number of the major class %(major)s is free."),
    "packs.attribute_added": _("The attribute %(name)s is new."),
    "packs.attribute_renamed": _("The attribute %(name)s is called %(to)s from now on; %(rows)s rows have it."),
    "packs.attribute_mapped": _("Values of the attribute %(name)s become others; %(rows)s rows have it."),
    "packs.attribute_dropped": _("The attribute %(name)s is dropped; %(rows)s rows have it, their history keeps it."),
    "packs.attribute_removed": _(
        "The attribute %(name)s is gone, and no move says what becomes of it in %(rows)s rows that have it."
    ),
    "packs.attribute_needed": _("The attribute %(name)s is needed from now on; %(rows)s rows lack it."),
    "packs.attribute_narrowed": _(
        "The attribute %(name)s takes less than before; in %(rows)s rows it has a value that is none any more."
    ),
}
