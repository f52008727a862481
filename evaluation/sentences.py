"""The sentence for each code evaluation may raise."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "evaluation.scheme": _("The scheme %(scheme)s cannot be used: %(problem)s."),
    "evaluation.no_scheme": _("No evaluation scheme is in force. Apply the base pack first."),
    "evaluation.period": _("Choose a week, a month, a quarter, a year, or up to 366 days."),
    "evaluation.level": _("There is no board with such lines."),
    "evaluation.measure": _("There is no measure called %(given)s."),
    "evaluation.table": _("There is no such table of measures."),
    "evaluation.scheme_level": _("The scheme %(scheme)s does not judge such lines."),
    "evaluation.no_such_scheme": _("There is no scheme %(code)s."),
    "evaluation.scheme_moved_on": _("Somebody changed the scheme meanwhile; it is in version %(version)s now."),
    "evaluation.scheme_published": _("A period that begins on or after this day is published. Choose a later day."),
    "evaluation.not_evaluator": _("Only who evaluates the whole of this area may do this."),
    "evaluation.needs_reason": _("Say why, in %(most)s characters at most."),
    "evaluation.no_such_component": _("Nobody gives points for %(given)s in this scheme."),
    "evaluation.points": _("Give between 0 and %(most)s points."),
    "evaluation.publish_calendar": _("Only a week, a month, a quarter or a year is published."),
    "evaluation.period_runs": _("The period is not over yet."),
    "evaluation.published": _("This period was published before. What was published does not change."),
    "evaluation.nothing_to_publish": _("There is no line to publish."),
    "evaluation.no_such_region": _("There is no region %(given)s."),
    "evaluation.no_such_publication": _("There is no such publication, or you may not see it."),
    "evaluation.not_your_case": _("Only the department that has the case may appeal."),
    "evaluation.no_such_case": _("There is no such case, or you may not see it."),
    "evaluation.exempt_already": _("The case is exempt already."),
    "evaluation.appealed_already": _("This case was appealed before."),
    "evaluation.no_such_appeal": _("There is no such appeal, or you may not see it."),
    "evaluation.not_judge": _("Somebody who evaluates here and did not ask must decide."),
    "evaluation.appeal_decided": _("The appeal is decided already."),
}
