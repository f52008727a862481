"""Questions about components: each answers what stands on the ground of who asks."""

from assets.selectors.census import (
    GroundCount,
    Progress,
    StreetProgress,
    by_ground,
    by_surveyor,
    census_rules,
    census_rules_of,
    finding_of,
    findings,
    my_streets,
    progress_of,
    project_of,
    projects,
    projects_visible_to,
    spots,
    spots_to_find,
    still_to_find,
    street_of,
    streets_waiting,
    surveyed,
    surveyors,
)
from assets.selectors.codes import code_plans, component_plan, component_plan_of_pack
from assets.selectors.components import (
    ATTRIBUTE,
    OFFICES,
    Filters,
    Line,
    components,
    filters_of,
    history,
    hot_attributes,
    hot_lines,
    how_many,
    names_picture,
    past,
    photo,
    photos_of,
    present,
    type_of,
    types_standing,
)
from assets.selectors.exporting import ComponentList, component_labels
from assets.selectors.layers import ComponentLayers
from assets.selectors.moving import ComponentPoints
from assets.selectors.register import (
    FARTHEST_M,
    as_declared_now,
    as_stored,
    asset,
    assets_of,
    class_of,
    codes_standing,
    component_row,
    component_rows,
    counts,
    former_moves,
    in_cell,
    layer_version,
    nearby,
    schema_of,
    tile,
    touched,
    type_rows,
    view_of,
)
from assets.selectors.requests import (
    KEEPING,
    is_stale,
    may_propose,
    request_of,
    requests,
    requests_to_decide,
    requests_visible_to,
)
from assets.selectors.scope import may_on, visible_to
from assets.selectors.showing import (
    area_choices,
    attribute_lines,
    changed_attributes,
    mark_of,
    outcomes_of,
    place_names,
    point_of,
    proposed_shapes,
    street_shapes,
    total_of,
)
from assets.selectors.tallies import component_counts, component_lines, types_named
from assets.selectors.tidings import tidings

__all__ = [
    "ATTRIBUTE", "ComponentLayers", "ComponentList", "ComponentPoints", "FARTHEST_M", "Filters", "GroundCount",
    "KEEPING", "Line", "OFFICES", "Progress", "StreetProgress", "area_choices", "as_declared_now", "as_stored",
    "asset", "assets_of", "attribute_lines", "by_ground", "by_surveyor", "census_rules", "census_rules_of",
    "changed_attributes", "class_of", "code_plans", "codes_standing", "component_counts", "component_labels",
    "component_lines", "component_plan", "component_plan_of_pack", "component_row", "component_rows", "components",
    "counts", "filters_of", "finding_of", "findings", "former_moves", "history", "hot_attributes", "hot_lines",
    "how_many", "in_cell", "is_stale", "layer_version", "mark_of", "may_on", "may_propose", "my_streets",
    "names_picture", "nearby", "outcomes_of", "past", "photo", "photos_of", "place_names", "point_of", "present",
    "progress_of", "project_of", "projects", "projects_visible_to", "proposed_shapes", "request_of", "requests",
    "requests_to_decide", "requests_visible_to", "schema_of", "spots", "spots_to_find", "still_to_find", "street_of",
    "street_shapes", "streets_waiting", "surveyed", "surveyors", "tidings", "tile", "total_of", "touched", "type_of",
    "type_rows", "types_named", "types_standing", "view_of", "visible_to",
]  # fmt: skip
