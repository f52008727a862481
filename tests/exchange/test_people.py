"""People from a file: a dry run with a sentence for each wrong row, then accounts with posts and without passwords."""

import pytest

from accounts import actions
from accounts.models import User
from exchange.contracts import State
from tests.accounts.factories import ROOT, city, person, role
from tests.exchange.factories import ADMIN, checked, codes, imported

pytestmark = pytest.mark.django_db
HEAD = "工号,姓名,单位,手机号,岗位\n"


@pytest.fixture(autouse=True)
def _town(folder):
    city()
    role("desk", "desk", "case.see")
    role("leader", "supervise", "case.see")
    actions.create_post(organisation="appearance-449901", role="desk", actor=ROOT,
                        names={"zh": "市容调度", "en": "Desk"})  # fmt: skip
    actions.create_post(organisation="centre", role="leader", actor=ROOT, names={"zh": "值班长", "en": "Leader"})


@pytest.fixture
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


def test_sound_rows_become_accounts_with_posts_and_without_passwords():
    rows = "zhang,张三,机构appearance-449901,138 0000 0001,市容调度\nli,李四,centre,+8613800000002,值班长\n"
    job = imported(HEAD + rows, kind="people")
    assert (job.state, job.counts) == (
        State.DONE,
        {"add": 2, "change": 0, "same": 0, "refuse": 0, "retire": 0, "leave": 0},
    )
    zhang = User.objects.get(username="zhang")
    assert (zhang.phone, zhang.organisation.code, zhang.has_usable_password()) == (
        "13800000001", "appearance-449901", False,
    )  # fmt: skip
    assert zhang.grants.get().post.code == "appearance-449901-desk"
    again = checked(HEAD + rows, kind="people")
    assert again.report["counts"] == {"add": 0, "change": 0, "same": 2, "refuse": 0, "retire": 0, "leave": 0}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,甲,centre,13800000001,\na,乙,centre,13800000002,\n", [(2, "accounts.username_twice")]),
        ("a,甲,centre,13800000001,\nb,乙,centre,13800000001,\n", [(2, "accounts.phone_twice")]),
        ("a,甲,centre,13900000009,\n", [(1, "accounts.phone_taken")]),
        ("a,甲,centre,12345678901234,\n", [(1, "accounts.bad_phone")]),
        ("a,甲,centre,1.38E+10,\n", [(1, "exchange.code_mangled")]),
        ("a,甲,没有这个单位,,\n", [(1, "accounts.no_such_organisation")]),
        ("a,甲,centre,,没有这个岗位\n", [(1, "accounts.no_such_post_here")]),
        ("a,甲,,,值班长\n", [(1, "accounts.posts_need_organisation")]),
        ("a b,甲,centre,,\n", [(1, "accounts.bad_username")]),
        ("a,甲,centre,,值班长；appearance-449901-desk\n", [(1, "accounts.desk_and_supervises")]),
        ("root,甲,centre,,\n", [(1, "accounts.person_inactive")]),
    ],
)
def test_a_wrong_row_has_its_sentence_and_nothing_is_written(rows, expected):
    person("taken", "centre", phone="13900000009")
    gone = person("root", "centre")
    actions.change_person(gone.pk, active=False, actor=ROOT)
    before = User.objects.count()
    job = checked(HEAD + rows, kind="people")
    assert codes(job) == expected
    assert User.objects.count() == before


def test_a_wrong_row_costs_only_itself():
    job = imported(HEAD + "a,甲,centre,坏,\nb,乙,centre,,值班长\n", kind="people")
    assert (job.counts["add"], job.counts["refuse"]) == (1, 1)
    assert User.objects.filter(username__in=["a", "b"]).get().username == "b"


def test_nobody_gives_themselves_a_post_by_a_file():
    session = actions.PeopleFile(actor=ADMIN)
    assert session.judge([actions.PersonRow("x", "甲")])[0].outcome == "add"
    own = person("own", "centre")
    session = actions.PeopleFile(actor=type(ADMIN)(f"user:{own.pk}", "own", ADMIN.rights))
    (judged,) = session.judge([actions.PersonRow("own", "甲", "centre", posts="值班长")])
    assert [code for _name, code, _params in judged.faults] == ["accounts.imports_self"]
