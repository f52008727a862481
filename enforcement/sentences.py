"""What people read when the law, or the file as it stands, refuses something."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "enforcement.bad_limits": _("The limits of a city do not fit: terms are at least a day, and at least two discuss."),
    "enforcement.cause_not_in_force": _("The clause was not in force on %(day)s, the day of the act (%(article)s)."),
    "enforcement.chair_investigates": _("Who investigated does not chair the hearing (%(article)s)."),
    "enforcement.challenged": _("A review or suit is on; wait for its outcome (%(article)s)."),
    "enforcement.court_only": _("No law lets the agency enforce this itself; the court is asked (%(article)s)."),
    "enforcement.court_too_late": _("The court could be asked until %(until)s (%(article)s)."),
    "enforcement.credential_lapsed": _(
        "The credential of %(officer)s is not valid today; it ends on %(until)s (%(article)s)."
    ),
    "enforcement.decision_too_late": _("The term for the decision ended on %(until)s (%(article)s)."),
    "enforcement.extended_enough": _("The term is extended at most %(most)s times (%(article)s)."),
    "enforcement.fine_and_kind": _(
        "Name a fine where “fine” is among the penalties, and none where it is not (%(article)s)."
    ),
    "enforcement.hearing_asked_already": _("A hearing was asked for already (%(article)s)."),
    "enforcement.hearing_not_called": _("The hearing has not been called yet (%(article)s)."),
    "enforcement.hearing_not_yet": _("The hearing is on %(day)s (%(article)s)."),
    "enforcement.hearing_open": _("A hearing may still be asked for until %(until)s (%(article)s)."),
    "enforcement.hearing_too_late": _("A hearing could be asked for until %(until)s (%(article)s)."),
    "enforcement.hearing_too_soon": _(
        "The party is told seven working days ahead: %(first)s at the earliest (%(article)s)."
    ),
    "enforcement.heavier_than_told": _(
        "Not harder than what was told (%(fine)s yuan), and no other kind: nobody is punished for "
        "pleading (%(article)s)."
    ),
    "enforcement.investigates_too": _("Who investigates the file neither reviews nor decides it (%(article)s)."),
    "enforcement.kind_not_in_clause": _("The clause does not know this kind of penalty (%(article)s)."),
    "enforcement.limitation": _(
        "The act can no longer be punished: %(years)s years were over on %(until)s (%(article)s)."
    ),
    "enforcement.list_not_signed": _("The list is made in two copies and signed (%(article)s)."),
    "enforcement.lodged_already": _("It is lodged with the agency already (%(article)s)."),
    "enforcement.measure_lapsed": _("The measure ended on %(until)s; it is not prolonged any more (%(article)s)."),
    "enforcement.more_than_owed": _(
        "No more than %(owed)s yuan is owed; the surcharge never passes the fine (%(article)s)."
    ),
    "enforcement.needs_amount": _("Say how much (%(article)s)."),
    "enforcement.needs_band": _("A fine wants a band of the published discretion (%(article)s)."),
    "enforcement.needs_chair": _("Name who chairs the hearing (%(article)s)."),
    "enforcement.needs_consent": _("Electronic service needs the party's signed consent (%(article)s)."),
    "enforcement.needs_discussion": _("It is complex or grave: the heads discuss it together first (%(article)s)."),
    "enforcement.needs_how": _("Say how the plea ended: heard, waived in writing, or its time is over (%(article)s)."),
    "enforcement.needs_kinds": _("Name the penalty (%(article)s)."),
    "enforcement.needs_members": _("At least %(least)s discuss it (%(article)s)."),
    "enforcement.needs_minutes": _("Write the minutes of the discussion (%(article)s)."),
    "enforcement.needs_opinion": _("Write the opinion of the legal review (%(article)s)."),
    "enforcement.needs_plea": _("Write what the party said (%(article)s)."),
    "enforcement.needs_reason": _("Say why; the record tells the whole way (%(article)s)."),
    "enforcement.needs_receipt": _("No service without a receipt (%(article)s)."),
    "enforcement.needs_recheck": _("Write what the party said and how it was checked again (%(article)s)."),
    "enforcement.needs_record": _("Write the record of the hearing (%(article)s)."),
    "enforcement.needs_review": _("No decision without a legal review here (%(article)s)."),
    "enforcement.needs_said": _("Write what the party said to the urging (%(article)s)."),
    "enforcement.needs_spare_ground": _("Name a ground on which the law spares (%(article)s)."),
    "enforcement.needs_summary": _("Write what was found (%(article)s)."),
    "enforcement.needs_things": _("List what is held (%(article)s)."),
    "enforcement.needs_title": _("Say what the evidence is (%(article)s)."),
    "enforcement.needs_waiver": _("A waiver is in writing (%(article)s)."),
    "enforcement.needs_way": _("Say how it was served (%(article)s)."),
    "enforcement.needs_witness": _("Who leaves a paper somewhere names a witness (%(article)s)."),
    "enforcement.night_or_holiday": _(
        "Nothing is enforced at night or on days of rest, except in an emergency (%(article)s)."
    ),
    "enforcement.no_cash": _(
        "Who fines does not collect: cash only up to %(most)s yuan, or where it could not be collected "
        "later (%(article)s)."
    ),
    "enforcement.no_cause": _("Without a clause of the power list there is no penalty (%(article)s)."),
    "enforcement.no_credential": _("Somebody named here has no credential for enforcement (%(article)s)."),
    "enforcement.no_evidence": _("Nothing is concluded without evidence (%(article)s)."),
    "enforcement.no_hearing_right": _("This penalty gives no right to a hearing (%(article)s)."),
    "enforcement.no_machine": _("A machine files, fines and decides nothing (%(article)s)."),
    "enforcement.no_measure": _("There is no such measure on (%(article)s)."),
    "enforcement.no_notice": _("No decision without notice (%(article)s)."),
    "enforcement.no_step": _("There is no step %(verb)s."),
    "enforcement.not_challenged": _("No review or suit is on (%(article)s)."),
    "enforcement.not_examined": _("Electronic records are examined before they are used (%(article)s)."),
    "enforcement.not_in_default": _("Nothing is overdue (%(article)s)."),
    "enforcement.not_lodged": _("A decision on the spot is lodged with the agency first (%(article)s)."),
    "enforcement.not_of_the_file": _("This is no officer of the file (%(article)s)."),
    "enforcement.not_on_the_spot": _("On the spot only a warning or a fine is imposed (%(article)s)."),
    "enforcement.not_ordinary": _("A file of the simple procedure is decided on the spot (%(article)s)."),
    "enforcement.not_paid": _("%(owed)s yuan are still owed (%(article)s)."),
    "enforcement.not_performed": _("What the decision asks for has not been done (%(article)s)."),
    "enforcement.not_qualified": _("The reviewer needs a valid legal qualification (%(article)s)."),
    "enforcement.not_simple": _("This file goes the ordinary way (%(article)s)."),
    "enforcement.not_the_chair": _("Only the chair that was named holds the hearing (%(article)s)."),
    "enforcement.not_your_file": _("You are no officer of this file (%(article)s)."),
    "enforcement.not_your_office": _("“%(verb)s” is not for your role here."),
    "enforcement.nothing_owed": _("Nothing is owed (%(article)s)."),
    "enforcement.nothing_to_examine": _("There is no electronic record that was not examined (%(article)s)."),
    "enforcement.nothing_to_perform": _("The decision asks for nothing beside money (%(article)s)."),
    "enforcement.out_of_band": _("The band reaches from %(low)s to %(high)s yuan (%(article)s)."),
    "enforcement.over_simple_limit": _("On the spot at most %(most)s yuan (%(article)s)."),
    "enforcement.plan_does_not_sum": _(
        "The parts of the plan come to %(fine)s yuan, one after the other, the first not before today (%(article)s)."
    ),
    "enforcement.plan_too_late": _("Instalments are asked for before anything is overdue (%(article)s)."),
    "enforcement.plea_open": _("The party may plead until %(until)s (%(article)s)."),
    "enforcement.preservation_ends": _(
        "Registered preservation is not prolonged: decide about the things within seven days (%(article)s)."
    ),
    "enforcement.prolonged_already": _("It was prolonged once; that is all (%(article)s)."),
    "enforcement.recused": _("%(officer)s has stepped back from this file (%(article)s)."),
    "enforcement.remedies_open": _(
        "The time for review and suit ends on %(until)s; nothing is forced before (%(article)s)."
    ),
    "enforcement.remedy_lapsed": _("The time for it ended on %(until)s (%(article)s)."),
    "enforcement.rights_not_told": _("Tell the party facts, basis and its rights first (%(article)s)."),
    "enforcement.service_day": _("A decision is served on its day or later, and not in the future (%(article)s)."),
    "enforcement.still_held": _("%(many)s measures are still on; lift them first (%(article)s)."),
    "enforcement.two_officers": _("At least two officers act; the file has %(many)s (%(article)s)."),
    "enforcement.urge_open": _("The party may answer the urging until %(until)s (%(article)s)."),
    "enforcement.wrong_stage": _("“%(verb)s” is not possible now: the file stands at “%(stage)s”."),
    "enforcement.no_dossier": _("There is no file %(number)s that you may see."),
    "enforcement.not_yours": _("You do not open files on this ground."),
    "enforcement.stale": _(
        "File %(number)s has changed meanwhile: you saw version %(given)s, it is now version %(current)s."
    ),
    "enforcement.version_needed": _("Say which version of the file you saw (If-Match)."),
    "enforcement.bad_filter": _("The filter %(filter)s does not understand “%(value)s”."),
    "enforcement.bad_field": _("“%(label)s” does not fit."),
    "enforcement.unknown_field": _("The step does not ask for “%(field)s”."),
    "enforcement.unknown_cause": _("There is no such cause in the power list."),
    "enforcement.act_in_future": _("The act cannot lie in the future."),
    "enforcement.place_outside": _("This place lies outside the map."),
    "enforcement.needs_place": _("Give the place, or open the file from a case."),
    "enforcement.needs_party": _("Name the party."),
    "enforcement.bad_text": _("A text is too long, or holds characters that cannot be kept."),
    "enforcement.case_has_file": _("Case %(case)s has the file %(number)s already."),
    "enforcement.may_not_see_party": _("You may not see who the party is."),
    "enforcement.may_not_unmask": _("You may not see the party whole."),
    "enforcement.needs_ground": _("Choose why the party is to be seen whole, and say it in words."),
    "enforcement.too_many_looks": _("At most %(most)s looks an hour; later it goes on."),
    "enforcement.not_admin": _("Only an administrator does this."),
    "enforcement.no_document": _("There is no such paper of this file."),
    "enforcement.seal_broken": _("The seal of this paper is broken: what is stored is not what was sealed."),
    "enforcement.no_template": _("There is no such template."),
    "enforcement.bad_template": _("The template names places that no paper fills: %(places)s."),
    "enforcement.key_taken": _("This key was used for another file; take a new one."),
}
