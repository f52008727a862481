"""What stages, steps and choices are called, in Chinese and English: the field's own words."""

from collections.abc import Mapping

from enforcement.contracts import MeasureKind, Names, PartyKind, Penalty, Plea, Procedure, Served, Stage


def _n(zh: str, en: str) -> Names:
    return {"zh": zh, "en": en}


STAGES: Mapping[str, Names] = {
    Stage.OPENED: _n("线索登记", "Opened"), Stage.INVESTIGATING: _n("立案调查", "Under investigation"),
    Stage.CONCLUDED: _n("调查终结", "Investigation concluded"), Stage.NOTIFIED: _n("已事先告知", "Party notified"),
    Stage.HEARING: _n("听证中", "Hearing"), Stage.HEARD: _n("已听取意见", "Party heard"),
    Stage.REVIEWED: _n("已法制审核", "Legally reviewed"), Stage.DISCUSSED: _n("已集体讨论", "Discussed by the heads"),
    Stage.DECIDED: _n("已作出决定", "Decided"), Stage.SERVED: _n("已送达待履行", "Served"),
    Stage.URGED: _n("已催告", "Urged"), Stage.ENFORCING: _n("强制执行中", "Being enforced"),
    Stage.AT_COURT: _n("已申请法院执行", "At court"), Stage.FULFILLED: _n("已履行", "Fulfilled"),
    Stage.SPARED: _n("不予处罚", "Not punished"), Stage.CEASED: _n("终结执行", "Enforcement ended"),
    Stage.CLOSED: _n("已结案", "Closed"), Stage.DISMISSED: _n("不予立案", "Not filed"),
    Stage.DROPPED: _n("已撤案", "Dropped"), Stage.TRANSFERRED: _n("已移送", "Transferred"),
    Stage.ANNULLED: _n("决定已撤销", "Annulled"),
}  # fmt: skip
OPEN: Names = _n("登记线索", "Open")
VERBS: Mapping[str, Names] = {
    "open": OPEN, "assign": _n("指派执法人员", "Assign officers"), "recuse": _n("回避", "Step back"),
    "file": _n("立案", "File"), "dismiss": _n("不予立案", "Do not file"),
    "decide_on_spot": _n("当场处罚", "Decide on the spot"), "gather": _n("添加证据", "Add evidence"),
    "examine": _n("审核电子证据", "Examine electronic evidence"), "preserve": _n("先行登记保存", "Preserve evidence"),
    "seize": _n("查封扣押", "Seize"), "prolong": _n("延长查封扣押", "Prolong a seizure"),
    "release": _n("解除措施", "Lift a measure"), "conclude": _n("调查终结", "Conclude the investigation"),
    "extend": _n("延长办案期限", "Extend the term"), "notify": _n("事先告知", "Notify the party"),
    "ask_hearing": _n("当事人申请听证", "The party asks for a hearing"),
    "call_hearing": _n("通知听证", "Call the hearing"), "hold_hearing": _n("举行听证", "Hold the hearing"),
    "forgo_hearing": _n("当事人撤回听证申请", "The party forgoes the hearing"),
    "hear_plea": _n("听取陈述申辩", "Hear the plea"), "review": _n("法制审核", "Review legally"),
    "discuss": _n("集体讨论", "Discuss together"), "decide": _n("作出处罚决定", "Decide"),
    "spare": _n("不予处罚", "Do not punish"), "reinvestigate": _n("退回补充调查", "Investigate again"),
    "drop": _n("撤销案件", "Drop"), "transfer": _n("移送", "Transfer"), "serve": _n("送达决定书", "Serve the decision"),
    "lodge": _n("报所属机关备案", "Lodge with the agency"), "pay": _n("登记缴款", "Record a payment"),
    "instal": _n("批准分期缴纳", "Grant instalments"), "challenge": _n("登记复议诉讼", "Record a review or suit"),
    "uphold": _n("维持原决定", "The decision is upheld"), "annul": _n("撤销决定", "Annul the decision"),
    "perform": _n("登记自行履行", "Record what the party did"), "urge": _n("催告", "Urge"),
    "hear_urged": _n("听取催告意见", "Hear the party on the urging"),
    "enforce": _n("决定强制执行", "Order enforcement"), "carry_out": _n("实施强制执行", "Carry out"),
    "apply_court": _n("申请法院强制执行", "Apply to the court"),
    "court_done": _n("法院已执行", "The court has enforced it"), "cease": _n("终结执行", "End enforcement"),
    "fulfil": _n("履行完毕", "All is fulfilled"), "close": _n("结案", "Close"),
}  # fmt: skip
PROCEDURES: Mapping[str, Names] = {
    Procedure.SIMPLE: _n("简易程序", "Simple procedure"), Procedure.ORDINARY: _n("普通程序", "Ordinary procedure"),
}  # fmt: skip
PARTIES: Mapping[str, Names] = {
    PartyKind.CITIZEN: _n("公民", "Citizen"), PartyKind.ORGANISATION: _n("法人或其他组织", "Organisation"),
}  # fmt: skip
PENALTIES: Mapping[str, Names] = {
    Penalty.WARNING: _n("警告", "Warning"), Penalty.FINE: _n("罚款", "Fine"),
    Penalty.CONFISCATION: _n("没收", "Confiscation"), Penalty.LICENCE: _n("吊销许可证件", "Licence withdrawn"),
    Penalty.SHUTDOWN: _n("责令停产停业", "Shutdown"), Penalty.REMOVAL: _n("限期拆除", "Removal in time"),
}  # fmt: skip
MEASURES: Mapping[str, Names] = {
    MeasureKind.SEAL: _n("查封", "Sealing"), MeasureKind.DETAIN: _n("扣押", "Detention"),
    MeasureKind.PRESERVE: _n("先行登记保存", "Registered preservation"),
}  # fmt: skip
WAYS: Mapping[str, Names] = {
    Served.HANDED: _n("直接送达", "Handed over"), Served.LEFT: _n("留置送达", "Left before a witness"),
    Served.POST: _n("邮寄送达", "By post"), Served.ELECTRONIC: _n("电子送达", "Electronically"),
    Served.ANNOUNCED: _n("公告送达", "By announcement"),
}  # fmt: skip
PLEAS: Mapping[str, Names] = {
    Plea.SAID: _n("已听取", "Heard"), Plea.WAIVED: _n("书面放弃", "Waived in writing"),
    Plea.SILENT: _n("逾期未提", "Its time is over"),
}  # fmt: skip
GROUNDS: Mapping[str, Names] = {
    "minor_corrected": _n("轻微并及时改正", "Minor and corrected in time"),
    "first_minor": _n("初次、轻微并及时改正", "First, minor and corrected in time"),
    "no_fault": _n("无主观过错", "No fault"), "not_proved": _n("违法事实不能成立", "Not proved"),
}  # fmt: skip
REMEDIES: Mapping[str, Names] = {
    "review": _n("行政复议", "Reconsideration"), "suit": _n("行政诉讼", "Suit"),
}  # fmt: skip
PERIODS: Mapping[str, Names] = {
    "decide_until": _n("作出决定期限", "Decision by"), "plea_until": _n("陈述申辩期限", "Plea until"),
    "hearing_until": _n("听证申请期限", "Hearing may be asked for until"), "hearing_on": _n("听证日期", "Hearing on"),
    "serve_until": _n("送达期限", "Service by"), "pay_until": _n("缴款期限", "Payment by"),
    "reconsider_until": _n("复议申请期限", "Reconsideration until"), "suit_until": _n("起诉期限", "Suit until"),
    "urge_until": _n("催告期限", "Answer to the urging until"),
    "court_until": _n("申请法院执行期限", "Court may be asked until"),
    "seizure": _n("查封扣押期限", "Seizure ends"), "preservation": _n("登记保存处理期限", "Preservation decided by"),
}  # fmt: skip
WHY: Mapping[str, Names] = {
    "decide_until": _n("立案次日起 90 日，末日遇休息日顺延", "90 days from filing; moved on from a day of rest"),
    "plea_until": _n("告知次日起，按本市规定的工作日", "Working days laid down by the city, from the notice"),
    "hearing_until": _n("告知次日起 5 个工作日", "5 working days from the notice"),
    "hearing_on": _n("提前 7 个工作日通知", "Told 7 working days ahead"),
    "serve_until": _n("决定次日起 7 个工作日；简易程序当场交付",
                      "7 working days from the decision; at once in the simple procedure"),
    "pay_until": _n("送达次日起 15 日，末日遇休息日顺延；分期的按计划",
                    "15 days from service, moved on from a day of rest; by the plan where there is one"),
    "reconsider_until": _n("送达次日起 60 日，末日遇休息日顺延", "60 days from service; moved on from a day of rest"),
    "suit_until": _n("送达次日起 6 个月，复议后 15 日", "6 months from service, 15 days after reconsideration"),
    "urge_until": _n("催告次日起 10 个工作日", "10 working days from the urging"),
    "court_until": _n("起诉期限届满后 3 个月", "3 months from the end of the time for suit"),
    "seizure": _n("30 日，经批准可延长 30 日，不因休息日顺延", "30 days, 30 more if granted; no holiday adds to it"),
    "preservation": _n("7 个工作日内作出处理决定", "Decided about within 7 working days"),
}  # fmt: skip
BY_ARTICLE: Mapping[str, tuple[str, int]] = {
    "decide_until": ("APL", 60), "plea_until": ("APL", 45), "hearing_until": ("APL", 64), "hearing_on": ("APL", 64),
    "serve_until": ("APL", 61), "pay_until": ("APL", 67), "reconsider_until": ("ARL", 20), "suit_until": ("ALL", 46),
    "urge_until": ("AEL", 54), "court_until": ("AEL", 53), "seizure": ("AEL", 25), "preservation": ("APL", 56),
}  # fmt: skip
