"""The consumer that stores: from the streams of Redis into the tables of the days. Not through the ORM."""

from telemetry.store.consumer import Consumer

__all__ = ["Consumer"]
