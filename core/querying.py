"""The same rule as `core.scope`, as a Django filter; a property test holds the two together."""

from django.db.models import Q

from core.scope import Ground, Scope

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING


def _under_q(field: str, root: str) -> Q:
    return Q(**{field: root}) | Q(**{f"{field}__startswith": root + "."}) if root else Q()


def _ground_q(ground: Ground, org_field: str, area_field: str) -> Q:
    here = _under_q(area_field, ground.area)
    if ground.area and "." not in ground.area:
        here |= Q(**{area_field: ""})
    return here & _under_q(org_field, ground.org)


def scope_q(scope: Scope, org_field: str = "org", area_field: str = "area") -> Q:
    """Exactly the rows whose organisation and area `scope.covers()`; never the empty Q, which vanishes in an `|`."""
    if Ground() in scope.grounds:
        return EVERYTHING
    answer = NOTHING
    for ground in scope.grounds:
        answer |= _ground_q(ground, org_field, area_field)
    return answer
