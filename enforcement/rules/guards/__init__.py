"""Every guard by the name that the table calls it; first those of the file itself, then those of what was given."""

from collections.abc import Mapping

from enforcement.rules.guards import aftermath, inquiry, people
from enforcement.rules.guards.saying import Guard

STATE: Mapping[str, Guard] = {
    "person": people.person, "acting": people.acting, "two_officers": people.two_officers,
    "credentials": people.credentials, "recusal": people.recusal, "not_investigator": people.not_investigator,
    "legal_reviewer": people.legal_reviewer, "chair_acts": people.chair_acts, "simple": inquiry.simple,
    "ordinary": inquiry.ordinary, "cause_in_force": inquiry.cause_in_force, "limitation": inquiry.limitation,
    "evidence": inquiry.evidence, "examined": inquiry.examined, "unexamined": inquiry.unexamined,
    "noticed": inquiry.noticed, "plea_over": inquiry.plea_over, "hearing_right": inquiry.hearing_right,
    "hearing_asked_in_time": inquiry.hearing_asked_in_time, "hearing_called": inquiry.hearing_called,
    "hearing_day": inquiry.hearing_day, "hearing_over": inquiry.hearing_over, "review_done": inquiry.review_done,
    "discussion_done": inquiry.discussion_done, "in_time": inquiry.in_time, "extensible": inquiry.extensible,
    "released": aftermath.released, "not_lodged": aftermath.not_lodged, "lodged": aftermath.lodged,
    "owing": aftermath.owing, "not_challenged": aftermath.not_challenged, "challenged": aftermath.challenged,
    "in_default": aftermath.in_default, "to_perform": aftermath.to_perform, "performed": aftermath.performed,
    "paid_up": aftermath.paid_up, "urge_heard": aftermath.urge_heard, "urge_over": aftermath.urge_over,
    "own_force": aftermath.own_force, "remedies_lapsed": aftermath.remedies_lapsed,
    "suit_lapsed": aftermath.suit_lapsed, "court_in_time": aftermath.court_in_time,
}  # fmt: skip
INPUT: Mapping[str, Guard] = {
    "officers": people.officers, "of_the_file": people.of_the_file, "chair": people.chair, "members": people.members,
    "reason": people.reason, "opinion": people.opinion, "minutes": people.minutes, "kinds": inquiry.kinds,
    "in_band": inquiry.in_band, "simple_kinds": inquiry.simple_kinds, "simple_limit": inquiry.simple_limit,
    "told_at_once": inquiry.told_at_once, "rights_told": inquiry.rights_told, "plea": inquiry.plea,
    "plea_not_heavier": inquiry.plea_not_heavier, "hearing_ahead": inquiry.hearing_ahead,
    "spare_ground": inquiry.spare_ground, "service_day": inquiry.service_day, "title": inquiry.title,
    "summary": inquiry.summary, "record": inquiry.record, "receipt": inquiry.receipt, "measure": aftermath.measure,
    "seizure": aftermath.seizure, "not_prolonged": aftermath.not_prolonged, "not_lapsed": aftermath.not_lapsed,
    "list_signed": aftermath.list_signed, "service_fits": aftermath.service_fits, "amount": aftermath.amount,
    "not_more": aftermath.not_more, "cash_allowed": aftermath.cash_allowed, "plan": aftermath.plan,
    "remedy_open": aftermath.remedy_open, "by_day": aftermath.by_day, "things": aftermath.things,
    "said": aftermath.said,
}  # fmt: skip
GUARDS: Mapping[str, Guard] = {**STATE, **INPUT}
NEEDS = frozenset(GUARDS)
