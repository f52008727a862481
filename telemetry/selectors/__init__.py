"""Questions about telemetry: each answers what stands on the ground of who asks."""

from telemetry.selectors.alarms import (
    STATES,
    Tried,
    alarm_row,
    alarm_to_report,
    alarms,
    alarms_of,
    alarms_waiting,
    counts,
    indicator_documents,
    metric_of,
    page_of,
    rule_documents,
    rule_names,
    rule_row,
    rules,
    tried,
    turns,
)
from telemetry.selectors.observations import (
    LONGEST,
    RAIN,
    Point,
    may,
    may_see_any,
    may_set_rules,
    rain_now,
    rains,
    series,
    station_row,
    stations,
    stream_of,
    streams_of,
    usual_bands,
    versions_in_force,
    views_of,
)

__all__ = [
    "LONGEST", "Point", "RAIN", "STATES", "Tried", "alarm_row", "alarm_to_report", "alarms", "alarms_of",
    "alarms_waiting", "counts", "indicator_documents", "may", "may_see_any", "may_set_rules", "metric_of", "page_of",
    "rain_now", "rains", "rule_documents", "rule_names", "rule_row", "rules", "series", "station_row", "stations",
    "stream_of", "streams_of", "tried", "turns", "usual_bands", "versions_in_force", "views_of",
]  # fmt: skip
