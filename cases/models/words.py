"""The words for stages, verbs and sources, in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
    _("Sunday"),
)  # fmt: skip
STAGE_NAMES = {
    "reported": pgettext_lazy("stage", "Reported"),
    "verifying": pgettext_lazy("stage", "Being verified"),
    "accepted": pgettext_lazy("stage", "To be registered"),
    "registered": pgettext_lazy("stage", "To be dispatched"),
    "in_parts": pgettext_lazy("stage", "In parts"),
    "at_district": pgettext_lazy("stage", "At the district"),
    "dispatched": pgettext_lazy("stage", "Dispatched"),
    "handling": pgettext_lazy("stage", "Being handled"),
    "handled": pgettext_lazy("stage", "Handled"),
    "fed_back": pgettext_lazy("stage", "Fed back"),
    "checking": pgettext_lazy("stage", "Being checked"),
    "checked": pgettext_lazy("stage", "To be closed"),
    "rework": pgettext_lazy("stage", "To be reworked"),
    "returned": pgettext_lazy("stage", "Returned"),
    "closed": pgettext_lazy("stage", "Closed"),
    "rejected": pgettext_lazy("stage", "Rejected"),
    "voided": pgettext_lazy("stage", "Void"),
}
VERB_NAMES = {
    "report": pgettext_lazy("verb", "Report"),
    "locate": pgettext_lazy("verb", "Locate"),
    "send_verify": pgettext_lazy("verb", "Send to verify"),
    "verify": pgettext_lazy("verb", "Verify"),
    "accept": pgettext_lazy("verb", "Accept"),
    "reject": pgettext_lazy("verb", "Reject"),
    "register": pgettext_lazy("verb", "Register"),
    "refuse": pgettext_lazy("verb", "Refuse to register"),
    "dispatch_district": pgettext_lazy("verb", "Send to the district"),
    "dispatch": pgettext_lazy("verb", "Dispatch"),
    "assign": pgettext_lazy("verb", "Assign"),
    "revoke": pgettext_lazy("verb", "Take back the assignment"),
    "submit": pgettext_lazy("verb", "Submit the result"),
    "redo": pgettext_lazy("verb", "Have it redone"),
    "confirm": pgettext_lazy("verb", "Confirm"),
    "send_back": pgettext_lazy("verb", "Send back"),
    "send_check": pgettext_lazy("verb", "Send to check"),
    "check_pass": pgettext_lazy("verb", "Check passed"),
    "check_fail": pgettext_lazy("verb", "Check failed"),
    "refuse_feedback": pgettext_lazy("verb", "Refuse the feedback"),
    "rework": pgettext_lazy("verb", "Dispatch for rework"),
    "close": pgettext_lazy("verb", "Close"),
    "force_close": pgettext_lazy("verb", "Close by force"),
    "reopen": pgettext_lazy("verb", "Reopen"),
    "void": pgettext_lazy("verb", "Void the case"),
    "settle": pgettext_lazy("verb", "Settle on the spot"),
    "merge": pgettext_lazy("verb", "Merge into another"),
    "unmerge": pgettext_lazy("verb", "Undo the merging"),
    "split": pgettext_lazy("verb", "Split"),
    "unite": pgettext_lazy("verb", "Make whole again"),
}
SOURCE_NAMES = {
    "collector": pgettext_lazy("source", "Collector"),
    "citizen": pgettext_lazy("source", "Citizen"),
    "phone": pgettext_lazy("source", "Phone"),
    "hotline12345": pgettext_lazy("source", "12345 hotline"),
    "camera": pgettext_lazy("source", "Camera"),
    "sensor": pgettext_lazy("source", "Sensor"),
    "vehicle": pgettext_lazy("source", "Vehicle"),
    "leader": pgettext_lazy("source", "Leader"),
    "department": pgettext_lazy("source", "Another department"),
    "opinion": pgettext_lazy("source", "Media and public opinion"),
}
QUEUE_NAMES = {
    "mine": _("To do"),
    "open": _("All open"),
    "soon": _("About to breach"),
    "overdue": _("Overdue"),
    "unlocated": _("Unlocated"),
    "unclassified": _("Unclassified"),
    "coordination": _("To coordinate"),
    "pressed": _("Order unanswered"),
    "held": _("On hold"),
    "closed": _("Closed"),
}
REQUEST_QUEUE_NAMES = {
    "awaiting": _("Wait for me"),
    "mine": _("Asked by me"),
    "open": _("All undecided"),
    "decided": _("Decided"),
}
FILTER_NAMES = {
    "q": _("Words"),
    "queue": _("Queue"),
    "stage": _("Stage"),
    "category": _("Class"),
    "district": pgettext_lazy("filter", "District"),
    "source": _("Source"),
    "late": _("In time"),
    "open": pgettext_lazy("filter", "Ended"),
    "since": _("Reported since"),
    "until": _("Reported until"),
    "measure": pgettext_lazy("insights", "Measure"),
    "by": pgettext_lazy("insights", "Told apart by"),
    "versus": pgettext_lazy("insights", "Held against"),
    "area": pgettext_lazy("insights", "Area"),
    "cell": pgettext_lazy("insights", "Cell"),
    "near": pgettext_lazy("filter", "Near"),
    "whole": pgettext_lazy("filter", "No part of another"),
    "registered": pgettext_lazy("insights", "Registered"),
    "reworked": pgettext_lazy("insights", "Reworked"),
    "returned": pgettext_lazy("insights", "Returned"),
    "extended": pgettext_lazy("insights", "Extended"),
    "merged": pgettext_lazy("insights", "Merged into another"),
    "org": pgettext_lazy("insights", "Organisation"),
    "why": pgettext_lazy("insights", "What went wrong"),
    "satisfaction": pgettext_lazy("filter", "Satisfaction"),
    "flag": pgettext_lazy("filter", "Flag"),
    "month": pgettext_lazy("filter", "Month of the year"),
    "weekday": pgettext_lazy("filter", "Day of the week"),
    "hour": pgettext_lazy("filter", "Hour of the day"),
}
YES_NAMES = {"true": pgettext_lazy("filter", "yes"), "false": pgettext_lazy("filter", "no")}
DAY_NAMES = {str(number): day for number, day in enumerate(DAYS, 1)}
LATE_NAMES = {"true": _("late"), "false": _("not late")}
OPEN_NAMES = {"true": _("not ended"), "false": _("ended")}
PHASE_NAMES = {
    "report": pgettext_lazy("phase", "As reported"),
    "verify": pgettext_lazy("phase", "At the verification"),
    "handle": pgettext_lazy("phase", "After handling"),
    "check": pgettext_lazy("phase", "At the check"),
}
FILMING_NAMES = {
    "allowed": pgettext_lazy("clips", "may be sent"),
    "after": pgettext_lazy("clips", "asked for after handling"),
    "both": pgettext_lazy("clips", "asked for before and after"),
    "none": pgettext_lazy("clips", "not taken"),
}
MARK_NAMES = {
    "arrow": pgettext_lazy("mark", "Arrow"),
    "box": pgettext_lazy("mark", "Box"),
    "circle": pgettext_lazy("mark", "Circle"),
    "text": pgettext_lazy("mark", "Words"),
}
ROW_NAMES = {
    "top": pgettext_lazy("mark", "top"),
    "middle": pgettext_lazy("mark", "middle"),
    "bottom": pgettext_lazy("mark", "bottom"),
}
COLUMN_NAMES = {
    "left": pgettext_lazy("mark", "left"),
    "centre": pgettext_lazy("mark", "centre"),
    "right": pgettext_lazy("mark", "right"),
}
CLOCK_NAMES = {
    "stage": pgettext_lazy("clock", "Stage"),
    "handling": pgettext_lazy("clock", "Handling"),
    "total": pgettext_lazy("clock", "Total"),
}
TELL_NAMES = {
    "post": pgettext_lazy("told", "the post that has it"),
    "leader": pgettext_lazy("told", "its leader"),
    "district": pgettext_lazy("told", "district command"),
    "city": pgettext_lazy("told", "city command"),
}
LAMP_NAMES = {
    "green": pgettext_lazy("lamp", "green lamp: in time"),
    "yellow": pgettext_lazy("lamp", "yellow lamp: soon due"),
    "red": pgettext_lazy("lamp", "red lamp: overdue"),
    "off": pgettext_lazy("lamp", "no lamp"),
}
DAY_NAMES = {
    "free": pgettext_lazy("day", "day of rest"),
    "closed": pgettext_lazy("day", "holiday"),
    "extra": pgettext_lazy("day", "make-up day"),
    "work": pgettext_lazy("day", "working day"),
}
KIND_NAMES = {
    "event": pgettext_lazy("kind of case", "Event"),
    "component": pgettext_lazy("kind of case", "Component"),
}
REQUEST_NAMES = {
    "extension": pgettext_lazy("request", "Extension"),
    "hold": pgettext_lazy("request", "Hold"),
    "return": pgettext_lazy("request", "Return"),
    "void": pgettext_lazy("request", "Void"),
    "cancel": pgettext_lazy("request", "Cancellation"),
    "appeal": pgettext_lazy("request", "Appeal"),
    "force": pgettext_lazy("request", "Closing by force"),
}
REQUEST_STATES = {
    "open": pgettext_lazy("request state", "waiting for a signature"),
    "approved": pgettext_lazy("request state", "approved"),
    "refused": pgettext_lazy("request state", "refused"),
    "withdrawn": pgettext_lazy("request state", "withdrawn"),
    "lapsed": pgettext_lazy("request state", "lapsed"),
}
ORDER_NAMES = {
    "timeout": pgettext_lazy("order", "The case is late"),
    "leader": pgettext_lazy("order", "A leader asks"),
    "important": pgettext_lazy("order", "It matters"),
}
COORDINATION_NAMES = {
    "no_owner": _("Nobody answers for this case here."),
    "shirked": _("Several organisations have returned this case."),
}
ORDER_STATES = {
    "open": pgettext_lazy("order state", "answer awaited"),
    "overdue": pgettext_lazy("order state", "answer overdue"),
    "replied": pgettext_lazy("order state", "answered"),
    "late": pgettext_lazy("order state", "answered late"),
}
BESIDE_NAMES = {
    "ask": pgettext_lazy("verb", "Ask"),
    "sign": pgettext_lazy("verb", "Sign"),
    "approve": pgettext_lazy("verb", "Approve"),
    "decline": pgettext_lazy("verb", "Refuse the request"),
    "withdraw": pgettext_lazy("verb", "Withdraw the request"),
    "resume": pgettext_lazy("verb", "Resume"),
    "order": pgettext_lazy("verb", "Issue a supervision order"),
    "reply": pgettext_lazy("verb", "Answer the order"),
    "coordinate": pgettext_lazy("verb", "Coordinate"),
    "reschedule": pgettext_lazy("verb", "Reschedule"),
    "archive": pgettext_lazy("verb", "Closed before it came here"),
    "absorb": pgettext_lazy("verb", "A duplicate was merged in"),
    "release": pgettext_lazy("verb", "A duplicate was taken out again"),
    "visit": pgettext_lazy("verb", "Called back"),
    "flag": pgettext_lazy("verb", "Flagged"),
    "unflag": pgettext_lazy("verb", "Flag taken away"),
    "not_taken": pgettext_lazy("verb", "Shirked: the return was refused, and still nobody took the case"),
}
SATISFACTION_NAMES = {
    "satisfied": pgettext_lazy("satisfaction", "Satisfied"),
    "fair": pgettext_lazy("satisfaction", "Fairly satisfied"),
    "unsatisfied": pgettext_lazy("satisfaction", "Not satisfied"),
    "unreached": pgettext_lazy("satisfaction", "Not reached"),
}
PERSONAL_NAMES = {
    "look": pgettext_lazy("personal data", "Looked at who reported"),
    "keep": pgettext_lazy("personal data", "Legal hold on personal data"),
    "release": pgettext_lazy("personal data", "Legal hold ended"),
    "erase": pgettext_lazy("personal data", "Personal data erased"),
}
LOOK_GROUNDS = {
    "callback": pgettext_lazy("why somebody looks", "To call back or tell the result"),
    "clarify": pgettext_lazy("why somebody looks", "To ask for the place or the facts"),
    "verify": pgettext_lazy("why somebody looks", "To look into a complaint or an appeal"),
    "rights": pgettext_lazy("why somebody looks", "The person asks for their own data"),
    "authority": pgettext_lazy("why somebody looks", "A court or an authority demands it"),
}
ERASE_GROUNDS = {
    "retention": pgettext_lazy("why it was erased", "its time was over"),
    "request": pgettext_lazy("why it was erased", "the person asked for it"),
}
_PLACES = {
    "description": pgettext_lazy("words", "Description"),
    "address": pgettext_lazy("words", "Address"),
    "incident": pgettext_lazy("words", "Incident"),
    "attributes": pgettext_lazy("words", "Answer"),
    "clue": pgettext_lazy("words", "Further report"),
    "move": pgettext_lazy("words", "Step"),
    "request": pgettext_lazy("words", "Request"),
    "order": pgettext_lazy("words", "Supervision order"),
}


def place_of_words(place: str) -> str:
    """Which words of a case somebody wrote: `move.3.note` is “Step 3”, `attributes.MARK` is “Answer MARK”."""
    sort, _dot, rest = place.partition(".")
    return " ".join(filter(None, (str(_PLACES.get(sort, sort)), rest.split(".")[0])))


LIKENESS_LINES = {
    "rule": _("the same problem by the city's rule: one class within %(metres)s m and %(hours)s hours"),
    "place": _("%(metres)s m away"),
    "class": _("the same class"),
    "major": _("a class of the same kind, or not known yet"),
    "time": _("%(hours)s hours apart"),
    "words": _("words alike: %(share)s%%"),
    "picture": _("the same picture"),
    "look": _("a picture that looks the same (%(bits)s of 64 bits differ)"),
}
DUTY_NAMES = {
    "collect": pgettext_lazy("duty", "Collector"),
    "accept": pgettext_lazy("duty", "Acceptor"),
    "supervise": pgettext_lazy("duty", "Supervision"),
    "command.city": pgettext_lazy("duty", "City command"),
    "command.district": pgettext_lazy("duty", "District command"),
    "desk": pgettext_lazy("duty", "Department desk"),
    "handle": pgettext_lazy("duty", "Handler"),
    "evaluate": pgettext_lazy("duty", "Evaluation"),
}
LEVEL_NAMES = {
    "city": pgettext_lazy("level", "City"),
    "district": pgettext_lazy("level", "District"),
    "street": pgettext_lazy("level", "Street"),
    "community": pgettext_lazy("level", "Community"),
}
_ALL = {**LEVEL_NAMES, **STAGE_NAMES, **REQUEST_NAMES, **BESIDE_NAMES, **VERB_NAMES}


class Word(str):
    """A code that is itself in JSON and a word of the reader's language in a sentence."""

    def __str__(self) -> str:
        code = str.__str__(self)
        return str(_ALL[code]) if code in _ALL else code


