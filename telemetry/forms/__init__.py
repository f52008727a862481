"""Forms of telemetry."""
