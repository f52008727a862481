"""What beat sends to cases."""

from celery import shared_task

from cases import actions


@shared_task(name="cases.tasks.tick", ignore_result=True, soft_time_limit=50, time_limit=55)
def tick() -> None:
    """Holds whose day has come are over; every clock that reached a rung has told so, and every late order, once."""
    actions.end_holds()
    actions.sweep()
    actions.sweep_orders()


@shared_task(name="cases.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Cases stand where their organisations do."""
    actions.follow_organisations()
