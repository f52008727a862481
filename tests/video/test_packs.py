"""Rule templates come from packs: checked, compared, applied, retired."""

import pytest

from tests.video.factories import ADMIN
from video import selectors
from video.manifest import VideoRules

RULE = {
    "code": "vendor",
    "names": {"zh": "流动摊贩", "en": "Street vendor"},
    "labels": ["stall"],
    "dwell_seconds": 300,
    "category": "E0203",
    "mode": "shadow",
}
LIBRARY = {"a": {"categories": [{"code": "E0203"}]}}


def pack(*rules: dict[str, object]) -> dict[str, object]:
    return {"code": "a", "video_rules": list(rules)}


def test_an_unknown_class_or_threshold_is_a_problem() -> None:
    handler = VideoRules()
    assert handler.check(pack(RULE), LIBRARY) == []
    wrong = RULE | {"category": "E9999", "thresholds": {"min_score": 0.5, "magic": 1}}
    assert [one.code for one in handler.check(pack(wrong), LIBRARY)] == [
        "video.unknown_category",
        "video.unknown_threshold",
    ]


@pytest.mark.django_db
def test_a_template_is_added_changed_retired_and_revived() -> None:
    handler = VideoRules()
    assert [one.what for one in handler.diff(pack(RULE))] == ["add"]
    handler.apply(pack(RULE), ADMIN)
    assert handler.diff(pack(RULE)) == []
    longer = RULE | {"dwell_seconds": 600}
    (change,) = handler.diff(pack(longer))
    assert (change.what, change.fields) == ("change", {"dwell_seconds": (300.0, 600.0)})
    handler.apply(pack(longer), ADMIN)
    assert [one.what for one in handler.diff(pack())] == ["retire"]
    handler.apply(pack(), ADMIN)
    assert list(selectors.templates()) == []
    assert [one.what for one in handler.diff(pack(longer))] == ["revive"]
    handler.apply(pack(longer), ADMIN)
    assert selectors.templates().get().dwell_seconds == 600
