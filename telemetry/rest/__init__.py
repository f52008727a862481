"""JSON entrances of telemetry."""