MAJOR_NAMES = {
    "C01": pgettext_lazy("major class", "Public utilities"),
    "C02": pgettext_lazy("major class", "Road traffic facilities"),
    "C03": pgettext_lazy("major class", "City appearance facilities"),
    "C04": pgettext_lazy("major class", "Landscaping facilities"),
    "C05": pgettext_lazy("major class", "Other components"),
    "E01": pgettext_lazy("major class", "City appearance"),
    "E02": pgettext_lazy("major class", "Advertising"),
    "E03": pgettext_lazy("major class", "Construction"),
    "E04": pgettext_lazy("major class", "Street order"),
    "E05": pgettext_lazy("major class", "Emergencies"),
    "E06": pgettext_lazy("major class", "Other events"),
}
LEVEL_NAMES = {
    "city": pgettext_lazy("level", "city"),
    "district": pgettext_lazy("level", "district"),
    "street": pgettext_lazy("level", "street"),
    "community": pgettext_lazy("level", "community"),
}
REASON_LINES = {
    "class_duty": _("Class %(category)s is the duty “%(duty)s”."),
    "class_without_duty": _("Class %(category)s names no duty."),
    "duty_without_rule": _("Class %(category)s is the duty “%(duty)s”, and no rule says who answers for it."),
    "own_rule": _("The city’s own general rule %(id)s says who answers for it: %(reason)s"),
    "special": _("A special rule for this class in this area gives it to %(name)s: %(reason)s"),
    "special_beside": _("A special rule for this class in this area changes who helps or arbitrates: %(reason)s"),
    "special_gone": _("A special rule named %(name)s, which is no longer active; the general rule counts."),
    "nearest": _("One organisation for each %(by)s answers for “%(duty)s”; the nearest one here is %(name)s."),
    "no_organisation": _("One organisation for each %(by)s would answer for “%(duty)s”, but none is there."),
    "rivals": _("Equally near: %(names)s. %(name)s comes first in the tree and is taken; settle this."),
    "cooperates": _("%(name)s cooperates: it carries the duty “%(duty)s” here."),
    "cooperates_by_special": _("%(name)s cooperates by the special rule."),
    "arbiter": _("%(name)s settles a dispute: the nearest centre that is not party to it."),
    "arbiter_by_special": _("%(name)s settles a dispute by the special rule."),
    "no_arbiter": _("Nobody is there to settle a dispute."),
}
DISPATCH_KINDS = {
    "sent": _("Dispatched by rule"),
    "returned": _("Of those, came back"),
    "left": _("Left to people"),
}
MEASURE_NAMES = {
    "reported": pgettext_lazy("measure", "Cases reported"),
    "valid": pgettext_lazy("measure", "Share registered"),
    "closed": pgettext_lazy("measure", "Share closed"),
    "on_time": pgettext_lazy("measure", "Share closed in time"),
    "reworked": pgettext_lazy("measure", "Share reworked"),
    "returned": pgettext_lazy("measure", "Share returned"),
    "untrue": pgettext_lazy("measure", "Share untrue or void"),
    "minutes": pgettext_lazy("measure", "Median time to close"),
}
GROUP_NAMES = {
    "none": pgettext_lazy("group", "nothing, one number"),
    "source": pgettext_lazy("group", "source"),
    "district": pgettext_lazy("group", "district"),
    "street": pgettext_lazy("group", "street"),
    "cell": pgettext_lazy("group", "cell"),
    "org": pgettext_lazy("group", "organisation"),
    "category": pgettext_lazy("group", "class"),
    "month": pgettext_lazy("group", "month"),
    "week": pgettext_lazy("group", "week"),
    "day": pgettext_lazy("group", "day"),
    "weekday": pgettext_lazy("group", "day of the week"),
    "hour": pgettext_lazy("group", "hour of the day"),
}
CAUSE_NAMES = {
    "late": pgettext_lazy("cause", "Late"),
    "returned": pgettext_lazy("cause", "Returned"),
    "reworked": pgettext_lazy("cause", "Reworked"),
    "redone": pgettext_lazy("cause", "Redone by the department"),
    "reopened": pgettext_lazy("cause", "Reopened"),
    "refused": pgettext_lazy("cause", "Not taken on"),
    "voided": pgettext_lazy("cause", "Void"),
}
LATE_REASONS = {
    "straight": _("Nothing else had gone wrong: it took too long"),
    "returned": _("It had been returned"),
    "reworked": _("It had to be reworked"),
    "extended": _("Its limit had been extended"),
}
NO_REASON_SAID = _("no reason stated")
SEASON_NAMES = {
    "month": _("Months of the year"),
    "weekday": _("Days of the week"),
    "hour": _("Hours of the day"),
}
VERSUS_NAMES = {
    "none": pgettext_lazy("versus", "nothing"),
    "before": pgettext_lazy("versus", "the same time before"),
    "year": pgettext_lazy("versus", "the same days a year before"),
}
