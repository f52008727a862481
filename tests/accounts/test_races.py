"""Two administrators at the same moment must not give one person what nobody may hold together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts import actions, selectors
from accounts.models import Grant
from core.errors import Conflict
from tests.accounts.factories import ROOT, person, role

pytestmark = pytest.mark.django_db(transaction=True)


def together(*verbs):
    """What each verb answered, all begun at the same moment in threads of their own."""
    start = Barrier(len(verbs))

    def run(verb):
        try:
            start.wait(60)
            return verb()
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def test_handle_and_supervise_granted_at_once_leave_one_of_them():
    made = person()
    role("handler", "handle")
    role("leader", "supervise")
    for _ in range(5):
        told = together(
            *(lambda code=code: actions.grant(user=made.pk, role=code, actor=ROOT) for code in ("handler", "leader"))
        )
        assert told.count("accounts.handles_and_supervises") == 1
        assert len({"handle", "supervise"} & set(selectors.actor_of(made).rights)) == 1
        actions.revoke(Grant.objects.get(revoked_by="").pk, actor=ROOT)


def test_a_role_that_learns_to_supervise_while_its_holder_learns_to_handle():
    made = person()
    role("handler", "handle")
    for turn in range(5):
        code = f"helper-{turn}"
        role(code, "case.see")
        actions.grant(user=made, role=code, actor=ROOT)
        told = together(
            lambda: actions.grant(user=made.pk, role="handler", actor=ROOT),
            lambda code=code: role(code, "supervise"),
        )
        assert told.count("accounts.handles_and_supervises") == 1
        assert len({"handle", "supervise"} & set(selectors.actor_of(made).rights)) == 1
        for grant_id in Grant.objects.filter(revoked_by="").values_list("pk", flat=True):
            actions.revoke(grant_id, actor=ROOT)


def test_the_same_grant_given_at_once_is_one_grant():
    made = person()
    role("viewer", "case.see")
    told = together(*[lambda: actions.grant(user=made.pk, role="viewer", actor=ROOT).pk] * 4)
    assert len(set(told)) == 1
    assert Grant.objects.count() == 1
