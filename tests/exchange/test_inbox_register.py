"""The register's own news: who proposed a change hears what became of it, a surveyor of the streets given to them."""

import pytest

from accounts.selectors import actor_of
from assets import actions as register
from exchange import selectors
from tests.accounts.factories import holder
from tests.assets.factories import put, row, types
from tests.exchange.post import adopt_base, carried, newest, told
from tests.grid.factories import put_map

CODE, JIN = "4499010137000001", "449900.449901"
WEST, EAST = "449901001001", "449901001002"
RULES = {"grounds": [{"code": "open_area", "names": {"zh": "开放", "en": "Open"}}],
         "sampling": {"share": 1, "least": 0, "threshold": 0}}  # fmt: skip


@pytest.fixture
def people(db, settings, tmp_path):
    """A keeper of the register, two collectors, and one lamp."""
    settings.MEDIA_ROOT = tmp_path
    put_map()
    types()
    put(row(CODE))
    adopt_base()
    keeper = holder("keeper", "component.edit", "component.propose", area=JIN)
    made = [keeper, *(holder(name, "component.propose", area=JIN) for name in ("field", "other"))]
    carried()
    return made


def test_whoever_proposed_a_change_hears_what_became_of_it(people):
    keeper, field, other = people
    given = {"kind": "changed", "key": "key-one-1", "code": CODE, "reason": "倾斜", "given": {"state": "damaged"}}
    request = register.propose(actor=actor_of(field), **given)
    register.accept_request(request.pk, actor=actor_of(keeper))
    carried()
    assert told(field) == ["component.decided"]
    message = newest(field).message
    assert message.titles == {"zh": "部件变更申请已采纳", "en": "Your change request was accepted"}
    assert message.href == f"/component-requests/{request.pk}/"
    assert told(keeper) == told(other) == []
    withdrawn = register.propose(actor=actor_of(field), **{**given, "key": "key-two-2"})
    register.withdraw_request(withdrawn.pk, actor=actor_of(field))
    carried()
    assert len(told(field)) == 1, "taking back one's own request is no news"


def test_a_surveyor_hears_of_every_street_in_one_message_when_the_census_begins(people):
    keeper, field, other = people
    register.save_census_rules(RULES, pack="test")
    boss = actor_of(keeper)
    streets = [{"code": code, "surveyor": field.pk} for code in (WEST, EAST)]
    census = register.plan_census(actor=boss, title="金港普查", area=JIN, types=["street_light"], streets=streets)
    carried()
    assert told(field) == [], "nobody is told of a plan"
    register.start_census(census.pk, actor=boss)
    carried()
    assert told(field) == ["census.assigned"]
    assert "金港普查" in newest(field).message.bodies["zh"]
    register.hand_in(census.pk, WEST, actor=actor_of(field))
    register.send_back(census.pk, WEST, actor=boss, reason="漏了北侧")
    carried()
    assert told(field) == ["census.sent_back", "census.assigned"]
    register.assign_street(census.pk, WEST, actor=boss, surveyor=other.pk)
    carried()
    assert told(other) == ["census.sent_back"]
    assert len(told(field)) == 2
    assert selectors.unread(actor_of(field)) == 2
