"""Paths of telemetry."""

from django.urls import path

from telemetry.pages import alarms, gauges, rules
from telemetry.pages import devices as pages
from telemetry.rest import alarms as rest_alarms
from telemetry.rest import devices as rest
from telemetry.rest import observations as rest_observations

urlpatterns = [
    path("alarms/", alarms.desk, name="alarms"),
    path("alarms/<int:pk>/", alarms.alarm, name="alarm"),
    path("alarms/<int:pk>/<slug:verb>/", alarms.act, name="alarm-act"),
    path("alarm-rules/", rules.rules, name="alarm-rules"),
    path("alarm-rules/<slug:code>/", rules.rule, name="alarm-rule"),
    path("gauges/<slug:code>/", gauges.station, name="gauge-station"),
    path("flooding/", gauges.flooding, name="flooding"),
    path("flooding/rain/<int:pk>/end/", gauges.end_rain, name="rain-end"),
    path("api/observations", rest_observations.ObservationsView.as_view(), name="api-observations"),
    path("api/stations", rest_observations.StationsView.as_view(), name="api-stations"),
    path("api/stations/<slug:code>", rest_observations.StationRestView.as_view(), name="api-station"),
    path("api/stations/<slug:code>/<slug:stream>", rest_observations.SeriesView.as_view(), name="api-series"),
    path("api/alarms", rest_alarms.AlarmsView.as_view(), name="api-alarms"),
    path("api/alarms/<int:pk>", rest_alarms.AlarmView.as_view(), name="api-alarm"),
    path("api/alarms/<int:pk>/<slug:act>", rest_alarms.AlarmActView.as_view(), name="api-alarm-act"),
    path("api/alarm-rules", rest_alarms.RulesView.as_view(), name="api-alarm-rules"),
    path("api/alarm-rules/<slug:code>", rest_alarms.RuleView.as_view(), name="api-alarm-rule"),
    path("api/alarm-rules/<slug:code>/dry-run", rest_alarms.RuleTryView.as_view(), name="api-alarm-rule-try"),
    path("api/rain-warnings", rest_alarms.RainsView.as_view(), name="api-rain-warnings"),
    path("api/rain-warnings/<int:pk>", rest_alarms.RainView.as_view(), name="api-rain-warning"),
    path("devices/", pages.devices, name="devices"),
    path("devices/new/", pages.new, name="device-new"),
    path("devices/<slug:code>/", pages.device, name="device"),
    path("devices/<slug:code>/texts/", pages.tell, name="device-tell"),
    path("devices/<slug:code>/switch/", pages.switch, name="device-switch"),
    path("api/devices", rest.Devices.as_view(), name="api-devices"),
    path("api/devices/<slug:code>", rest.OneDevice.as_view(), name="api-device"),
    path("api/devices/<slug:code>/downlinks", rest.DeviceDownlinks.as_view(), name="api-device-downlinks"),
]
