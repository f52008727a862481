"""Two who write one upload at the same moment: one does, the other is told so and does not wait."""

import pytest
from django.db import connection

from core.errors import Locked
from exchange import actions
from exchange.adapters import pieces
from tests.cases.factories import Town
from tests.exchange.test_uploads import CONTENT, begun, browser, patched


def test_two_pieces_at_once_are_written_by_one_and_refused_to_the_other(real_town: Town) -> None:
    row, actor, client = begun(real_town), real_town.actor("collector"), browser(real_town)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM exchange_upload WHERE uid = %s FOR UPDATE", [row.uid])
            assert patched(client, row.uid, 0, CONTENT).status_code == 423
            with pytest.raises(Locked):
                actions.end_upload(row.uid, actor=actor)
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert patched(client, row.uid, 0, CONTENT).status_code == 204
    assert patched(client, row.uid, 0, CONTENT).status_code == 409
    assert pieces.read(row.uid) == CONTENT
