"""What people read when the grid refuses something."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from grid.contracts import Fix, Problem

SENTENCES = {
    "grid.city_code": _("The code of a city has %(digits)s digits and ends in 00, so it is not %(code)s."),
    "grid.city_is_another": _(
        "The draft already has the city %(name)s (%(code)s) with districts. Discard the draft to begin with another."
    ),
    "grid.not_admin": _("Only an administrator may change the map or the calendars."),
    "grid.no_calendar": _("There is no calendar called %(calendar)s; apply the base pack first."),
    "grid.no_version": _("There is no version %(version)s of the map."),
    "grid.not_a_draft": _("Version %(version)s of the map is published and cannot be changed."),
    "grid.start_in_the_past": _("A map comes into force now or later, not at %(at)s."),
    "grid.start_taken": _("Version %(version)s of the map already comes into force at %(at)s."),
    "grid.import_refused": _("The map was not imported; problems found: %(count)s."),
    "grid.unreadable_file": _("%(file)s is missing or is not a GeoJSON feature collection."),
    "grid.unreadable_feature": _("%(file)s: feature %(number)s cannot be read (%(what)s)."),
    "grid.region_code": _("Region %(code)s: the code of a %(level)s has %(digits)s digits."),
    "grid.region_level": _("Region %(code)s: %(level)s is not a level of the map."),
    "grid.region_parent": _("Region %(code)s: its parent %(parent)s is not on the map or not one level above."),
    "grid.region_name": _("Region %(code)s has no name in %(language)s."),
    "grid.code_twice": _("The code %(code)s is used %(times)s times."),
    "grid.one_city": _("The map must hold exactly one city, not %(count)s."),
    "grid.cell_code": _(
        "Cell %(code)s: a cell's code has %(digits)s digits (%(standard)s), the last %(tail)s of which run from "
        "%(first)s to %(last)s."
    ),
    "grid.cell_community": _("Cell %(code)s: the community %(community)s is not on the map."),
    "grid.grade_how_many": _("Name 1 to %(most)s cells, or a region that has so many; these are %(found)s."),
    "grid.cell_grade": _("Cell %(code)s: %(grade)s is not a management grade from 1 to 4."),
    "grid.geometry": _("%(code)s: the shape is not valid (%(why)s)."),
    "grid.cell_outside": _("Cell %(code)s reaches %(area)s m² outside its community."),
    "grid.cells_overlap": _("Cells %(code)s and %(other)s overlap by %(area)s m²."),
    "grid.gap": _("Community %(code)s: %(area)s m² belong to no cell."),
    "grid.regions_overlap": _("Regions %(code)s and %(other)s overlap by %(area)s m²."),
    "grid.region_outside": _("Region %(code)s reaches %(area)s m² outside %(parent)s."),
    "grid.base_kind": _("Base map: %(kind)s is not a kind of feature."),
    "grid.base_shape": _(
        "A feature of the kind %(kind)s cannot be a %(shape)s: roads are lines, parks and seas areas."
    ),
    "grid.base_replaced": _(
        "Features of the draft that the file does not have and that would be taken away: %(count)s."
    ),
    "grid.calendar_without_code": _("A calendar has no code."),
    "grid.calendar_exists": _("The area %(area)s has a calendar %(calendar)s already; change that one."),
    "grid.calendar_unknown_area": _("There is no region %(area)s on the map."),
    "grid.calendar_round_the_clock": _("The calendar %(calendar)s runs round the clock, so it is the same everywhere."),
    "grid.calendar_look_again": _("What you saw is not what would be saved. Look at the difference again."),
    "grid.day_both": _("%(day)s is named both as a day of rest and as a make-up day."),
    "grid.no_days_found": _("The text names no day of rest and no make-up day."),
    "grid.day_unclear": _("Line %(line)s does not say whether its days are rest (休) or work (班): %(text)s"),
    "grid.day_unreadable": _("Line %(line)s has a date that does not exist or a range that runs backwards: %(text)s"),
    "grid.day_of_another_year": _("Line %(line)s names %(day)s, which is not in %(year)s."),
    "grid.calendar_name_missing": _("Calendar %(code)s has no name in %(language)s."),
    "grid.calendar_unknown_zone": _("Calendar %(code)s: %(zone)s is not a time zone."),
    "grid.calendar_unreadable": _("Calendar %(code)s: these hours cannot be read: %(what)s."),
    "grid.calendar_without_hours": _("Calendar %(code)s has no working hours at all."),
    "grid.calendar_day_twice": _("Calendar %(code)s: %(day)s is both closed and an extra day."),
    "grid.calendar_day_again": _("%(day)s stands in the file already, in line %(line)s."),
    "grid.calendar_head_differs": _(
        "This contradicts what line %(line)s says of the same calendar; repeat it or leave the cell empty."
    ),
    "grid.calendar_other_rows": _("Another row of the calendar %(calendar)s has faults, so that none of it is taken."),
    "grid.calendar_of_no_city": _(
        "There is no calendar %(calendar)s of the whole city; an area can only differ from one."
    ),
    "grid.calendar_days_left_out": _(
        "%(count)s days of rest and make-up days are not in the file and would be taken out of their calendars."
    ),
    "grid.day_kind": _("%(given)s is no kind of day; write weekly (每周), closed (休息日) or extra (补班)."),
    "grid.weekday_unread": _("%(given)s is no weekday; write 1 to 7 (Monday is 1), Mon or 周一."),
    "grid.date_unread": _("%(given)s is no date; write 2026-10-01."),
    "grid.rest_with_hours": _(
        "%(day)s is a day of rest and yet has hours; leave them empty, or make it a make-up day."
    ),
    "grid.work_without_hours": _("%(day)s is a make-up day without hours; write 08:30-12:00; 14:30-18:00."),
    "grid.hours_unread": _("%(given)s are no hours; write 08:30-12:00; 14:30-18:00."),
    "grid.hours_overlap": _("These hours overlap: %(given)s."),
    "grid.flag_unread": _("%(given)s is neither yes nor no."),
    "grid.calendar_twice": _("The calendar %(calendar)s is written twice."),
    "grid.no_outline": _("The map cannot be published: regions without an outline: %(count)s."),
    "grid.codes_twice": _("Codes given more than once: %(count)s; only the first row of each is taken."),
    "grid.placeholders": _("Rows such as 市辖区 that name no real place: %(count)s."),
    "grid.several_cities": _(
        "The list holds %(count)s cities; a map is published with one. Say in the mapping which city to take."
    ),
    "grid.city_not_listed": _("The list has no city %(code)s, so every row is left out."),
    "grid.datum_unproven": _("There is no known ground to hold the file against; its datum is taken on trust."),
    "grid.base_bent": _(
        "Half of the points lie more than %(metres)s m from the nearest known road or outline, but only %(near)s m "
        "when read as %(datum)s: the file was probably drawn on a bent map. Choose that datum in the mapping."
    ),
    "grid.base_unproven": _(
        "The roads and outlines of the map do not tell whether the file was drawn on a bent map; its datum is taken on "
        "trust."
    ),
    "grid.datum_bent": _(
        "The outline of %(code)s lies %(metres)s m beside the known one, and fits when read as %(datum)s: "
        "the file was probably drawn on a bent map. Choose that datum in the mapping."
    ),
    "grid.axes_swapped": _("The file fits the city only with longitude and latitude exchanged."),
    "grid.outside_city": _("%(percent)s %% of the file lies outside the city."),
    "grid.outlines_overlap": _("Outlines that overlap: %(count)s (%(which)s)."),
    "grid.outline_of_nobody": _("The row has neither a code nor a name, so its outline belongs to no region."),
    "grid.region_unknown": _("There is no region called %(name)s in the draft."),
    "grid.region_ambiguous": _("Several regions are called %(name)s; give the code or choose the level."),
    "grid.cells_left_out": _(
        "The file leaves %(count)s cells of %(communities)s communities out: they are taken out of the draft."
    ),
    "grid.cell_bare_community": _("Cells in communities without an outline: %(count)s; they are not held against it."),
    "grid.bad_point": _("Say where: lon and lat are degrees."),
    "grid.bad_words": _("Type what to look for: a name or a code of at most %(most)s characters."),
    "grid.bad_level": _("%(level)s is not a level of the map."),
    "grid.outside": _("This point lies outside the map."),
    "grid.ogc_parameter": _("%(name)s is not a parameter here; these are: %(known)s."),
    "grid.ogc_format": _("%(given)s is not a format that is spoken here; these are: %(known)s."),
    "grid.ogc_value": _("The value of %(name)s is too long or unreadable."),
    "grid.ogc_limit": _("%(given)s is not a number of features; give one from 1 to %(most)s."),
    "grid.ogc_bbox": _("%(given)s is not a box; give west, south, east, north in degrees, separated by commas."),
    "grid.ogc_datetime": _(
        "%(given)s is neither an instant nor a period; write 2026-11-22T08:00:00Z, or two of them with a slash between."
    ),
    "grid.ogc_no_layer": _("There is no collection %(layer)s."),
    "grid.ogc_no_feature": _("The collection %(layer)s has no feature %(code)s."),
    "grid.no_supervision_area": _("There is no supervision area %(code)s."),
    "grid.supervision_not_yours": _("Only an administrator of this ground may change its supervision areas."),
    "grid.supervision_code": _("%(code)s cannot be a code: use 1 to 40 letters, digits, hyphens and underscores."),
    "grid.supervision_taken": _("There is already a supervision area %(code)s; choose another code."),
    "grid.supervision_dissolved": _("The supervision area %(code)s was dissolved; choose another code."),
    "grid.supervision_twice": _("The supervision area %(code)s stands in the file twice."),
    "grid.supervision_name": _("Give the supervision area a Chinese name."),
    "grid.supervision_name_long": _("The name is too long; it may have at most %(most)s characters."),
    "grid.supervision_empty": _("A supervision area needs at least one cell of the map in force."),
    "grid.cell_unread": _(
        "Line %(line)s: “%(text)s” is not a cell code of %(digits)s digits (lines with faults: %(count)s)."
    ),
    "grid.cell_rounded": _(
        "Line %(line)s: “%(text)s” was rounded by a spreadsheet; format the column as text and copy again "
        "(lines with faults: %(count)s)."
    ),
    "grid.cells_unknown": _("The map in force does not have these cells (%(count)s): %(which)s."),
    "grid.region_without_cells": _("The region %(code)s has no cell on the map in force."),
    "grid.patrol_ends_early": _("The end must come after the beginning, and not lie in the past."),
    "grid.not_a_collector": _("%(person)s is not a collector for this ground; grant the duty first."),
    "grid.patrol_twice": _("%(person)s already collects in %(code)s at that time."),
    "grid.no_patrol": _("There is no such assignment in the supervision area %(code)s."),
    "grid.patrol_over": _("This assignment has already ended."),
    "grid.revision_stale": _(
        "Somebody changed this draft in the meantime (revision %(revision)s, yours was %(given)s); it was read again."
    ),
    "grid.version_invalid": _("Version %(version)s of the map has problems and cannot be published: %(count)s."),
    "grid.note_long": _("A note has at most %(most)s characters."),
    "grid.body": _("The request must hold one JSON object."),
    "grid.field_missing": _("The field %(field)s is missing or is no text."),
    "grid.field_long": _("The field %(field)s has at most %(most)s characters."),
    "grid.field_number": _("The field %(field)s is missing or is no whole number."),
    "grid.bad_moment": _("%(given)s is no moment; write one with its time zone, such as 2026-11-22T08:00:00+08:00."),
    "grid.bad_op": _("%(op)s is no act of the grid editor; these are: %(known)s."),
    "grid.bad_snap": _("A border is drawn to its neighbour over 0 to %(most)s m."),
    "grid.nothing_changes": _("This would change nothing."),
    "grid.nothing_to_undo": _("There is nothing to undo; an import cannot be undone."),
    "grid.nothing_to_redo": _("There is nothing to redo."),
    "grid.shape_type": _("A %(wanted)s was expected, not %(given)s."),
    "grid.shape_empty": _("The shape is empty: it encloses no ground."),
    "grid.shape_unclosed": _("The ring is not closed: its last point must be its first."),
    "grid.shape_crosses": _("The border crosses or touches itself (%(why)s)."),
    "grid.shape_far": _("%(lon)s, %(lat)s is no place on earth; give degrees, longitude first."),
    "grid.shape_too_many": _("The shape has more than %(most)s points; simplify it first."),
    "grid.line_short": _("A line needs two different points."),
    "grid.no_vertex": _("No cell has a corner at %(lon)s, %(lat)s."),
    "grid.no_edge": _("No cell has a border there."),
    "grid.vertex_on_corner": _("There is a corner already; choose a place between two corners."),
    "grid.vertex_junction": _("Three borders meet at this corner, so it cannot be removed; move it instead."),
    "grid.vertex_needed": _("Cell %(code)s has only three corners there; none can be removed."),
    "grid.no_cell": _("There is no cell %(code)s in this version."),
    "grid.no_region": _("There is no region %(code)s in this version."),
    "grid.region_has_regions": _(
        "%(name)s (%(code)s) cannot be removed while regions lie beneath it: %(count)s. Remove those first."
    ),
    "grid.region_has_cells": _(
        "%(name)s (%(code)s) cannot be removed while it has cells: %(count)s. Delete them in the editor first."
    ),
    "grid.no_community": _("There is no community %(code)s with an outline in this version."),
    "grid.code_plan_standard": _("A plan of codes names its standard and its edition, in %(most)s characters at most."),
    "grid.code_plan_widths": _(
        "The digits of district, street, community and cell are whole numbers that rise: regions up to %(region)s, "
        "cells up to %(cell)s, of which up to 6 number the cells of a community."
    ),
    "grid.code_plan_twice": _("The pack %(pack)s gives a plan of codes too; only one beside the default may."),
    "grid.code_plan_in_use": _(
        "The map has %(count)s codes that would not fit the new plan (cells of %(was)s digits, then %(cell)s); a plan "
        "is changed before a map is imported."
    ),
    "grid.community_full": _("Community %(code)s has used all %(most)s cell codes."),
    "grid.split_misses": _("The line does not cut cell %(code)s in two; draw it from border to border."),
    "grid.split_too_fine": _("The line cuts off less than a square metre of cell %(code)s."),
    "grid.merge_few": _("Choose at least two cells to merge."),
    "grid.merge_many": _("At most %(most)s cells are merged at once."),
    "grid.merge_communities": _("Cells of different communities cannot be one: %(codes)s."),
    "grid.merge_apart": _("These cells do not lie side by side: %(codes)s."),
    "grid.edit_empties": _("Nothing would be left of cell %(code)s, or it would fall apart."),
    "grid.edit_crosses": _("Cell %(code)s would cross itself (%(why)s)."),
    "grid.no_fix": _("This problem has no ready remedy; mend it by hand."),
    "grid.problem_gone": _("This problem is no longer there."),
    "grid.community_uncovered": _("Community %(code)s has no cell at all (%(area)s m²)."),
    "grid.hole": _("%(area)s m² in the middle of cell %(cell)s belong to no cell."),
    "grid.sliver": _("Cell %(code)s is only %(metres)s m wide."),
    "grid.region_bare": _("Region %(code)s %(name)s has no outline."),
    "grid.no_tile": _("There is no tile %(z)s/%(x)s/%(y)s."),
}


FIXES = {
    Fix.FILL: _("Give this ground to cell %(cell)s"),
    Fix.CUT: _("Cut it off cell %(cell)s"),
    Fix.CLIP: _("Cut cell %(cell)s at the border of its community"),
    Fix.DISSOLVE: _("Merge it into cell %(cell)s"),
    Fix.COVER: _("Make it a new cell"),
}


def said(code: str, params: Mapping[str, object]) -> str:
    """The sentence of a code in the active language."""
    return str(SENTENCES[code]) % dict(params)


def fix_label(fix: Fix, target: str) -> str:
    """What a remedy does, for its button, in the active language."""
    return str(FIXES[fix]) % {"cell": target} if target else str(FIXES[fix])


def told(problem: Problem) -> str:
    """A problem as a sentence in the active language."""
    return said(problem.code, problem.params)


def listed(problems: Iterable[Problem]) -> list[str]:
    """Each problem as a sentence, in order."""
    return [told(problem) for problem in problems]
