"""What people read when assets refuses something."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assets.contracts import Refusal
from core.sentences import say

SENTENCES = {
    "assets.not_admin": _("Only an administrator may import components or change their types."),
    "assets.no_such_filter": _("“%(given)s” is no filter of the list of components."),
    "assets.unknown": _("There is no component %(code)s."),
    "assets.bad_code": _("%(code)s is not a component code of %(digits)s digits (%(standard)s)."),
    "assets.unknown_type": _("%(type)s is not a type of component."),
    "assets.class_differs": _("The code %(code)s does not belong to the type %(type)s."),
    "assets.bad_place": _("Component %(code)s has no usable longitude and latitude."),
    "assets.bad_state": _("%(state)s is not a state of a component."),
    "assets.bad_accuracy": _("The accuracy class of component %(code)s is not A, B or C."),
    "assets.bad_text": _("A text of component %(code)s is too long or unreadable."),
    "assets.bad_attributes": _("The attributes of component %(code)s are wrong at %(field)s: %(why)s"),
    "assets.code_twice": _("Component %(code)s stands in this import twice."),
    "assets.outside": _("Component %(code)s lies outside the map."),
    "assets.other_district": _("Component %(code)s lies in district %(district)s, not where its code says."),
    "assets.no_such_shape": _("The shape of component %(code)s is no point, line or area (%(shape)s)."),
    "assets.wrong_shape": _("Component %(code)s is not drawn as its type %(type)s wants it: point, line or area."),
    "assets.shape_invalid": _("The shape of component %(code)s crosses itself or has no extent."),
    "assets.shape_outside": _(
        "%(count)s points of the shape lie outside the city, the first of them at %(lon)s, %(lat)s."
    ),
    "assets.moved_far": _(
        "This is %(metres)s m from where it was, and the limit is %(most)s m. Look at it again; if it is right, say so."
    ),
    "assets.too_many_vertices": _("The shape of component %(code)s has more than 20,000 points."),
    "assets.no_sequence": _(
        "A component without a code needs a sequence number of at most %(digits)s digits, not %(value)s."
    ),
    "assets.code_plan_standard": _("A plan of codes names its standard and edition, each in at most %(most)s letters."),
    "assets.code_plan_digits": _(
        "A component code has %(least)s to %(most)s digits: %(head)s for district and class, the others number."
    ),
    "assets.code_plan_twice": _("The pack %(pack)s gives component codes too; only one beside the default may."),
    "assets.code_plan_in_use": _(
        "%(count)s components have codes of %(was)s digits that would not fit the new plan (%(digits)s digits); a plan "
        "is changed before components are entered."
    ),
    "assets.no_class": _("A code can only be made for a type that has a class."),
    "assets.mostly_outside": _("%(percent)s %% of the components lie outside the map."),
    "assets.axes_swapped": _("The components fit the map only with longitude and latitude exchanged."),
    "assets.datum_bent": _(
        "Components lie %(metres)s m beside where they are known to stand, and fit when read as %(datum)s: "
        "the file was probably drawn on a bent map. Choose that datum in the mapping."
    ),
    "assets.datum_off_roads": _(
        "Half of the components lie more than %(metres)s m from the nearest road, but only %(near)s m when read as "
        "%(datum)s: the file was probably drawn on a bent map. Choose that datum in the mapping."
    ),
    "assets.datum_unproven": _(
        "Fewer than %(least)s of the components are known already, and the roads of the map do not tell whether the "
        "file was drawn on a bent map; its datum is taken on trust."
    ),
    "assets.class_taken": _("The class %(number)s already belongs to the type %(type)s."),
    "assets.type_code": _("%(type)s is not a code of a type of component."),
    "assets.type_name": _("The type %(type)s has no name in %(language)s."),
    "assets.type_class": _("The type %(type)s: major and minor class are two digits each."),
    "assets.type_geometry": _("The type %(type)s: %(geometry)s is not point, line or area."),
    "assets.type_schema": _("The type %(type)s: its attributes are no JSON Schema: %(what)s."),
    "assets.type_twice": _("The type %(type)s is written twice."),
    "assets.no_page": _("This page is not for your role."),
    "assets.not_your_register": _("You do not keep the register of components of this ground."),
    "assets.reason_needed": _("Say why."),
    "assets.stale": _(
        "Component %(code)s has changed meanwhile: you saw version %(given)s, it is now version %(current)s."
    ),
    "assets.version_needed": _("Say which version of the component you saw (If-Match)."),
    "assets.stands_no_more": _("Component %(code)s was removed; restore it first."),
    "assets.stands_already": _("Component %(code)s stands; there is nothing to restore."),
    "assets.code_taken": _("The code %(code)s was given away meanwhile; try again."),
    "assets.no_class_to_number": _(
        "A component of the type %(type)s cannot be numbered: there is no such type, or it has no class."
    ),
    "assets.no_type": _("There is no type of component %(type)s."),
    "assets.no_place": _("Give the place: a point on the map, or a shape."),
    "assets.place_outside": _("This place lies outside the map."),
    "assets.numbers_used_up": _("The numbers of the class %(number)s in district %(district)s are used up."),
    "assets.too_many_pictures": _("No more than %(most)s pictures."),
    "assets.no_picture": _("There is no such picture that you may see."),
    "assets.not_yet": _("Component %(code)s was not in the register then."),
    "assets.bad_filter": _("The filter %(filter)s does not understand “%(value)s”."),
    "assets.key_needed": _("Send an Idempotency-Key of 8 to 60 letters, digits, dots or dashes."),
    "assets.form_incomplete": _("Something is missing or does not fit; look at the marked fields."),
    "assets.request_kind": _("%(kind)s is not a kind of change request."),
    "assets.request_empty": _("Say what is different."),
    "assets.may_not_propose": _("You may not propose changes on this ground."),
    "assets.no_request": _("There is no change request %(number)s that you may see."),
    "assets.not_your_request": _("Only the proposer withdraws a change request."),
    "assets.one_nearby": _(
        "Component %(code)s of the same type stands %(metres)s m away. Update that one, or say that this is another."
    ),
    "assets.own_request": _("Nobody decides about their own change request."),
    "assets.request_decided": _("This change request has been decided already."),
    "assets.request_stale": _(
        "Component %(code)s has changed since this was proposed (version %(seen)s then, %(current)s now); "
        "look at it again, then decide."
    ),
    "assets.census_no_rules": _("No pack says what a census looks at; apply one that has census rules."),
    "assets.census_title": _("A census needs a title, and counts components or events."),
    "assets.census_types": _("Choose types of components that the census covers."),
    "assets.census_classes": _("Choose classes of events that the census covers."),
    "assets.census_ground": _("This ground is not part of the census."),
    "assets.census_width_needed": _("Give the width of the pavement in metres."),
    "assets.census_too_narrow": _(
        "The pavement is too narrow to be part of the census; mark what stands there as outside the scope."
    ),
    "assets.census_sampling": _("The share and the threshold of a sample lie between 0 and 1."),
    "assets.census_streets": _("Choose streets or communities inside the area of the census."),
    "assets.census_streets_overlap": _("A street and a community of it cannot both be given out."),
    "assets.census_surveyor": _("The person chosen for %(street)s may not survey there."),
    "assets.census_nobody": _("%(count)s streets have no surveyor, %(street)s among them."),
    "assets.census_state": _("This is not possible now: the census stands at “%(state)s”."),
    "assets.census_street_state": _("This is not possible now: %(street)s stands at “%(state)s”."),
    "assets.not_yours": _("Components are not for your role."),
    "assets.census_not_yours": _("%(street)s was given to another surveyor."),
    "assets.census_elsewhere": _("This place lies in none of the streets of the census."),
    "assets.census_kind": _("%(kind)s is not something that a surveyor finds."),
    "assets.census_own": _("Whoever surveyed does not judge the survey."),
    "assets.census_not_sampled": _("This finding is not in the sample."),
    "assets.no_census": _("There is no census %(number)s that you may see."),
    "assets.no_census_street": _("The census has no street %(street)s."),
    "assets.no_finding": _("There is no such finding that you may see."),
    "assets.no_spot": _("There is no such place of recurring events."),
    "assets.bad_search": _("Say where: lon, lat and metres are numbers, metres at most 5000."),
}


def told(refusal: Refusal) -> str:
    """A refused row as a sentence in the active language."""
    return gettext("Row %(row)s: %(what)s") % {"row": refusal.row, "what": say(refusal.reason, refusal.params)}


def listed(refusals: Iterable[Refusal]) -> list[str]:
    """Each refused row as a sentence, in order."""
    return [told(refusal) for refusal in refusals]
