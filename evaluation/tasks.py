"""What beat sends to evaluation."""

from celery import shared_task

from evaluation import actions, forms


@shared_task(name="evaluation.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Every case of which there was news has its fact kept anew."""
    while actions.sweep_news():
        pass


@shared_task(name="evaluation.tasks.forget", ignore_result=True, soft_time_limit=300, time_limit=330)
def forget() -> None:
    """Files of reports are kept for two years."""
    actions.drop_reports()


@shared_task(name="evaluation.tasks.reports", ignore_result=True, soft_time_limit=1500, time_limit=1560)
def reports() -> None:
    """Every report that is due is made."""
    actions.make_reports(forms.file_of)
