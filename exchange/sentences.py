"""What people read when exchange refuses something, and what is wrong with a file, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from core.errors import DomainError
from core.languages import pick
from core.sentences import sentence_of

SENTENCES: dict[str, object] = {
    "upload.none": _("There is no such upload of yours."),
    "upload.expired": _("This upload was kept for a while and is cleared now; choose the file again."),
    "upload.used": _("This upload was used already, for %(subject)s."),
    "upload.offset": _("The upload stands at byte %(offset)s; go on from there."),
    "upload.unfinished": _("Only %(offset)s of %(length)s bytes of a file have arrived; wait until it is all there."),
    "upload.busy": _("Another piece of this upload is just being written; try again in a moment."),
    "upload.too_long": _("The upload has %(length)s bytes; this would be more."),
    "upload.too_many": _("%(most)s uploads of yours wait for a form; send or remove some first."),
    "upload.too_much": _("The uploads of yours that wait for a form would be more than %(megabytes)s MB together."),
    "upload.unknown_kind": _("Only these kinds of file can be sent ahead: %(kinds)s."),
    "upload.protocol": _("This door speaks tus %(version)s; say so in Tus-Resumable."),
    "upload.bad_header": _("The header %(header)s is missing or not understood."),
    "upload.bad_type": _("The bytes of an upload are sent as application/offset+octet-stream."),
    "upload.checksum": _("The bytes do not have the checksum that was sent with them; send them again."),
    "message.not_admin": _("Only an administrator of the whole city keeps message templates."),
    "message.no_occasion": _("Nobody is told of anything called %(code)s."),
    "message.strange_place": _("Nothing fills %(names)s. These places are filled: %(known)s."),
    "message.length": _("Title and body are needed in both languages; this one has at most %(most)s characters."),
    "message.stale": _("Somebody changed this template meanwhile: you saw version %(seen)s, it is %(current)s now."),
    "message.version_needed": _("Say which version of the template you saw (If-Match)."),
    "message.no_pack": _("No pack says anything at %(code)s; there is nothing to go back to."),
    "message.none": _("There is no message %(number)s in your inbox."),
    "message.no_inbox": _("Only people have an inbox."),
    "message.quiet_half": _("Quiet hours need a beginning and another end."),
    "message.bad_filter": _("The filter %(filter)s makes no sense: %(value)s."),
    "endpoint.not_admin": _("Only an administrator of the whole city keeps endpoints and sees what was sent."),
    "endpoint.none": _("There is no such endpoint."),
    "endpoint.no_channel": _("Nothing can be sent by %(channel)s."),
    "endpoint.too_many": _("There are %(most)s endpoints; no more can be kept."),
    "endpoint.bad_name": _("A name has one to %(most)s characters."),
    "endpoint.strange_setting": _("There is no setting %(name)s in this kind of endpoint."),
    "endpoint.bad_setting": _("The setting %(name)s is missing or not understood."),
    "endpoint.strange_kind": _("%(name)s is nothing that can be sent there."),
    "endpoint.no_kinds": _("Choose at least one thing to send."),
    "endpoint.bad_path": _("%(path)s is no path of codes joined by dots."),
    "endpoint.bad_policy": _("Of how often it is tried, %(name)s must be a number from 1 to %(most)s."),
    "endpoint.bad_secret": _("A signing secret is whsec_ and 24 to 64 bytes in base64."),
    "endpoint.secret_needed": _("This kind of endpoint needs its secret, of at most 500 characters."),
    "endpoint.secret_again": _("Another address needs the secret again; the one that is kept is not sent there."),
    "endpoint.one_of_a_kind": _("Another endpoint serves this channel; switch that one off first."),
    "endpoint.no_rotation": _("Only webhooks have a signing secret of ours; write the new secret into the form."),
    "endpoint.bad_overlap": _("The secret before is good for 0 to %(most)s hours more."),
    "endpoint.no_ping": _("This channel reaches people; whoever verifies an address tests it."),
    "endpoint.is_off": _("This endpoint is switched off."),
    "sending.none": _("There is no such sending."),
    "sending.wrong_state": _("This sending is %(state)s; that cannot be done now."),
    "sending.code_gone": _("A code is not sent twice; ask for a new one."),
    "sending.bad_span": _("A span has a beginning before its end, at most %(days)s days apart."),
    "sending.too_many": _("More than %(most)s would go out; choose a shorter span."),
    "sending.bad_filter": _("The filter %(filter)s makes no sense: %(value)s."),
    "sending.timed_out": _("The other side did not answer in time."),
    "sending.no_connection": _("The other side could not be reached."),
    "sending.no_host": _("There is no host of that name."),
    "sending.bad_certificate": _("The certificate of the other side is not to be trusted."),
    "sending.forbidden_address": _("The address is inside networks that sendings may not reach."),
    "sending.plain_http": _("Without encryption (http) only the city's own networks are reached; use https."),
    "sending.refused": _("The other side answered %(status)s."),
    "sending.gateway_says": _("The other side said: %(what)s."),
    "sending.endpoint_gone": _("The other side wants no more (410); the endpoint was switched off."),
    "sending.no_such_person": _("The other side does not know this person."),
    "sending.bad_address": _("The address is none that can be written to."),
    "sending.no_address": _("The person has no verified address in this channel any more."),
    "sending.too_late": _("It was old news by the time it could be sent."),
    "sending.workers_lost": _("Whoever tried it never came back; it was given up."),
    "sending.secret_lost": _("The secret cannot be opened with the key of this installation; set it anew."),
    "contact.bad_address": _("This is no address of this channel."),
    "contact.no_channel": _("The city does not send by this channel now."),
    "contact.too_soon": _("A code was sent just now; wait a minute."),
    "contact.too_many_codes": _("No more than %(most)s codes a day are sent."),
    "contact.no_code": _("There is no code to be entered; ask for a new one."),
    "contact.none": _("You have no address in this channel."),
    "machine.not_admin": _("Only an administrator of the whole city sets up machines that report."),
    "machine.none": _("There is no machine with the code %(code)s."),
    "machine.no_call": _("This machine never sent the event %(event)s."),
    "machine.there": _("There is a machine with the code %(code)s already."),
    "machine.bad_code": _("%(given)s is no code: small letters, figures, - and _, at most 40."),
    "machine.bad_field": _("The field %(field)s is missing or not understood."),
    "machine.no_organisation": _("There is no organisation with the code %(given)s."),
    "machine.bad_overlap": _("The key before is good for 0 to %(most)s hours more."),
    "machine.bad_filter": _("The filter makes no sense: %(given)s."),
    "machine.bad_key": _("The key is missing or not that of this machine."),
    "machine.is_off": _("This machine is switched off; nothing of it is taken."),
    "machine.too_often": _("More than %(most)s calls an hour were not agreed; later it goes on."),
    "machine.report_is_text": _("The part called report is the report as JSON text."),
    "machine.unstorable": _("The report cannot be kept: it is larger than %(most)s bytes or holds what no text holds."),
    "machine.malformed": _("The report breaks the contract at %(where)s (%(rule)s)."),
    "machine.half_a_point": _("A point has both lon and lat."),
    "machine.bad_moment": _("The time must be written with its zone, as 2026-11-30T09:00:00+08:00."),
    "machine.other_content": _("The event %(event)s said something else before; give every event an id of its own."),
    "machine.unknown_class": _("There is no class %(given)s that a new case may be of."),
    "machine.other_class": _("This machine may not report the class %(given)s."),
    "machine.other_area": _("The place lies outside the areas that this machine may report in."),
    "machine.unlocated": _("No place within the grid was told; the case waits in the unlocated queue."),
    "machine.from_the_future": _("The clock of the machine is ahead; the time of receipt was taken."),
    "machine.late": _("It came %(hours)s hours after it happened."),
    "machine.without_pictures": _("Its pictures were lost on the way."),
    "machine.pictures_of_found_only": _("Only a first report is taken with pictures; these were left out."),
    "machine.before_first": _("The event %(about)s has not been taken in yet; this one waits for it."),
    "machine.older": _("A later word about the same event is known; this one changes nothing."),
    "machine.case_ended": _("The case %(number)s has ended; report the problem anew if it is back."),
    "machine.gave_up": _("It could not be made use of in %(times)s tries."),
    "hotline.not_yours": _("Tickets of partners are for those who take them in for the whole city."),
    "hotline.not_admin": _("Only an administrator of the whole city sets up partners."),
    "hotline.no_partner": _("There is no partner %(code)s."),
    "hotline.partner_there": _("There is a partner %(code)s already."),
    "hotline.bad_code": _("A code has small letters, digits, - and _, at most 40: %(given)s is none."),
    "hotline.bad_field": _("The field %(field)s cannot be like this."),
    "hotline.no_such_class": _("There is no class %(given)s that a case may be of."),
    "hotline.no_such_region": _("There is no region %(given)s."),
    "hotline.no_ticket": _("There is no ticket %(number)s."),
    "hotline.bad_filter": _("The list cannot be asked for like this: %(given)s."),
    "hotline.not_waiting": _("The ticket %(ticket)s does not wait for anybody any more."),
    "hotline.still_waiting": _("The ticket %(ticket)s still waits: give it a class or send it back."),
    "hotline.needs_reason": _("Say why, in at most %(most)s characters."),
    "hotline.no_secret": _("The server has no secret for this partner; nobody can sign with it."),
    "hotline.no_signature": _("The request is not signed: time stamp, nonce and signature are needed."),
    "hotline.bad_signature": _("The signature is not that of this request."),
    "hotline.out_of_time": _("The time stamp is more than %(most)s seconds from the clock here."),
    "hotline.replayed": _("A request with this nonce has come before."),
    "hotline.malformed": _("The message breaks the contract at %(where)s (%(rule)s)."),
    "hotline.unstorable": _("The message cannot be kept: larger than %(most)s bytes, or with what no text holds."),
    "hotline.bad_moment": _("The time at %(where)s is none with its zone, as in 2026-11-30T08:00:00+08:00."),
    "hotline.half_a_point": _("A point needs both lon and lat."),
    "hotline.other_content": _("Message %(sequence)s of the ticket %(ticket)s says something else already."),
    "hotline.gave_up": _("It was tried %(times)s times and never done; somebody must look at it."),
    "hotline.before_ticket": _("It came before its ticket and waits for it."),
    "hotline.ticket_again": _("The ticket was known; this is taken as a change of it."),
    "hotline.unknown_class": _("Nobody has said yet what the class %(given)s is called here."),
    "hotline.unknown_area": _("Nobody has said what the area %(given)s is called here."),
    "hotline.other_area": _("The partner says it lies in %(given)s; the point lies in %(found)s."),
    "hotline.unlocated": _("It has no place inside the grid."),
    "hotline.from_the_future": _("It says it came in later than now; now was taken."),
    "hotline.older": _("It is older than what is known (%(newest)s); it was kept and changed nothing."),
    "hotline.after_end": _("It came after the ticket had gone back or was withdrawn."),
    "hotline.withdrawn": _("The partner withdrew the ticket before anything was made of it."),
    "hotline.too_late_to_withdraw": _("Work has begun, so it goes on; people decide what the withdrawal means."),
    "hotline.extension_refused": _("The partner does not grant more time."),
    "hotline.nothing_to_reopen": _("The citizen is not satisfied; nothing is opened again by itself, people decide."),
    "hotline.no_connection": _("The partner cannot be reached."),
    "hotline.timed_out": _("The partner does not answer in time."),
    "hotline.bad_answer": _("What the partner answers breaks the contract."),
    "hotline.answer_too_long": _("The partner's answer does not end."),
    "hotline.partner_refuses_us": _("The partner does not let us in; secret and clock should be looked at."),
    "hotline.partner_fails": _("The partner answers with a failure of its own."),
    "exchange.not_admin": _("Only an administrator may import or export files."),
    "exchange.no_job": _("There is no such import."),
    "exchange.unknown_kind": _("%(kind)s is not a kind of file that can be imported."),
    "exchange.unknown_dataset": _("There is nothing called %(name)s to export."),
    "exchange.unknown_filter": _("This list has no filter called %(filter)s."),
    "exchange.bad_filter": _("The filter %(filter)s makes no sense: %(value)s."),
    "exchange.wrong_state": _("The import cannot do this now: it is %(state)s."),
    "exchange.suspicions_unread": _("There are suspicions about this file; say that you have read them."),
    "exchange.book_is_whole": _(
        "A workbook of several sheets is taken over whole; a single sheet is a file of its own."
    ),
    "exchange.book_faulty": _("%(number)s faults stand in the workbook. It is taken over whole or not at all."),
    "exchange.book_changed": _(
        "Something changed since the check: %(number)s faults by now. Nothing was taken over; check it again."
    ),
    "exchange.book_no_workbook": _("Several sheets come as one XLSX workbook."),
    "exchange.book_without_sheets": _("No sheet of the workbook has one of the expected titles; take the template."),
    "exchange.book_too_long": _("A workbook has at most %(most)s rows on all its sheets."),
    "exchange.book_empty": _("There is no row to take over yet."),
    "exchange.columns_unread": _("Sheet %(sheet)s: nobody asked for the columns %(columns)s; they are left alone."),
    "exchange.sheets_unread": _("Left alone, because nothing is called so: the sheets %(sheets)s."),
    "exchange.nothing_to_do": _("Nothing would be added, changed or taken out."),
    "exchange.gave_up": _("The import was tried %(times)s times and got no further; it was given up."),
    "exchange.abandoned": _(
        "Nobody went on with this import for %(days)s days; it was cancelled and its file removed."
    ),
    "exchange.no_export": _("There is no such export, or it is not yours."),
    "exchange.people_only": _("Only a person can have a list made into a file."),
    "exchange.one_export_at_a_time": _("One export of yours is still at work; wait for it, or cancel it."),
    "exchange.export_ended": _("This export has ended already."),
    "exchange.export_not_done": _("The file of this export is not finished."),
    "exchange.export_dropped": _("The file of this export was kept for a day and is gone; export the list again."),
    "exchange.export_lost": _("The rows of this export are no longer there; export the list again."),
    "exchange.gave_up_export": _("The export was tried %(times)s times and got no further; it was given up."),
    "exchange.too_many_rows": _("This format holds at most %(most)s rows; choose another, or narrow the list."),
    "exchange.no_address": _("Codes lead to this site, but its address (PUBLIC_URL) is not set; ask the operator."),
    "exchange.no_labels": _("Nothing is in this list that a label could be made for."),
    "exchange.too_many_labels": _("%(count)s labels are more than the %(most)s that one file holds; narrow the list."),
    "exchange.file_gone": _("The file of this import is no longer there; upload it again."),
    "exchange.no_file": _("Choose a file."),
    "exchange.file_empty": _("The file is empty."),
    "exchange.file_too_large": _("The file is larger than %(megabytes)s MB."),
    "exchange.unknown_format": _("%(name)s is no CSV, XLSX, GeoJSON, GeoPackage or zipped Shapefile."),
    "exchange.broken_archive": _("The archive is damaged or not one that can be opened."),
    "exchange.encrypted": _("The archive is protected by a password; pack it without one."),
    "exchange.too_many_members": _("The archive holds more than %(limit)s files."),
    "exchange.unpacks_too_large": _("The file unpacks to more than %(megabytes)s MB."),
    "exchange.zip_bomb": _(
        "The archive unpacks to %(ratio)s times its size (%(limit)s are allowed); it is not opened."
    ),
    "exchange.no_header": _("The first row must name the columns, at most 500."),
    "exchange.no_features": _("The file is no GeoJSON feature collection."),
    "exchange.no_layer": _("The file has no layer %(layer)s with rows."),
    "exchange.no_shapefile": _("The archive has no shapefile %(layer)s (.shp with .dbf)."),
    "exchange.broken_workbook": _("The workbook cannot be read."),
    "exchange.broken_geopackage": _("The GeoPackage cannot be read."),
    "exchange.broken_shapefile": _("The shapefile cannot be read."),
    "exchange.unknown_crs": _("The coordinate system %(crs)s is not known; write EPSG:4490, for example."),
    "exchange.unknown_field": _("There is no field %(field)s in this kind of import."),
    "exchange.unknown_column": _("The file has no column %(column)s."),
    "exchange.field_missing": _("Choose the column of the field %(field)s (%(name)s)."),
    "exchange.place_missing": _("Choose the columns of longitude and latitude, or the one of the shape."),
    "exchange.unknown_option": _("There is no setting %(option)s in this kind of import."),
    "exchange.bad_option": _("The setting %(option)s is missing or has a value that is not known."),
    "exchange.line_too_long": _("The line is longer than %(limit)s characters; it is not read."),
    "exchange.feature_too_long": _("The feature is longer than %(limit)s characters; it and what follows is not read."),
    "exchange.file_ends_early": _("The file ends in the middle of a feature."),
    "exchange.unreadable_row": _("The row cannot be read (%(what)s)."),
    "exchange.bad_json": _("The feature is not JSON: at its column %(column)s (%(what)s)."),
    "exchange.too_many_cells": _("The row has %(count)s cells, the header %(columns)s."),
    "exchange.cell_error": _("The spreadsheet shows the error %(value)s here."),
    "exchange.empty_cell": _("The cell is empty."),
    "exchange.code_mangled": _(
        "%(value)s was a code that a spreadsheet turned into a number, so digits are lost; format the column as text."
    ),
    "exchange.code_not_text": _("%(value)s is not a code."),
    "exchange.nul": _("The text contains a NUL character."),
    "exchange.undecodable": _("The text contains bytes that are no characters; choose another encoding."),
    "exchange.text_too_long": _("The text is longer than %(limit)s characters."),
    "exchange.not_a_number": _("%(value)s is not a number."),
    "exchange.not_finite": _("A coordinate is not a finite number."),
    "exchange.no_shape": _("The row has no shape."),
    "exchange.bad_geometry": _("The shape cannot be read (%(what)s)."),
    "exchange.ring_open": _("A ring of the shape is not closed: its last point is not its first."),
    "exchange.too_many_vertices": _("The shape has more than %(limit)s points."),
    "exchange.shape_invalid": _("The shape is not valid (%(what)s)."),
    "exchange.off_the_plane": _("The shape lies outside the coordinate system of the file."),
    "exchange.not_in_degrees": _("The coordinates are no degrees; choose the coordinate system of the file."),
    "exchange.axes_swapped": _("Longitude and latitude look exchanged."),
    "exchange.format_cannot": _(
        "This format cannot hold the column %(column)s (%(what)s); choose GeoPackage or GeoJSON."
    ),
}
STATES = {
    "uploaded": _("uploaded"),
    "mapped": _("being checked"),
    "checked": _("checked"),
    "confirmed": _("confirmed"),
    "running": _("running"),
    "done": _("done"),
    "cancelled": _("cancelled"),
    "failed": _("failed"),
}
EXPORT_STATES = {
    "waiting": pgettext_lazy("export", "waiting"),
    "running": pgettext_lazy("export", "running"),
    "done": pgettext_lazy("export", "done"),
    "cancelled": pgettext_lazy("export", "cancelled"),
    "failed": pgettext_lazy("export", "failed"),
}
SENDING_STATES = {
    "waiting": pgettext_lazy("sending", "waiting"),
    "held": pgettext_lazy("sending", "waits for the end of quiet hours"),
    "sending": pgettext_lazy("sending", "being sent"),
    "delivered": pgettext_lazy("sending", "delivered"),
    "failed": pgettext_lazy("sending", "failed for now"),
    "given_up": pgettext_lazy("sending", "given up"),
    "cancelled": pgettext_lazy("sending", "cancelled"),
}
SENTENCES |= {f"sending.state.{code}": words for code, words in SENDING_STATES.items()}
OUTCOMES = {
    "add": _("added"),
    "change": _("changed"),
    "same": _("unchanged"),
    "retire": _("retired"),
    "leave": _("left out"),
    "refuse": _("refused"),
}


def fault_lines(report: Mapping[str, Any]) -> list[str]:
    """Each fault that was kept as line, column and sentence."""
    return [f"{place_of(fault)}: {fault_text(fault)}" for fault in report.get("faults", ())]


def place_of(fault: Mapping[str, Any]) -> str:
    """Row, line and column of a fault, as people write them."""
    label = pick(fault.get("label"))
    where = {"row": fault["row"], "line": fault["line"], "column": label or fault["column"]}
    if fault.get("sheet"):
        return " · ".join([pick(fault["sheet"]), _in_sheet(where)])
    if label:
        return _now("Row %(row)s (line %(line)s), field %(column)s") % where
    if fault["column"]:
        return _now("Row %(row)s (line %(line)s), column %(column)s") % where
    return _now("Row %(row)s (line %(line)s)") % where


def _in_sheet(where: Mapping[str, Any]) -> str:
    """The row of a spreadsheet is the line that it shows at its edge."""
    if not where["line"]:
        return _now("the whole sheet")
    if not where["column"]:
        return _now("row %(line)s") % where
    return _now("row %(line)s, column %(column)s") % where


def fault_text(fault: Mapping[str, Any]) -> str:
    """The sentence of a fault."""
    return sentence_of(DomainError(fault["code"], **{"row": fault["line"], **fault["params"]}))


def fault_rows(
    report: Mapping[str, Any], faults: Iterable[Mapping[str, Any]], language: str | None
) -> Iterator[list[object]]:
    """A heading and every fault as row, line, column and sentence; those of the report where no others were kept.

    The language is given: rows are asked for after the request's own has ended.
    """
    found = iter(faults)
    first = next(found, None)
    with override(language):
        head: list[object] = [_now("Row"), _now("Line"), _now("Column"), _now("Why")]
    yield head
    for one in report.get("faults", ()) if first is None else chain([first], found):
        with override(language):
            column = pick(one.get("label")) or one["column"]
            where = f"{pick(one['sheet'])}: {column}" if one.get("sheet") else column
            told = [one["row"], one["line"], where, fault_text(one)]
        yield told


def sheet_lines(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each sheet of a book, and what would become, or became, of how many of its rows."""
    return [
        (pick(one["names"]), ", ".join(f"{OUTCOMES[name]} {count}" for name, count in one["counts"].items() if count))
        for one in report.get("sheets", ())
    ]


def suspicion_lines(report: Mapping[str, Any]) -> list[str]:
    """Each suspicion as a sentence."""
    return [sentence_of(DomainError(one["code"], **one["params"])) for one in report.get("suspicions", ())]


def failure_text(failure: Mapping[str, Any]) -> str:
    """Why an import failed, as a sentence; empty where it did not."""
    return sentence_of(DomainError(failure["code"], **failure["params"])) if failure else ""
