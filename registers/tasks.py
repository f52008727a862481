"""What beat sends to registers."""

from time import monotonic

from celery import shared_task

from registers import actions

FOR_A_RUN_S = 40


@shared_task(name="registers.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Records whose moment has come have been told of: reminders, lapses, overdue states."""
    while actions.sweep():
        pass


@shared_task(name="registers.tasks.start_rounds", ignore_result=True, soft_time_limit=50, time_limit=55)
def start_rounds() -> None:
    """Rounds whose moment has come have begun; what a minute is too short for goes on in the next one."""
    end = monotonic() + FOR_A_RUN_S
    while actions.start_rounds() and monotonic() < end:
        pass
