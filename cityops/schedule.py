"""All periodic work, in one list. Tasks are named by string; beat only sends, workers do."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A task is sent every `seconds` to `queue`; unsent runs expire so that they never pile up."""

    task: str
    seconds: float
    queue: str = "default"
    args: tuple[str, ...] = ()


ENTRIES = (
    Entry("cityops.tasks.beat_default", 20),
    Entry("cityops.tasks.beat_video", 20, queue="video"),
    Entry("journal.tasks.sweep", 15),
    Entry("journal.tasks.tidy", 3600),
    Entry("accounts.tasks.sweep", 60),
    Entry("exchange.tasks.sweep", 30),
    Entry("exchange.tasks.forget", 3600),
    Entry("exchange.tasks.send_due", 5),
    Entry("exchange.tasks.send_replies", 10),
    Entry("exchange.tasks.fetch_tickets", 10),
    Entry("assets.tasks.sweep", 60),
    Entry("assets.tasks.follow_map", 60),
    Entry("telemetry.tasks.sweep", 60),
    Entry("telemetry.tasks.follow", 300),
    Entry("registers.tasks.sweep", 60),
    Entry("registers.tasks.start_rounds", 60),
    Entry("telemetry.tasks.keep_position_days", 3600),
    Entry("telemetry.tasks.expire_downlinks", 60),
    Entry("cases.tasks.tick", 2),
    Entry("cases.tasks.sweep", 60),
    Entry("cases.tasks.scan", 5),
    Entry("cases.tasks.replay", 5),
    Entry("cases.tasks.work_bulk", 2),
    Entry("cases.tasks.prepare_clips", 5),
    Entry("cases.tasks.erase", 3600),
    Entry("evaluation.tasks.sweep", 10),
    Entry("evaluation.tasks.reports", 60),
    Entry("evaluation.tasks.forget", 3600),
    Entry("video.tasks.reconcile", 10),
    Entry("video.tasks.follow_map", 60),
)


def beat_schedule() -> dict[str, dict[str, object]]:
    """The list in Celery's spelling."""
    return {
        entry.task: {
            "task": entry.task,
            "schedule": entry.seconds,
            "args": list(entry.args),
            "options": {"queue": entry.queue, "expires": entry.seconds * 2},
        }
        for entry in ENTRIES
    }
