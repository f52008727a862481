"""What beat sends to registers."""

from celery import shared_task

from registers import actions


@shared_task(name="registers.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Records whose moment has come have been told of: reminders, lapses, overdue states."""
    while actions.sweep():
        pass
