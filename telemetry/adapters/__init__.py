"""What telemetry reaches outside of Django's models: the streams of Redis, and its tables by COPY."""
