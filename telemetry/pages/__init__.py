"""HTML entrances of telemetry."""
