"""What beat sends to accounts."""

from celery import shared_task

from accounts import actions


@shared_task(name="accounts.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Every move and closing whose time has come has been carried out, or refused with its reason."""
    actions.carry_out_plans()
