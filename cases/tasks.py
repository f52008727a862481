"""What beat sends to cases."""

from celery import shared_task

from cases import actions


@shared_task(name="cases.tasks.tick", ignore_result=True, soft_time_limit=50, time_limit=55)
def tick() -> None:
    """Holds whose day has come are over; clocks at a rung, late orders and shirked cases have told so, once."""
    actions.end_holds()
    actions.sweep()
    actions.sweep_orders()
    actions.sweep_untaken()


@shared_task(name="cases.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Cases stand where their organisations do; pictures that came in the same moment have seen one another."""
    actions.follow_organisations()
    actions.look_again()


@shared_task(name="cases.tasks.scan", ignore_result=True, soft_time_limit=100, time_limit=110)
def scan() -> None:
    """The scanner has looked at the pictures that wait for it; those that it does not get to wait for the next run."""
    while actions.scan_waiting():
        pass


@shared_task(name="cases.tasks.replay", ignore_result=True, soft_time_limit=1500, time_limit=1560)
def replay() -> None:
    """Replays of rules that people asked for are done, one after another."""
    while actions.replay_waiting():
        pass


@shared_task(name="cases.tasks.work_bulk", ignore_result=True, soft_time_limit=110, time_limit=120)
def work_bulk() -> None:
    """The step with many cases that waits longest has gone on for a while."""
    actions.work_bulk()


@shared_task(name="cases.tasks.prepare_clips", ignore_result=True, soft_time_limit=700, time_limit=720)
def prepare_clips() -> None:
    """The clip that waits longest for its public copy has it; the next one's turn comes with the next run."""
    actions.prepare_clip()


@shared_task(name="cases.tasks.erase", ignore_result=True, soft_time_limit=280, time_limit=300)
def erase() -> None:
    """What is kept long enough goes, personal data batch after batch; what time does not allow waits."""
    actions.drop_replays()
    actions.drop_bulk_jobs()
    while actions.erase_due():
        pass
