"""Sentences for the codes of the dashboard."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "wall.not_yours": _("This wall is not yours to watch: %(scope)s."),
    "atlas.no_metric": _("The map has no measure %(metric)s; it has %(known)s."),
    "atlas.no_period": _("The map cannot look back %(days)s days; it can look back %(known)s."),
    "atlas.bad_box": _("The box must be west,south,east,north in degrees."),
    "field.not_yours": _("The field app is for people who report, verify, check or handle."),
    "guide.no_topic": _("There is no help on %(topic)s."),
    "todo.nobody": _("The to-do is for people who work here."),
    "todo.no_desk": _("The to-do has no system “%(given)s”."),
    "search.nobody": _("The search is for people who work here."),
    "search.no_group": _("The search has no group “%(given)s”."),
    "systems.none": _("There is no system %(system)s that you may use."),
    "units.none": _("There is no such draft of units that join."),
    "units.no_sheet": _("The draft has no step %(sheet)s."),
    "units.no_row": _("There is no row %(number)s any more."),
    "units.needs_title": _("The draft needs a title of at most %(most)s characters."),
    "units.too_many_drafts": _("There are %(most)s drafts already; make some or give them up first."),
    "units.row_empty": _("Fill in at least one field."),
    "units.cell_too_long": _("A field has at most %(most)s characters."),
    "units.stale": _("Somebody changed the draft meanwhile; look at it again."),
    "units.not_checked": _("The draft was changed since its check; check it again."),
    "units.being_made": _("The units are just being made; nothing of the draft can be changed now."),
    "units.made": _("These units have been made; the draft is closed."),
    "units.pack_twice": _("%(unit)s has the pack %(pack)s twice."),
    "units.pack_without_duty": _(
        "%(unit)s carries none of the duties of %(pack)s (%(duties)s): cases of that system go to others."
    ),
    "units.no_work": _("No case will ever reach these units, which have neither a duty nor a special rule: %(units)s."),
    "units.nobody_at_desk": _("Nobody could take from the desk what is dispatched to: %(units)s."),
    "audit.no_auditor": _("The audit trail is for auditors."),
    "audit.bad_filter": _("The filter “%(name)s” cannot be “%(value)s”."),
}
RETOLD = (
    _("%(a)s: %(b)s needs by, which tells its groups apart."),
    _("%(a)s: %(b)s has no groups, so by says nothing."),
    _("%(a)s: only records have terms that expire."),
    _("%(a)s: %(b)s of %(c)s counts %(d)s."),
    _("%(a)s: %(b)s are told apart by %(c)s, not by %(d)s."),
    _("%(a)s: %(b)s is not among the registers of this pack and those it needs."),
    _("%(a)s: %(b)s has no state %(c)s."),
    _("%(a)s: %(b)s has no term, so nothing expires."),
    _("%(a)s: %(b)s has no place, so there is no map of it."),
    _("%(a)s: %(b)s is personal, and nothing personal is counted or shown."),
    _("%(a)s: %(b)s holds lists, which tell nothing apart."),
    _("The panel %(a)s is written twice."),
)
"""What `packs check` finds, as pure rules say it in English, to be told in the reader's language."""
