"""The gateway: listeners for terminals, gauges and stacks. Nothing is acknowledged before Redis holds it."""

from telemetry.gateway.server import Gateway, Settings

__all__ = ["Gateway", "Settings"]
