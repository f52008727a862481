"""What people read when telemetry refuses something."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "telemetry.not_yours": _("Alarms of this ground are not for you to see or to handle."),
    "telemetry.not_admin": _("Only an administrator of the whole city sets up gauges and rules of alarms."),
    "telemetry.no_station": _("There is no station %(station)s that you may see."),
    "telemetry.no_alarm": _("There is no alarm %(alarm)s that you may see."),
    "telemetry.no_rule": _("There is no rule of alarms called %(rule)s."),
    "telemetry.no_stream": _("There is no stream %(stream)s that this sender may write to."),
    "telemetry.bad_value": _("The value of %(stream)s is no number that can be measured."),
    "telemetry.bad_moment": _(
        "The time of %(stream)s cannot be read; write it with its offset, as in 2026-06-01T08:00:00+08:00."
    ),
    "telemetry.from_the_future": _("The time of %(stream)s lies in the future."),
    "telemetry.too_old": _("The reading of %(stream)s is too old to be taken."),
    "telemetry.reading_differs": _("%(stream)s has told another value for the same moment already."),
    "telemetry.bad_batch": _("A batch is a list of at most %(most)s observations."),
    "telemetry.machine_needed": _("Say which machine sends (X-Machine) and prove it with its key."),
    "telemetry.stale": _("It has changed meanwhile: it is now version %(current)s. Look at it again."),
    "telemetry.alarm_over": _("The alarm is over; this is not possible any more."),
    "telemetry.reason_needed": _("Say why."),
    "telemetry.bad_text": _("A text has at most %(most)s printable characters."),
    "telemetry.no_assignee": _("Nobody of that name handles alarms there."),
    "telemetry.bad_shelf": _("An alarm is shelved until a moment within the next %(days)s days."),
    "telemetry.bad_filter": _("The filter %(filter)s does not understand this."),
    "telemetry.bad_span": _("The time asked for begins before it ends and is at most %(days)s days long."),
    "telemetry.only_levels_tried": _("Only rules over values can be tried on the past."),
    "telemetry.too_much_tried": _("That is more than %(most)s readings; try fewer days."),
    "telemetry.bad_rule": _("The rule cannot be read at %(where)s: %(rule)s."),
    "telemetry.bands_needed": _("A rule over values has at least one band."),
    "telemetry.bands_order": _("Each band must lie above the one before."),
    "telemetry.debounce_order": _("More readings are needed than are looked at."),
    "telemetry.case_level": _("There is no band for the level from which a case is opened."),
    "telemetry.kind_stays": _("A rule stays of its kind; write another one instead."),
    "telemetry.bad_code": _("A code has at most 40 letters, digits, hyphens and underscores."),
    "telemetry.outside_grid": _("This place lies outside the map."),
    "telemetry.not_your_area": _("You do not handle alarms in this area."),
    "telemetry.bad_rain": _("A rain warning ends within the next %(hours)s hours."),
    "telemetry.no_rain": _("There is no such rain warning on your ground."),
}
