"""Words of the flags of a case, as both languages show them."""

from django.utils.translation import pgettext_lazy

FLAG_NAMES = {
    "similar": pgettext_lazy("flag", "Similar"),
    "typical": pgettext_lazy("flag", "Typical"),
    "forced": pgettext_lazy("flag", "Closed by force"),
}
