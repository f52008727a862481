"""Honest dwell on composed streets: every story ends as its ground truth says."""

import pytest

from tests.video.scenes import STORIES, Story, watched


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_a_rule_finds_what_stood_too_long_and_nothing_else(story: Story) -> None:
    """Precision and recall are 1.0 when it holds for each."""
    verdict = watched(story)
    found = verdict.of("violation")
    assert len(found) == story.violations
    assert all(story.earliest <= one.at <= story.earliest + 30 for one in found if story.earliest)
    assert len(verdict.of("cleared")) == story.cleared
    assert verdict.faults >= story.faults
    assert verdict.looks < story.seconds / 2
