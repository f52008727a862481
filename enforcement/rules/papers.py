"""The papers of a file: which there are, when each is made, its words with places, and the chain of seals. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from enforcement.contracts import Names

PLACE = re.compile(r"\{([a-z_]+)\}")
PLACES = frozenset({
    "number", "agency", "party", "party_kind", "identity", "phone", "address", "place", "act_on", "about", "cause",
    "violated", "basis", "officers", "credentials", "evidence", "summary", "kinds", "fine", "fine_words", "band",
    "order", "plea_until", "hearing_until", "hearing_on", "chair", "said", "rechecked", "opinion", "members",
    "minutes", "record", "reason", "things", "until", "pay_until", "reconsider_until", "suit_until", "way", "receipt",
    "witness", "decision", "decided_on", "owed", "urge_until", "today", "title", "served_on",
})  # fmt: skip


OPTIONAL = frozenset({"order", "reason"})


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper: its code, names, the word in its number, and its words; `to_party` bears seal and receipt."""

    code: str
    names: Names
    mark: str
    body: str
    to_party: bool = False


def _k(code: str, zh: str, en: str, mark: str, body: str, *, to_party: bool = False) -> PaperKind:
    return PaperKind(code, {"zh": zh, "en": en}, mark, body.strip(), to_party)


_FACTS = "经查，{party}于 {act_on} 在{place}实施“{cause}”行为：{summary}"
_PUNISH = "上述行为违反了{violated}，依据{basis}，适用裁量档次“{band}”，"

KINDS: Mapping[str, PaperKind] = {
    one.code: one
    for one in (
        _k("filing", "立案审批表", "Filing approval", "立", """
案由：{cause}
当事人：{party}（{party_kind}）
地点：{place}
违法行为日期：{act_on}
案情摘要：{about}
承办人：{officers}
审批意见：符合立案条件，同意立案。{reason}"""),
        _k("inspection", "现场检查（勘验）笔录", "Record of inspection", "勘", """
检查地点：{place}
检查人员：{officers}（执法证号：{credentials}），检查时已出示执法证件，并告知当事人有申请回避的权利。
当事人：{party}
检查情况：{title}
当事人意见：
见证人："""),
        _k("preservation", "先行登记保存通知书", "Notice of registered preservation", "存", """
{party}：
因你（单位）涉嫌{cause}，依据《行政处罚法》第五十六条，决定对下列物品先行登记保存，保存期间不得销毁或者转移，\
本机关将于 {until} 前作出处理决定。
物品清单：{things}""", to_party=True),
        _k("seizure", "查封（扣押）决定书", "Decision of seizure", "扣", """
{party}：
因你（单位）涉嫌{cause}，依据《行政强制法》第十八条、第二十四条，决定对下列财物予以查封（扣押），期限三十日，\
至 {until} 止。
财物清单（一式二份）：{things}
你（单位）有权陈述、申辩，并可以自收到本决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。""", to_party=True),
        _k("correction", "责令改正通知书", "Order to correct", "改", """
{party}：
你（单位）在{place}的行为涉嫌{cause}。依据《行政处罚法》第二十八条，责令你（单位）：{order}。""", to_party=True),
        _k("report", "调查终结报告", "Report of the investigation", "终", """
当事人：{party}
案由：{cause}
查明的事实：{summary}
证据：{evidence}
调查人员：{officers}"""),
        _k("notice", "行政处罚事先告知书", "Notice before a penalty", "告", f"""
{{party}}：
{_FACTS}
{_PUNISH}本机关拟对你（单位）作出以下行政处罚：{{kinds}}，罚款 {{fine}} 元（大写：{{fine_words}}）。
依据《行政处罚法》第四十四条、第四十五条，你（单位）可以在 {{plea_until}} 前陈述和申辩，逾期未提出的视为放弃。\
本机关不因陈述、申辩给予更重的处罚。""", to_party=True),
        _k("hearing_told", "听证告知书", "Notice of the right to a hearing", "听告", """
{party}：
本机关拟对你（单位）作出：{kinds}，罚款 {fine} 元。依据《行政处罚法》第六十三条、第六十四条，\
你（单位）有要求听证的权利，可以在 {hearing_until} 前提出，逾期视为放弃。""", to_party=True),
        _k("hearing_called", "听证通知书", "Notice of a hearing", "听通", """
{party}：
根据你（单位）的申请，本机关定于 {hearing_on} 在{place}举行听证，主持人：{chair}。你（单位）可以亲自参加，\
也可以委托一至二人代理；有权申请主持人回避。""", to_party=True),
        _k("hearing_record", "听证笔录", "Record of the hearing", "听录", """
主持人：{chair}
当事人：{party}
案由：{cause}
听证记录：{record}"""),
        _k("plea", "陈述申辩笔录", "Record of the plea", "辩", """
当事人：{party}
案由：{cause}
陈述申辩内容：{said}
复核情况：{rechecked}"""),
        _k("review", "法制审核意见", "Opinion of the legal review", "审", """
案由：{cause}
当事人：{party}
拟处罚：{kinds}，罚款 {fine} 元
审核意见：{opinion}"""),
        _k("discussion", "集体讨论笔录", "Record of the discussion", "讨", """
案由：{cause}
参加人员：{members}
讨论记录：{minutes}"""),
        _k("decision", "行政处罚决定书", "Decision of a penalty", "决", f"""
{{party}}（证件号码：{{identity}}；住址：{{address}}）：
{_FACTS}
上述事实有以下证据证明：{{evidence}}。本机关已依法履行事先告知程序。
{_PUNISH}本机关决定对你（单位）作出以下行政处罚：{{kinds}}，罚款 {{fine}} 元（大写：{{fine_words}}）。{{order}}
罚款应当自收到本决定书之日起十五日内缴至指定银行或者通过电子支付系统缴纳。到期不缴纳的，每日按罚款数额的百分之三加处罚款，\
加处罚款的数额不超出罚款的数额。
如不服本决定，可以自收到之日起六十日内申请行政复议，或者六个月内向人民法院提起行政诉讼。逾期不申请复议、\
不起诉又不履行的，本机关将依法强制执行或者申请人民法院强制执行。""", to_party=True),
        _k("decision_on_spot", "当场行政处罚决定书", "Decision on the spot", "当决", """
{party}（证件号码：{identity}）：
你（单位）于 {act_on} 在{place}实施“{cause}”行为，违反了{violated}，依据{basis}，当场决定：{kinds}，\
罚款 {fine} 元（大写：{fine_words}）。{order}
处罚前已告知事实、理由、依据和权利，当事人意见：{said}
如不服本决定，可以自收到之日起六十日内申请行政复议，或者六个月内提起行政诉讼。""", to_party=True),
        _k("receipt", "送达回证", "Receipt of service", "送", """
受送达人：{party}
送达文书：{decision}
送达方式：{way}
送达日期：{served_on}
回证凭据：{receipt}
见证人：{witness}"""),
        _k("urging", "催告书", "Urging", "催", """
{party}：
本机关于 {decided_on} 作出的 {decision} 已经送达，你（单位）逾期未履行，现欠缴 {owed} 元。\
依据《行政强制法》第三十五条，请在 {urge_until} 前履行；你（单位）有权陈述和申辩。\
逾期仍不履行的，将依法强制执行。""", to_party=True),
        _k("enforcement", "强制执行决定书", "Decision of enforcement", "强", """
{party}：
经催告，你（单位）无正当理由仍不履行 {decision}。\
依据《行政强制法》第三十七条，决定强制执行。{reason}""", to_party=True),
        _k("court", "申请法院强制执行书", "Application to the court", "申执", """
人民法院：
当事人{party}在法定期限内不申请行政复议、不提起行政诉讼，又不履行 {decision}，经催告仍未履行，现欠缴 {owed} 元。\
依据《行政强制法》第五十三条、第五十四条，申请强制执行。{reason}"""),
        _k("closing", "结案报告", "Closing report", "结", """
案由：{cause}
当事人：{party}
处罚决定：{decision}，{kinds}，罚款 {fine} 元
执行情况：{reason}
承办人：{officers}"""),
    )
}  # fmt: skip
MADE_BY: Mapping[str, tuple[str, ...]] = {
    "file": ("filing",), "gather": ("inspection",), "preserve": ("preservation",), "seize": ("seizure",),
    "conclude": ("report",), "notify": ("notice",), "call_hearing": ("hearing_called",),
    "hold_hearing": ("hearing_record",), "hear_plea": ("plea",), "review": ("review",), "discuss": ("discussion",),
    "decide": ("decision",), "decide_on_spot": ("decision_on_spot",), "serve": ("receipt",), "urge": ("urging",),
    "enforce": ("enforcement",), "apply_court": ("court",), "close": ("closing",),
}  # fmt: skip


