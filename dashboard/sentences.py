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
    "audit.no_auditor": _("The audit trail is for auditors."),
    "audit.bad_filter": _("The filter “%(name)s” cannot be “%(value)s”."),
}
