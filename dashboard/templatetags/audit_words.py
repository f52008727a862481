"""The audit viewer's words: what each kind of entry says that somebody did, and the names of changed fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dashboard.templatetags.stages import STAGES

register = template.Library()

GROUPS = (
    ("accounts", _("Accounts")), ("alarm", pgettext_lazy("audit", "Alarms")), ("audit", _("Audit")),
    ("assets", _("Components")),
    ("asking", pgettext_lazy("audit", "Rules of asking")), ("bulk", pgettext_lazy("audit", "Bulk jobs")),
    ("case", _("Cases")), ("class", _("Classes")), ("clock", _("Clocks")), ("control_area", _("Control areas")),
    ("dispatching", _("Automatic dispatch")), ("enforcement", pgettext_lazy("audit", "Case files")),
    ("endpoint", pgettext_lazy("audit", "Endpoints")),
    ("evaluation", _("Evaluation")), ("exchange", _("Imports and exports")),
    ("grades", _("Limits by grade")), ("grid", _("Map")), ("hotline", pgettext_lazy("audit", "Hotline")),
    ("ladder", _("Ladders")), ("machine", pgettext_lazy("audit", "Machines outside")),
    ("message", _("Messages")), ("order", _("Supervision orders")),
    ("pack", _("Packs")), ("portal", _("Open interface")),
    ("registers", pgettext_lazy("audit", "Registers")), ("request", _("Requests about cases")),
    ("responsibility", _("Responsibility")),
    ("sending", pgettext_lazy("audit", "Sendings")),
    ("steps_model", _("Model of steps")), ("telemetry", pgettext_lazy("audit", "Devices")), ("video", _("Video")),
)  # fmt: skip
"""What entries can be narrowed to: the first word of their kind, and its name."""
DEEDS = {
    "accounts.contract_set.v1": _("set the contract of %(organisation)s"),
    "accounts.crew_changed.v1": _("changed the crew %(code)s"),
    "accounts.invited.v1": _("gave person %(user_id)s a link to set a password"),
    "accounts.organisation_closed.v1": _(
        "closed the organisation %(code)s: %(organisations)s organisations, %(grants)s grants ended"
    ),
    "accounts.organisation_moved.v1": _(
        "moved the organisation %(code)s from %(before)s to %(after)s, with %(grants)s grants"
    ),
    "accounts.plan_cancelled.v1": _("cancelled the plan for the organisation %(code)s"),
    "accounts.plan_made.v1": _("planned a change of the organisation %(code)s for %(starts)s"),
    "accounts.plan_refused.v1": _("could not carry out the plan for the organisation %(code)s"),
    "accounts.post_changed.v1": _("changed the post %(code)s"),
    "accounts.post_created.v1": _("created the post %(code)s"),
    "accounts.roster_changed.v1": _("changed the roster of %(organisation)s for the week of %(week)s"),
    "case.organisation_followed.v1": _("brought %(cases)s cases along with the organisation %(organisation)s"),
    "audit.exported.v1": _("took the audit trail away as a file"),
    "accounts.granted.v1": _("gave the role %(role)s to person %(user_id)s"),
    "accounts.key_ended.v1": _("ended the key %(key_id)s"),
    "accounts.key_made.v1": _("made the key %(key_id)s"),
    "accounts.locked.v1": _("locked the account of person %(user_id)s after too many wrong passwords"),
    "accounts.organisation_changed.v1": _("changed the organisation %(code)s"),
    "accounts.organisation_created.v1": _("created the organisation %(code)s"),
    "accounts.password_changed.v1": _("gave person %(user_id)s another password"),
    "accounts.person_changed.v1": _("changed the account of person %(user_id)s"),
    "accounts.person_created.v1": _("created an account for person %(user_id)s"),
    "accounts.revoked.v1": _("took the role %(role)s from person %(user_id)s"),
    "accounts.role_changed.v1": _("changed what the role %(code)s may do"),
    "accounts.role_factor_changed.v1": _("made the second factor for the role %(code)s a matter of duty, or not"),
    "accounts.sessions_ended.v1": _("ended sessions of person %(user_id)s (%(ended)s)"),
    "accounts.signed_in.v1": _("signed in"),
    "accounts.unlocked.v1": _("unlocked the account of person %(user_id)s"),
    "assets.census_moved.v1": _("moved the census %(project)s on: %(state)s, %(streets)s streets, %(written)s written"),
    "assets.change_asked.v1": _("proposed the change %(request)s of component %(code)s"),
    "assets.change_decided.v1": _("decided about the change request %(request)s of component %(code)s: %(state)s"),
    "assets.changed.v1": _("changed the component %(subject)s, now version %(version)s"),
    "assets.street_moved.v1": _("moved the street %(street)s of the census %(project)s on: %(state)s"),
    "assets.imported.v1": _("imported survey %(survey)s: %(created)s new, %(updated)s changed, %(refused)s refused"),
    "portal.key_ended.v1": _("ended the key %(key_id)s of the open interface"),
    "portal.key_made.v1": _("made the key %(key_id)s of the open interface"),
    "portal.service_changed.v1": _("opened or closed the class %(code)s to citizens"),
    "case.history_taken.v1": _("took %(cases)s tickets of %(system)s that were closed before as closed cases"),
    "case.extended.v1": _("gave the case %(subject)s more time"),
    "case.rescheduled.v1": _("moved a promised end of the case %(subject)s"),
    "case.visited.v1": _("told what the citizen of the case %(subject)s said when called back"),
    "clock.escalated.v1": _("escalated the overdue case %(subject)s: %(rung)s"),
    "control_area.asked.v1": _("asked for a control area (%(subject)s)"),
    "control_area.decided.v1": _("decided on a control area (%(subject)s)"),
    "control_area.withdrawn.v1": _("asks no more for a control area (%(subject)s)"),
    "control_area.ended.v1": _("ended a control area (%(subject)s)"),
    "ladder.changed.v1": _("changed who is told when a limit runs out (%(subject)s)"),
    "case.held.v1": _("held the case %(subject)s"),
    "case.resumed.v1": _("took the held case %(subject)s up again"),
    "steps_model.chosen.v1": _("chose the model of steps %(after)s"),
    "order.issued.v1": _("issued a supervision order on the case %(subject)s"),
    "order.replied.v1": _("answered a supervision order on the case %(subject)s"),
    "order.overdue.v1": _("found the answer to a supervision order on the case %(subject)s overdue"),
    "case.not_taken.v1": _("found that the case %(subject)s was not taken after its return was refused"),
    "case.shirked.v1": _("found that the case %(subject)s is passed around"),
    "case.coordinated.v1": _("settled whose case %(subject)s is"),
    "request.asked.v1": _("asked for a request on the case %(subject)s"),
    "request.signed.v1": _("signed a request on the case %(subject)s"),
    "request.approved.v1": _("approved a request on the case %(subject)s"),
    "request.refused.v1": _("refused a request on the case %(subject)s"),
    "request.withdrawn.v1": _("withdrew a request on the case %(subject)s"),
    "request.lapsed.v1": _("let a request on the case %(subject)s lapse"),
    "case.accepted.v1": _("accepted the case %(subject)s"),
    "case.assigned.v1": _("assigned the case %(subject)s to a handler"),
    "case.check_failed.v1": _("found the case %(subject)s not put right"),
    "case.check_passed.v1": _("found the case %(subject)s put right"),
    "case.closed.v1": _("closed the case %(subject)s"),
    "case.force_closed.v1": _("closed the case %(subject)s by force"),
    "case.flagged.v1": _("set a flag on the case %(subject)s"),
    "case.unflagged.v1": _("took a flag off the case %(subject)s"),
    "case.clue_attached.v1": _("told of the case %(subject)s once more"),
    "case.confirmed.v1": _("confirmed the result of the case %(subject)s"),
    "case.dispatched.v1": _("dispatched the case %(subject)s to %(organisation)s"),
    "case.due_soon.v1": _("warned that the case %(subject)s is soon due"),
    "case.evidence_read.v1": _("opened a sealed original of the case %(subject)s"),
    "case.feedback_refused.v1": _("refused the feedback on the case %(subject)s"),
    "case.located.v1": _("gave the case %(subject)s its place"),
    "case.overdue.v1": _("found the case %(subject)s overdue"),
    "case.part_begun.v1": _("began the case %(subject)s as a part of another"),
    "case.part_closed.v1": _("closed the case %(subject)s, a part of another"),
    "case.part_registered.v1": _("registered the case %(subject)s, a part of another"),
    "case.redone.v1": _("had the case %(subject)s redone"),
    "case.refused.v1": _("refused to register the case %(subject)s"),
    "case.registered.v1": _("registered the case %(subject)s"),
    "case.rejected.v1": _("did not accept the case %(subject)s"),
    "case.reopened.v1": _("reopened the case %(subject)s"),
    "case.reported.v1": _("reported the case %(subject)s"),
    "case.reporter_read.v1": _("read who reported the case %(subject)s"),
    "case.person_kept.v1": _("kept the personal data of the case %(subject)s under legal hold"),
    "case.person_released.v1": _("ended the legal hold on the personal data of the case %(subject)s"),
    "case.person_erased.v1": _(
        "erased the personal data of the case %(subject)s: %(values)s values, %(words)s texts, %(pictures)s originals"
    ),
    "case.annotated.v1": _("drew on a picture of the case %(subject)s"),
    "case.annotation_withdrawn.v1": _("took back what was drawn on a picture of the case %(subject)s"),
    "case.picture_doubted.v1": _("added pictures to the case %(subject)s that are doubtful"),
    "case.erasure_swept.v1": _("erased the personal data of %(cases)s cases whose time was over"),
    "case.reworked.v1": _("sent the case %(subject)s into rework"),
    "case.sent_back.v1": _("sent the case %(subject)s back"),
    "case.sent_to_check.v1": _("sent the case %(subject)s to be checked"),
    "case.sent_to_district.v1": _("sent the case %(subject)s to a district"),
    "case.sent_to_verify.v1": _("sent the case %(subject)s to be verified"),
    "case.settled.v1": _("settled the case %(subject)s on the spot"),
    "case.submitted.v1": _("handed in the result of the case %(subject)s"),
    "case.filter_changed.v1": _("saved or deleted the filter %(filter_id)s of the list of cases"),
    "case.unassigned.v1": _("took back the assignment of the case %(subject)s"),
    "case.text_changed.v1": _("changed the standard text %(text_id)s"),
    "case.verified.v1": _("verified the case %(subject)s"),
    "case.absorbed.v1": _("merged a duplicate into the case %(subject)s"),
    "case.merged.v1": _("merged the case %(subject)s into another"),
    "case.released.v1": _("took a duplicate out of the case %(subject)s again"),
    "case.split.v1": _("split the case %(subject)s into parts"),
    "case.united.v1": _("made the case %(subject)s whole again"),
    "case.unmerged.v1": _("undid the merging of the case %(subject)s"),
    "case.voided.v1": _("voided the case %(subject)s"),
    "class.changed.v1": _("changed the class %(code)s: version %(version)s"),
    "class.withdrawn.v1": _("withdrew version %(version)s of the class %(code)s"),
    "grades.changed.v1": _("changed the shares of the grades of the ground"),
    "class.switched.v1": _("switched the class %(code)s on or off for new cases"),
    "evaluation.scheme_changed.v1": _("changed the scheme %(scheme)s: version %(version)s, from %(valid_from)s"),
    "evaluation.points_given.v1": _("gave %(points)s points to %(key)s: %(component)s"),
    "evaluation.published.v1": _("published the evaluation from %(since)s to %(last)s"),
    "evaluation.appealed.v1": _("appealed against the case %(subject)s being counted"),
    "evaluation.appeal_signed.v1": _("granted the appeal about the case %(subject)s as the first of two"),
    "evaluation.appeal_decided.v1": _("decided the appeal about the case %(subject)s: %(state)s"),
    "evaluation.marked.v1": _("marked the case %(subject)s: %(score)s"),
    "evaluation.withdrawn.v1": _("withdrew the mark of the case %(subject)s"),
    "evaluation.report_planned.v1": _("set or ended that report %(plan)s of the evaluation comes by itself"),
    "evaluation.report_made.v1": _("made the report of the evaluation from %(since)s to %(last)s: %(state)s"),
    "evaluation.report_fetched.v1": _("fetched a report of the evaluation as %(format)s"),
    "registers.entered.v1": _("entered the record %(number)s in the register %(register)s"),
    "registers.amended.v1": _("changed fields of the record %(number)s in the register %(register)s"),
    "registers.moved.v1": _("took the step %(step)s with the record %(number)s in the register %(register)s"),
    "registers.linked.v1": _("linked the record %(number)s in the register %(register)s, or undid a link"),
    "registers.expiring.v1": _("noted that the term of the record %(number)s in the register %(register)s ends soon"),
    "registers.lapsed.v1": _("noted that the term of the record %(number)s in the register %(register)s has ended"),
    "registers.round_started.v1": _("began a round in the register %(register)s: %(subject)s"),
    "registers.overdue.v1": _("noted that the record %(number)s in the register %(register)s has waited too long"),
    "exchange.exported.v1": _("took away %(dataset)s as %(format)s"),
    "exchange.fetched.v1": _("fetched the file of an export: %(dataset)s as %(format)s, %(rows)s rows"),
    "exchange.imported.v1": _("took over a file: %(added)s new, %(changed)s changed, %(refused)s refused"),
    "message.arrived.v1": _("told people of the occasion %(occasion)s (message %(message)s)"),
    "message.read.v1": _("read %(messages)s messages"),
    "message.preferred.v1": _("chose what to be told, and quiet hours"),
    "message.template_changed.v1": _("changed what is said at %(occasion)s: version %(version)s"),
    "grid.collector_assigned.v1": _("sent person %(user_id)s to collect in the supervision area %(code)s"),
    "grid.collector_relieved.v1": _("relieved person %(user_id)s of collecting in the supervision area %(code)s"),
    "grid.supervision_area_dissolved.v1": _("dissolved the supervision area %(code)s with %(cells)s cells"),
    "grid.supervision_area_saved.v1": _(
        "saved the supervision area %(code)s: %(cells)s cells, %(added)s more and %(removed)s fewer than before"
    ),
    "grid.calendar_changed.v1": _("changed the calendar %(code)s, edition %(edition)s"),
    "assets.code_plan_saved.v1": _("set the plan of component codes to %(standard)s-%(edition)s, %(digits)s digits"),
    "grid.code_plan_saved.v1": _("set the plan of codes to %(standard)s-%(edition)s, cells of %(cell)s digits"),
    "grid.followed.v1": _("moved %(moved)s things (%(kind)s) into the cells of map %(version)s"),
    "grid.region_edited.v1": _("changed the region %(code)s of map version %(version)s by hand: %(act)s"),
    "grid.published.v1": _("put map %(version)s in force: %(regions)s regions, %(cells)s cells"),
    "grid.version_checked.v1": _("checked draft %(version)s of the map: %(problems)s problems"),
    "grid.version_discarded.v1": _("discarded draft %(version)s of the map with %(edits)s edits"),
    "grid.version_drafted.v1": _("began draft %(version)s of the map from version %(source)s"),
    "pack.applied.v1": _(
        "applied the pack %(code)s %(version)s: %(added)s new, %(changed)s changed, %(retired)s retired"
    ),
    "pack.retired.v1": _("retired the pack %(code)s"),
    "responsibility.overridden.v1": _(
        "made a special rule for class %(category)s; %(moved)s of %(replayed)s cases would have gone elsewhere"
    ),
    "responsibility.override_ended.v1": _(
        "ended the special rule for class %(category)s; %(moved)s of %(replayed)s cases would have gone elsewhere"
    ),
    "responsibility.general_changed.v1": _(
        "made a rule of the city for the duty %(duty)s; %(moved)s of %(replayed)s cases would have gone elsewhere"
    ),
    "responsibility.general_ended.v1": _(
        "ended the city’s general rule for the duty %(duty)s; %(moved)s of %(replayed)s cases would have gone elsewhere"
    ),
    "endpoint.changed.v1": _("set up where is sent by %(channel)s: %(endpoint)s"),
    "endpoint.switched.v1": _("switched the sending by %(channel)s to %(endpoint)s on or off"),
    "sending.given_up.v1": _("gave up a sending to %(endpoint)s after %(attempts)s attempts"),
    "sending.steered.v1": _("steered by hand %(count)s sendings to %(endpoint)s"),
    "hotline.partner_changed.v1": _("set up the partner %(partner)s"),
    "hotline.ticket_decided.v1": _("decided about the ticket %(subject)s of the partner %(partner)s"),
    "hotline.ticket_scored.v1": _("took over what the citizen said about the ticket %(subject)s: %(score)s"),
    "dispatching.rule_begun.v1": _(
        "put the rule of automatic dispatch “%(name)s” in force; of %(decided)s cases it decided in the replay, "
        "%(wrong)s had gone elsewhere"
    ),
    "dispatching.rule_ended.v1": _("ended the rule of automatic dispatch “%(name)s”"),
    "dispatching.caught_up.v1": _("had the rules dispatch %(cases)s cases that had waited while they were off"),
    "asking.changed.v1": _("changed who asks and who signs (%(subject)s)"),
    "asking.ended.v1": _("ended the city’s own word on who asks and who signs (%(subject)s)"),
    "machine.changed.v1": _("changed a machine outside that reports (%(subject)s)"),
    "bulk.begun.v1": _("began a bulk job with %(cases)s cases"),
    "bulk.ended.v1": _("ended a bulk job: %(done)s of %(cases)s cases done, %(refused)s refused"),
    "dispatching.switched.v1": _("switched automatic dispatch on or off"),
    "video.camera_added.v1": _("added the camera %(subject)s"),
    "video.camera_changed.v1": _("changed the camera %(subject)s"),
    "video.incident_cleared.v1": _("saw what camera %(camera)s had seen gone"),
    "video.incident_closed.v1": _("ended an incident of camera %(camera)s"),
    "video.incident_judged.v1": _("judged an incident of camera %(camera)s"),
    "video.incident_opened.v1": _("saw something at camera %(camera)s"),
    "video.incident_recurred.v1": _("saw it again at camera %(camera)s"),
    "video.picture_opened.v1": _("opened a sealed picture of camera %(subject)s"),
    "video.rule_suspended.v1": _("suspended a rule of camera %(subject)s"),
    "alarm.raised.v1": _("raised an alarm of rule %(rule)s at %(station)s: level %(level)s"),
    "alarm.rule_saved.v1": _("saved the alarm rule %(rule)s, version %(version)s"),
    "alarm.turned.v1": _("moved alarm %(alarm)s of rule %(rule)s at %(station)s: %(act)s, level %(level)s"),
    "enforcement.moved.v1": _("took the step %(verb)s in the case file %(number)s"),
    "enforcement.party_read.v1": _("read the party of the case file %(number)s"),
    "telemetry.device_added.v1": _("entered the device %(device)s"),
    "telemetry.device_changed.v1": _("changed the device %(device)s"),
    "telemetry.device_registered.v1": _("registered the terminal of the device %(device)s"),
    "telemetry.downlink_ended.v1": _("ended message %(downlink)s to the device %(device)s: %(state)s"),
    "telemetry.downlink_queued.v1": _("told the device %(device)s something (message %(downlink)s)"),
    "video.fault_closed.v1": _("found the fault of camera %(camera)s over: %(fault)s"),
    "video.fault_opened.v1": _("found a fault of camera %(camera)s: %(fault)s"),
    "video.rule_mode_changed.v1": _("changed what rule %(rule)s of camera %(camera)s may do: %(mode)s"),
    "video.verdict_taken_back.v1": _("took back a verdict on an incident of camera %(camera)s"),
    "video.zone_changed.v1": _("changed the zone %(zone)s of camera %(camera)s: revision %(revision)s"),
}
FIELDS = {
    "source": pgettext_lazy("field", "Source"),
    "lon": pgettext_lazy("field", "Longitude"),
    "lat": pgettext_lazy("field", "Latitude"),
    "place": pgettext_lazy("field", "Place"),
    "reported_at": pgettext_lazy("field", "Reported"),
    "incident": pgettext_lazy("field", "Incident"),
    "stage": pgettext_lazy("field", "Stage"),
    "organisation": pgettext_lazy("field", "Organisation"),
    "category": pgettext_lazy("field", "Class"),
    "due_at": pgettext_lazy("field", "Due"),
    "cell": pgettext_lazy("field", "Cell"),
    "priority": pgettext_lazy("field", "Priority"),
    "photo": pgettext_lazy("field", "Picture"),
    "role": pgettext_lazy("field", "Role"),
    "org": pgettext_lazy("field", "Organisation"),
    "area": pgettext_lazy("field", "Area"),
    "valid_from": pgettext_lazy("field", "From"),
    "valid_until": pgettext_lazy("field", "Until"),
    "active": pgettext_lazy("field", "Active"),
    "kind": pgettext_lazy("field", "Kind"),
    "level": pgettext_lazy("field", "Level"),
    "path": pgettext_lazy("field", "Path"),
    "permissions": pgettext_lazy("field", "Permissions"),
    "added": pgettext_lazy("field", "Added"),
    "removed": pgettext_lazy("field", "Removed"),
    "state": pgettext_lazy("field", "State"),
    "fault": pgettext_lazy("field", "Fault"),
    "cooperating": pgettext_lazy("field", "Cooperating"),
    "arbiter": pgettext_lazy("field", "Arbiter"),
    "district": pgettext_lazy("field", "District"),
    "score": pgettext_lazy("field", "Score"),
    "user_id": pgettext_lazy("field", "Person"),
    "method": pgettext_lazy("field", "Method"),
    "enabled": pgettext_lazy("field", "Switched on"),
    "fields": pgettext_lazy("field", "Changed fields"),
    "what": pgettext_lazy("field", "What"),
    "before": pgettext_lazy("field", "Before"),
    "after": pgettext_lazy("field", "After"),
    "parent": pgettext_lazy("field", "Parent"),
    "refusal": pgettext_lazy("field", "Reason"),
    "week": pgettext_lazy("field", "Week"),
    "members": pgettext_lazy("field", "Members"),
    "act": pgettext_lazy("field", "Act"),
    "organisations": pgettext_lazy("field", "Organisations"),
    "grants": pgettext_lazy("field", "Grants"),
}
FIRST = ("stage", "organisation", "active", "role", "added", "removed", "permissions", "state", "category")


class _Said(dict[str, Any]):
    """The data of an entry; what a sentence names and the entry lacks is a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def deed(kind: str, subject: str, data: Mapping[str, Any]) -> str:
    """What was done, as a sentence without its subject; the bare kind where nobody wrote one."""
    sentence = DEEDS.get(kind) or DEEDS.get(kind.rpartition(".")[0] + ".v1")
    return str(sentence) % _Said(data, subject=subject) if sentence else kind


def any_deed(kind: str) -> str:
    """What entries of a kind tell, whatever they are about."""
    return deed(kind, "…", {}).replace("—", "…")


@register.filter
def did(entry: Any) -> str:
    """What the actor of an entry did."""
    return deed(entry.kind, entry.subject, entry.data)


def telling_first(changes: Iterable[Any]) -> list[Any]:
    """The changes with those first that say most."""
    return sorted(changes, key=lambda one: FIRST.index(one.field) if one.field in FIRST else len(FIRST))


@register.filter
def field_name(code: str) -> str:
    """The name of a field of an entry."""
    return str(FIELDS.get(code, code))


@register.filter
def plainly(value: Any) -> str:
    """A value of an entry as text: yes and no, lists with commas, a dash for nothing."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, str) and value in STAGES:
        return str(STAGES[value])
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {plainly(held)}" for key, held in value.items())
    return ", ".join(map(plainly, value)) if isinstance(value, list | tuple) else str(value)
