"""What beat sends to cases."""

from celery import shared_task

from cases import actions


@shared_task(name="cases.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Holds whose day has come are over; what is late has told so, once; cases stand where organisations do."""
    actions.end_holds()
    actions.sweep()
    actions.sweep_orders()
    actions.follow_organisations()
