"""The long story on a small city of its own: real processes, real RTSP, real inference, under kills."""

from collections.abc import Iterator

import pytest

from tests.walks.frame_to_score import Walk
from tests.walks.stack import Stack


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Stack]:
    """A running city."""
    with django_db_blocker.unblock(), Stack("walk") as stack:
        yield stack


# How long it takes is judged by `./run walk`, on a machine that does nothing else; here that it does not take for ever.
NOT_FOR_EVER_S = 60.0


def walk(stack: Stack, **how) -> Walk:
    return Walk(stack.base, f"http://127.0.0.1:{stack.control_port}", f"rtsp://127.0.0.1:{stack.rtsp_port}", **how)


@pytest.mark.rtsp
def test_a_frame_becomes_a_closed_case_with_a_mark_on_the_wall(city: Stack):
    walk(city, within_s=NOT_FOR_EVER_S).run()


@pytest.mark.rtsp
def test_the_walk_ends_though_each_process_is_killed_once_and_nothing_happens_twice(city: Stack):
    walk(city, kill=city.kill).run()
