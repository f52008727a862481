"""Celery's way in: an import is worked on, and one whose worker died is asked for again. Ids only."""

from celery import shared_task

from exchange import actions


@shared_task(name="exchange.tasks.work", ignore_result=True, soft_time_limit=1500, time_limit=1560)
def work(uid: str) -> None:
    """The import has gone as far as it can without a person."""
    actions.work(uid)


@shared_task(name="exchange.tasks.write_export", ignore_result=True, soft_time_limit=3000, time_limit=3060)
def write_export(uid: str) -> None:
    """The export has its file, or another worker goes on with it."""
    actions.write_export(uid)


@shared_task(name="exchange.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """No import and no export waits for a worker that is gone."""
    actions.unfinished()
    actions.unfinished_exports()


@shared_task(name="exchange.tasks.send_due", ignore_result=True, soft_time_limit=270, time_limit=280)
def send_due() -> None:
    """What is due to leave was tried."""
    actions.send_due()


@shared_task(name="exchange.tasks.send_replies", ignore_result=True, soft_time_limit=80, time_limit=90)
def send_replies() -> None:
    """Partners are told what is due."""
    actions.send_replies()


@shared_task(name="exchange.tasks.fetch_tickets", ignore_result=True, soft_time_limit=280, time_limit=300)
def fetch_tickets() -> None:
    """What partners have is fetched, and nothing kept is left lying, of machines neither."""
    actions.process_left()
    actions.process_left_calls()
    actions.pull_due()


@shared_task(name="exchange.tasks.forget", ignore_result=True, soft_time_limit=300, time_limit=330)
def forget() -> None:
    """Messages are kept as long as they are of use, and so are uploads that nobody goes on with, and exports."""
    actions.drop_abandoned()
    actions.drop_exports()
    actions.drop_uploads()
    actions.forget_requests()
    actions.forget_calls()
    while actions.forget_messages():
        continue
    while actions.forget_sendings():
        continue
