"""Standard texts come in from files and go out equal; each wrong one is named by its row."""

import pytest
from django.test import Client

from cases import actions, selectors
from cases.models import StandardText
from exchange.contracts import State
from journal.models import Entry
from tests.accounts.factories import holder
from tests.exchange.factories import ADMIN, checked, codes, imported

pytestmark = pytest.mark.django_db
KIND = "standard_texts"
HEAD = "环节,小类,中文内容,英文内容,在用\n"


@pytest.fixture
def texts() -> list[StandardText]:
    return [
        actions.save_text(actor=ADMIN, verb="reject", zh="不属于受理范围，转 {class}", en="Not ours, see {class}"),
        actions.save_text(actor=ADMIN, verb="check_fail", category="E0407", zh="摊位仍在", en="Still there"),
    ]


@pytest.fixture
def root():
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


def exported(client: Client, suffix: str = "csv") -> bytes:
    return b"".join(client.get(f"/api/exports/{KIND}.{suffix}"))


def counts(job) -> dict[str, int]:
    return {name: count for name, count in (job.counts or job.report["counts"]).items() if count}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_goes_out_changes_nothing_and_makes_an_empty_installation_equal(texts, root, suffix):
    out, text = exported(root, suffix), exported(root)
    same = checked(out, f"a.{suffix}", kind=KIND)
    assert (codes(same), counts(same)) == ([], {"same": 2})
    StandardText.objects.all().delete()
    job = imported(out, f"a.{suffix}", kind=KIND)
    assert (job.state, codes(job), counts(job)) == (State.DONE, [], {"add": 2})
    assert exported(root) == text


def test_a_file_adds_changes_and_retires_and_what_it_leaves_out_stays(texts):
    text = HEAD + "核查不通过,e0407,摊位仍在,The stall is still there,\n不予受理,,照片不清,The picture is blurred,是\n"
    before = [selectors.text_told(row) for row in selectors.standard_texts()]
    assert counts(checked(text, kind=KIND)) == {"add": 1, "change": 1}
    assert [selectors.text_told(row) for row in selectors.standard_texts()] == before, "a dry run writes nothing"
    assert counts(imported(text, kind=KIND)) == {"add": 1, "change": 1}
    assert StandardText.objects.get(pk=texts[1].pk).texts["en"] == "The stall is still there"
    assert len(selectors.standard_texts()) == 3
    gone = HEAD + "check_fail,E0407,摊位仍在,The stall is still there,否\nclose,,从未有过,Never was,否\n"
    assert counts(imported(gone, kind=KIND)) == {"retire": 1, "leave": 1}
    assert StandardText.objects.get(pk=texts[1].pk).retired
    assert Entry.objects.filter(subject=f"text:{texts[1].pk}").count() == 3


def test_each_wrong_row_is_named_and_the_others_are_taken(texts):
    text = HEAD + "".join([
        "fly,,飞,Fly,\n",
        f"reject,{'E' * 21},甲,A,\n",
        "reject,,乙,,\n",
        "reject,,丙 {nobody},C {nobody},\n",
        f"reject,,{'丁' * 3000},D,\n",
        "reject,,戊,E,也许\n",
        "reject,,己,F,\n",
        "reject,,己,Other,\n",
    ])  # fmt: skip
    job = imported(text, kind=KIND)
    assert [code for _row, code in codes(job)] == [
        "text.unknown_step", "text.bad_class", "exchange.empty_cell", "text.strange_place", "text.length",
        "text.flag_unread", "text.twice",
    ]  # fmt: skip
    assert counts(job) == {"add": 1, "refuse": 7}


def test_only_who_administers_the_whole_city_takes_them_away():
    part = Client()
    part.force_login(holder("part", "admin", area="449900.449901"))
    assert part.get(f"/api/exports/{KIND}.csv").status_code == 403
