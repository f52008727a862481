"""Figures read at the moment Prometheus asks: the journal's lag, the workers' heartbeat, telemetry's counts."""

from collections.abc import Iterator

import redis
from django.db import DatabaseError
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cityops import heartbeat
from evaluation import selectors as evaluation
from journal import selectors as journal
from telemetry import selectors as telemetry


def _gauge(name: str, meaning: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


class CityCollector(Collector):
    """Asks when asked; a part that cannot be reached leaves its gauges out, which is an alarm of its own."""

    def describe(self) -> list[Metric]:
        """Nothing up front, so that registering does not query the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Journal first, then workers, then telemetry."""
        yield from self._journal()
        yield from self._workers()
        yield from self._telemetry()

    def _telemetry(self) -> Iterator[Metric]:
        told = telemetry.counted()
        if told.counts:
            counts = {name: float(many) for name, many in told.counts.items()}
            yield _gauge("cityops_telemetry_count", "What gateway and store have counted", "what", counts)

    def _journal(self) -> Iterator[Metric]:
        try:
            lag, uncounted = journal.lag(), len(evaluation.parked())
        except DatabaseError:
            return
        yield GaugeMetricFamily("cityops_journal_unnumbered", "Entries without a number", value=lag.unnumbered)
        yield GaugeMetricFamily(
            "cityops_journal_unnumbered_seconds", "Age of the oldest of them", value=lag.unnumbered_s
        )
        yield GaugeMetricFamily("cityops_journal_parked", "Entries a subscriber could not digest", value=lag.parked)
        yield GaugeMetricFamily("cityops_facts_parked", "Cases that evaluation could not count", value=uncounted)
        seen = {"relay": lag.relay_seen_s, "deliver": lag.deliver_seen_s}
        known = {name: age for name, age in seen.items() if age is not None}
        yield _gauge("cityops_journal_seen_seconds", "Since the process was last seen", "process", known)
        behind = {cursor.subscriber: float(cursor.behind) for cursor in lag.cursors}
        yield _gauge("cityops_journal_cursor_behind", "Entries a subscriber has yet to take", "subscriber", behind)
        seconds = {cursor.subscriber: cursor.seconds for cursor in lag.cursors}
        yield _gauge("cityops_journal_cursor_seconds", "Age of the first of them", "subscriber", seconds)

    def _workers(self) -> Iterator[Metric]:
        try:
            ages = heartbeat.ages()
        except redis.RedisError:
            return
        known = {queue: age for queue, age in ages.items() if age is not None}
        yield _gauge("cityops_worker_heartbeat_seconds", "Since a worker last served the queue", "queue", known)


CITY = CollectorRegistry(auto_describe=False)
CITY.register(CityCollector())
