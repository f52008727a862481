"""Masking: what is personal never comes out whole, and what is not stays as it was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.personal import NO_NAMES, Person, masked_identity, masked_mail, masked_name, masked_phone, masked_words

NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=5).filter(
    lambda name: name not in NO_NAMES
)
PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
MAILS = st.from_regex(r"[a-z]{1,12}@[a-z]{1,8}\.(com|cn)", fullmatch=True)
AROUND = st.text(st.sampled_from("，。 请联系井盖坏了路口\n"), max_size=12)


@pytest.mark.parametrize(
    ("mask", "whole", "shown"),
    [
        (masked_name, "张三丰", "张**"),
        (masked_name, "张三", "张*"),
        (masked_name, "张", "*"),
        (masked_name, "热心市民", "热心市民"),
        (masked_phone, "13812345678", "138****5678"),
        (masked_phone, "+86 138 1234 5678", "138****5678"),
        (masked_phone, "0754-88881234", "075*****1234"),
        (masked_phone, "88881234", "******34"),
        (masked_phone, "请打我家", "***"),
        (masked_identity, "440106199001011234", "440***********1234"),
        (masked_mail, "zhang@example.com", "z***@example.com"),
        (masked_mail, "z@example.com", "*@example.com"),
    ],
)
def test_each_datum_has_its_mask(mask, whole, shown):
    assert mask(whole) == shown


def test_nothing_stays_nothing():
    assert Person().shown() == Person()


@settings(max_examples=40)
@given(NAMES, PHONES, MAILS, st.lists(AROUND, min_size=4, max_size=4))
def test_words_never_hold_what_is_known_of_a_person_and_are_never_longer(name, phone, mail, around):
    spelled = f"{phone[:3]}-{phone[3:7]} {phone[7:]}"
    text = around[0] + name + around[1] + phone + around[2] + mail + around[3] + " " + spelled
    shown = masked_words(text, Person(name, phone, mail))
    assert name not in shown
    assert phone not in shown
    assert mail not in shown
    assert spelled not in shown
    assert len(shown) <= len(text)
    assert masked_words(shown, Person(name, phone, mail)) == shown, "masked twice is masked once"


@pytest.mark.parametrize(
    "text",
    [
        "案件 44990120261116000001 在单元网格 449901001001003",
        "部件 4499010137000001，2026-11-13 上报，长 1250 毫米",
        "粤A12345 占道停放",
        "热线工单 20261113001234",
    ],
)
def test_numbers_of_cases_components_and_plates_stay(text):
    assert masked_words(text) == text


def test_what_names_nobody_leaves_the_words_readable():
    told = "市民反映：群众聚集，业主投诉"
    for name in ("市民", "群众", "业主", "Anonymous"):
        assert masked_words(told + " anonymous", Person(name=name)) == told + " anonymous"
    assert masked_words("王市民反映", Person(name="王市民")) == "王**反映"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话０１３８", "电话０１３８"),
        ("电话１３８１２３４５６７８。", "电话138****5678。"),
        ("身份证44050119900101123X", "身份证440***********123X"),
        ("2026-11-13 15512345678", "2026-11-13 155****5678"),
    ],
)
def test_full_width_and_dates_beside_numbers_are_told_apart(text, shown):
    assert masked_words(text) == shown