def made_by(verb: str, *, hearing: bool, order: str) -> tuple[str, ...]:
    """The papers that a step makes: a notice also tells of a hearing where there is one, and orders to correct."""
    more = ("hearing_told",) if verb == "notify" and hearing else ()
    told = ("correction",) if verb == "notify" and order else ()
    return (*told, *MADE_BY.get(verb, ()), *more)


def unknown_places(body: str) -> list[str]:
    """Places of a template that no paper fills."""
    return sorted(set(PLACE.findall(body)) - PLACES)


def filled(body: str, values: Mapping[str, str]) -> str:
    """The words with their places filled; one that is empty is a line to write on, or nothing where it may be."""
    return PLACE.sub(lambda found: values.get(found[1]) or ("" if found[1] in OPTIONAL else "＿＿＿＿"), body)


def seal_of(before: str, number: str, words: Mapping[str, Any], moment: str) -> str:
    """The digest of a paper: of its words, its number, its moment, and of the paper before it."""
    told = json.dumps([before, number, words, moment], ensure_ascii=False, sort_keys=True)
    return sha256(told.encode()).hexdigest()


_DIGITS, _UNITS, _GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿")


def in_capitals(cents: int) -> str:
    """An amount as it is written in capitals: 120050 cents is 壹仟贰佰元零伍角整."""
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    whole = (_whole(yuan) + "元") if yuan else ""
    if not rest:
        return (whole or "零元") + "整"
    gap = "零" if whole and (not jiao or yuan % 10 == 0) else ""
    return whole + gap + (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(yuan: int) -> str:
    groups, text = [], ""
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    for place in reversed(range(len(groups))):
        group = groups[place]
        if not group:
            text += "零" if text and not text.endswith("零") else ""
            continue
        gap = "零" if text and group < 1000 and not text.endswith("零") else ""
        text += gap + _four(group) + _GROUPS[place]
    return text.rstrip("零")


def _four(group: int) -> str:
    text = ""
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            text += _DIGITS[digit] + _UNITS[place]
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
