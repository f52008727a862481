"""The words of the grid's islands: the page carries those of the island it has."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

AREAS = {
    "areas.pick": _("Click a cell to take it in or out; Shift and drag takes a box; with the keyboard move the map and "
                    "press Enter."),
    "areas.look": _("Click a cell to see whose it is."),
    "areas.chosen": _("{n} cells chosen"),
    "areas.regions": _("and all cells of {n} regions"),
    "areas.taken": _("Cell {cell} taken in"),
    "areas.left": _("Cell {cell} taken out"),
    "areas.boxed": _("{n} cells taken in"),
    "areas.lone": _("Cell {cell}: nobody supervises it"),
    "areas.whose": _("Cell {cell}: {areas}"),
    "areas.none": _("No cell here"),
    "areas.failed": _("The areas of others could not be loaded; the list of codes is complete all the same."),
    "areas.key.own": _("This area"),
    "areas.key.other": _("Another area"),
    "areas.key.area": _("Supervised, one colour an area"),
    "areas.key.shared": _("In several areas"),
    "areas.key.lone": _("Nobody"),
}  # fmt: skip
SIDES = {
    "sides.title": _("What each side has, by the map in force"),
    "sides.split": _("Both sides of the split"),
    "sides.cell": _("Cell"),
    "sides.keeps": _("keeps its code"),
    "sides.failed": _("What each side has could not be reckoned."),
}
EDITOR = {
    **SIDES,
    "editor.zoom_in": _("Zoom in to see and edit every cell here."),
    "editor.hint.select": _(
        "Click a cell to choose it, Shift and click for more; with the keyboard move the map and press Enter."
    ),
    "editor.hint.draw": _(
        "Click the corners, double-click or Enter ends; with the keyboard Space sets a corner at the middle of the map."
    ),
    "editor.hint.vertices": _(
        "Drag a corner, or a middle to add one; Tab chooses a corner, arrows move it by 1 m, with Shift by 10 cm."
    ),
    "editor.hint.split": _("Click a line across the chosen cell, double-click or Enter ends."),
    "editor.points": _("{n} points"),
    "editor.choose_one": _("Choose a cell first."),
    "editor.choose_two": _("Choose at least two cells that touch."),
    "editor.no_community": _("Choose the community that the cell belongs to."),
    "editor.chosen": _("{n} cells chosen: {codes}"),
    "editor.area": _("{n} m²"),
    "editor.drawn": _("The cell is drawn."),
    "editor.split": _("The cell is split."),
    "editor.merged": _("{n} cells are one."),
    "editor.deleted": _("Cell {code} is deleted."),
    "editor.graded": _("{n} cells have grade {grade} now."),
    "editor.described": _("Cell {code} is described."),
    "editor.moved": _("The corner moved by {metres} m, with every cell that shares it."),
    "editor.inserted": _("There is a new corner."),
    "editor.vertex_gone": _("The corner is removed."),
    "editor.fixed": _("The problem is fixed."),
    "editor.undone": _("Undone."),
    "editor.redone": _("Done again."),
    "editor.checking": _("Checking the whole map …"),
    "editor.valid": _("The map is valid and may be published."),
    "editor.invalid": _("{n} problems: the map cannot be published."),
    "editor.given_up": _("The change is discarded."),
    "editor.busy": _("The last change is still on its way."),
    "editor.unreachable": _("The server cannot be reached; nothing was lost, try again."),
    "editor.corner": _("Corner {n}: arrow keys move it"),
    "editor.picked": _("Corner {n}: arrows move it by 1 m, with Shift by 10 cm; Delete removes it."),
    "editor.corner_add": _("Add a corner after corner {n}"),
    "editor.corner_delete": _("Remove corner {n}"),
    "editor.lon": _("Longitude of corner {n}"),
    "editor.lat": _("Latitude of corner {n}"),
    "editor.snap.vertex": _("on a corner"),
    "editor.snap.edge": _("on a border"),
    "editor.saving.saved": _("Saved"),
    "editor.saving.sending": _("Saving …"),
    "editor.saving.offline": _("No connection"),
    "editor.saving.stale": _("Waiting for you"),
    "editor.trouble.offline": _("The connection is lost. Your change is kept and sent again by itself."),
    "editor.trouble.stale": _(
        "Somebody else changed this draft meanwhile. Your change is kept: do it upon the newest draft, or discard it."
    ),
    "editor.state.draft": _("Draft"),
    "editor.state.checked": _("Checked"),
    "editor.state.published": _("Published"),
    "editor.level.critical": _("Overlap"),
    "editor.level.serious": _("Gap"),
    "editor.level.caution": _("Fault"),
    "editor.read.empty": _("Type or paste a shape first."),
    "editor.read.json": _("This is not GeoJSON: a bracket or comma is wrong."),
    "editor.read.one": _("Paste one shape at a time."),
    "editor.read.polygon": _("A polygon is needed."),
    "editor.read.wkt": _("This is not WKT: a bracket, a comma or a number is wrong."),
    "editor.read.numbers": _("A number of the shape is no longitude or latitude on earth."),
    "editor.read.few": _("A cell needs at least three different corners."),
    "editor.read.two": _("A line needs at least two points."),
    "editor.read.line": _("Line {n}: “{text}” is not a longitude and a latitude."),
    "editor.read.degrees": _("Line {n}: “{text}” is no place on earth; write the longitude first."),
}  # fmt: skip
MOVES = {
    **SIDES,
    "moves.loading": _("Reckoning what moves …"),
    "moves.failed": _("What moves could not be reckoned."),
    "moves.again": _("Try again"),
    "moves.none": _("Nothing moves: everything stays in its cell."),
    "moves.kind": _("What"),
    "moves.from": _("From cell"),
    "moves.to": _("To cell"),
    "moves.count": _("How many"),
    "moves.nowhere": _("no cell"),
    "moves.moved": _("{n} move"),
    "moves.lost": _("{n} lose their cell"),
    "moves.stay": _("stay"),
    "moves.cells": _("Cells: {added} new, {removed} gone, {changed} changed, {same} as before"),
    "moves.truncated": _("Only the first moves are listed."),
    "moves.details": _("Which, from where to where"),
}
COMPARE = {
    "compare.loading": _("Comparing …"),
    "compare.failed": _("The versions could not be compared."),
    "compare.none": _("The two versions are the same."),
    "compare.added": _("New"),
    "compare.removed": _("Gone"),
    "compare.shape": _("Other border"),
    "compare.description": _("Other description"),
    "compare.same": _("As before"),
    "compare.cell": _("Cell"),
    "compare.change": _("Change"),
    "compare.what": _("Before and after"),
    "compare.regions": _("Regions"),
    "compare.truncated": _("Only the first differences are shown."),
    "compare.grade": _("grade"),
    "compare.land_use": _("land use"),
    "compare.responsible": _("responsible"),
    "compare.area_m2": _("area m²"),
    "compare.names": _("name"),
    "compare.parent": _("belongs to"),
    "compare.geometry": _("border"),
}
SETS = {"areas": AREAS, "editor": EDITOR, "moves": MOVES, "compare": COMPARE}


@register.simple_tag
def grid_words(*sets: str) -> SafeString:
    """A JSON script with the words of these islands."""
    words = {key: str(text) for name in sets for key, text in SETS[name].items()}
    return json_script(words, "page-words")
