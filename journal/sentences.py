"""What people read when the journal refuses."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "feed.bad_request": _("The feed was asked with a wrong value for %(name)s."),
    "feed.not_yours": _("You may not read the feed %(scope)s."),
    "feed.epoch_differs": _("The system was restored in the meantime. Load the page again."),
    "feed.ahead": _("You are ahead of the feed %(scope)s. Load the page again."),
    "feed.pruned": _("These entries are not kept in the feed any more. Load the page again."),
    "journal.not_parked": _("There is no parked entry %(id)s."),
    "journal.no_subscriber": _("Nobody by the name of %(subscriber)s takes entries now."),
}
