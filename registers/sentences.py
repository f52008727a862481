"""What people read when registers refuse something."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "registers.not_admin": _("Only an administrator declares registers."),
    "registers.no_register": _("There is no register %(register)s that you may see."),
    "registers.no_record": _("There is no record %(number)s that you may see."),
    "registers.retired": _("The register %(register)s is closed; nothing is entered in it any more."),
    "registers.not_yours": _("You do not keep this register on this ground."),
    "registers.stale": _(
        "Record %(number)s has changed meanwhile: you saw version %(given)s, it is now version %(current)s."
    ),
    "registers.version_needed": _("Say which version of the record you saw (If-Match)."),
    "registers.ended": _("Record %(number)s has ended; nothing is changed in it any more."),
    "registers.not_now": _("This step is not possible now: the record stands at “%(state)s”."),
    "registers.step_not_yours": _("“%(step)s” is not for your role here."),
    "registers.renewed_already": _(
        "It is renewed already: its term ends on %(until)s, more than a whole term from now."
    ),
    "registers.check": _("Not possible: %(says)s"),
    "registers.attribute_needed": _("Fill in “%(label)s” first."),
    "registers.bad_attribute": _("“%(label)s” does not fit: %(why)s"),
    "registers.bad_text": _("A text holds characters that cannot be kept."),
    "registers.bad_key": _("A key of a telling has at most 80 printable characters."),
    "registers.key_taken": _("This key was used for another telling; take a new one."),
    "registers.value_taken": _("Another record of this register has the same “%(label)s”."),
    "registers.reason_needed": _("Say why."),
    "registers.place_needed": _("Give the place."),
    "registers.bad_place": _("The place cannot be read, or is no place on earth."),
    "registers.wrong_place": _("This register wants another kind of place: a point, a line or an area."),
    "registers.place_outside": _("This place lies outside the map."),
    "registers.asset_needed": _("Name the component that it is about."),
    "registers.unknown_asset": _("There is no component %(asset)s of a type that this register is about."),
    "registers.unknown_link": _("This register has no link %(link)s."),
    "registers.link_needed": _("Name the “%(link)s” it belongs to."),
    "registers.links_enough": _("“%(link)s” may name at most %(most)s."),
    "registers.links_itself": _("A record is not linked to itself."),
    "registers.no_such_link": _("It is not linked to %(to)s."),
    "registers.no_case": _("There is no case %(case)s that you may see."),
    "registers.bad_filter": _("The filter %(filter)s does not understand “%(value)s”."),
    "registers.bad_number": _(
        "%(given)s cannot be the number of a record: at most 60 letters, digits and marks, no space and no slash."
    ),
    "registers.number_twice": _("The same number stands in line %(line)s already."),
    "registers.unknown_state": _("This register has no state called “%(given)s”."),
    "registers.bad_moment": _("“%(given)s” is no date such as 2026-10-01."),
    "registers.half_a_term": _("Give both ends of the term; this register does not say how long it is."),
    "registers.term_order": _("The term ends before it begins."),
    "registers.unknown_keeper": _("There is no organisation called “%(given)s”."),
    "registers.two_keepers": _("More than one organisation is called “%(given)s”; write its code."),
    "registers.keeper_needed": _("Without a place, name the organisation that keeps it."),
    "registers.too_many_links": _("At most %(most)s numbers may stand here."),
    "registers.otherwise_here": _(
        "The record stands here already and says otherwise; only a step changes this, so it stays as it is."
    ),
    "registers.lapse_at_once": _(
        "%(count)s records have a term that is over in a state that lapses: they lapse as soon as they are imported, "
        "and cases may be reported. Give them the state that they have by now, or accept it."
    ),
    "registers.form_incomplete": _("Something is missing or does not fit; look at the marked fields."),
}
RETOLD = (
    _("%(a)s may hold {district}, {year} and {seq:3} to {seq:9}, and no other braces."),
    _("%(a)s ends with its running number, for example {seq:5}."),
    _("%(a)s holds letters, digits and dashes beside its places."),
    _("The attribute %(a)s has no name in %(b)s."),
    _("%(a)s is personal, so no list narrows by it; leave x-filter out."),
    _("%(a)s is not among the attributes of %(b)s."),
    _("The state %(a)s is written twice."),
    _("No step leads to the state %(a)s."),
    _("%(a)s is an end, but a step leaves it."),
    _("No step leaves the state %(a)s, and it is no end."),
    _("%(a)s is an end, and an end is never overdue."),
    _("The step %(a)s is written twice."),
    _("%(a)s has no place, so %(b)s cannot ask for one."),
    _("%(a)s has no term that %(b)s could %(c)s."),
    _("%(a)s has no state %(b)s."),
    _("%(a)s is neither a duty nor a right of registers."),
    _("The check %(a)s has one form: %(b)s."),
    _("The condition of %(a)s is wrong: %(b)s."),
    _("%(a)s has no link %(b)s."),
    _("The link %(a)s does not lead to a register whose facts are known."),
    _("The link %(a)s may lead to several; only of one (most: 1) can facts be asked."),
    _("%(a)s is not a link to a register of areas."),
    _("%(a)s names no fact: %(b)s."),
    _("%(a)s has a term, but no step starts it."),
    _("The link %(a)s is written twice."),
    _("%(a)s is no register of this pack or of those it needs."),
    _("%(a)s is no type of component of this pack or of those it needs."),
    _("Nothing of %(a)s is called %(b)s."),
    _("%(a)s is no class of this pack or of those it needs."),
    _("Not every record of %(a)s is about a component: name assets, and no place."),
    _("The type %(a)s has no class of this pack or of those it needs."),
)
"""What `packs check` finds, as pure rules say it in English, to be told in the reader's language."""
