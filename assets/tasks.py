"""Celery's way in: a census is written into the register, and one whose worker died goes on. Ids only."""

from celery import shared_task

from assets import actions


@shared_task(name="assets.tasks.write_census", ignore_result=True, soft_time_limit=1500, time_limit=1560)
def write_census(project: int) -> None:
    """The census is in the register."""
    actions.write_census(project)


@shared_task(name="assets.tasks.follow_map", ignore_result=True, soft_time_limit=1500, time_limit=1560)
def follow_map() -> None:
    """Components stand in the cells of the map in force."""
    actions.follow_map()


@shared_task(name="assets.tasks.sweep", ignore_result=True, soft_time_limit=1500, time_limit=1560)
def sweep() -> None:
    """No census waits for a worker that is gone."""
    actions.unfinished_censuses()
