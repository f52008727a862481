"""The public words of telemetry; each subject has its own file."""
