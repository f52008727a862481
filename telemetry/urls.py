"""Paths of telemetry."""

from django.urls import path

from telemetry.pages import devices as pages
from telemetry.rest import devices as rest

urlpatterns = [
    path("devices/", pages.devices, name="devices"),
    path("devices/new/", pages.new, name="device-new"),
    path("devices/<slug:code>/", pages.device, name="device"),
    path("devices/<slug:code>/texts/", pages.tell, name="device-tell"),
    path("devices/<slug:code>/switch/", pages.switch, name="device-switch"),
    path("api/devices", rest.Devices.as_view(), name="api-devices"),
    path("api/devices/<slug:code>", rest.OneDevice.as_view(), name="api-device"),
    path("api/devices/<slug:code>/downlinks", rest.DeviceDownlinks.as_view(), name="api-device-downlinks"),
]
