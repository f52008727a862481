"""What lines and tables of a board are called, in both languages."""

import re
from collections.abc import Mapping

Names = Mapping[str, str]


def _named(zh: str, en: str) -> Names:
    return {"zh": zh, "en": en}


SOURCES: Mapping[str, Names] = {
    "collector": _named("采集员", "Collector"),
    "citizen": _named("市民", "Citizen"),
    "phone": _named("电话", "Phone"),
    "hotline12345": _named("12345 热线", "12345 hotline"),
    "camera": _named("视频", "Camera"),
    "sensor": _named("传感器", "Sensor"),
    "vehicle": _named("车载巡查", "Vehicle"),
    "leader": _named("领导交办", "Leader"),
    "department": _named("其他部门转办", "Another department"),
    "opinion": _named("媒体与舆情", "Media and public opinion"),
}
POSTS: Mapping[str, Names] = {
    "report": _named("上报（采集员）", "Reporting (collectors)"),
    "verify": _named("核实", "Verifying"),
    "accept": _named("受理", "Accepting"),
    "register": _named("立案", "Registering"),
    "dispatch": _named("派遣", "Dispatching"),
    "handle": _named("处置", "Handling"),
    "check": _named("核查", "Checking"),
    "close": _named("结案", "Closing"),
    "cancel": _named("作废", "Voiding"),
}
LEVELS: Mapping[str, Names] = {
    "city": _named("全市", "City"),
    "district": _named("区", "Districts"),
    "street": _named("街道", "Streets"),
    "community": _named("社区", "Communities"),
    "organisation": _named("部门", "Departments"),
    "post": _named("岗位", "Posts"),
    "person": _named("人员", "Persons"),
    "category": _named("类别", "Classes"),
    "source": _named("来源", "Sources"),
}
PERIODS: Mapping[str, Names] = {
    "week": _named("周", "Week"),
    "month": _named("月", "Month"),
    "quarter": _named("季", "Quarter"),
    "year": _named("年", "Year"),
}
SCORES: Names = _named("得分", "Score")
ORIGINS: Mapping[str, Names] = {
    "EGV": _named("某数字城管平台公开的指标清单", "the published list of indicators of a city management platform"),
    "JN": _named("成都市金牛区评分规则", "the scoring rules of Jinniu district, Chengdu"),
    "SCORE": _named("金华、扬州等市考评办法", "the scoring rules of Jinhua, Yangzhou and other cities"),
    "YC": _named("运城市数字城管", "the system of Yuncheng"),
    "12345": _named("关于 12345 热线的意见", "opinions on 12345 hotlines"),
    "D": _named("本平台约定", "a default of this platform"),
    "row 19": _named("本平台流程表", "the table of steps of this platform"),
}
"""Where a measure comes from, by the mark in its line."""
JUDGED = ("district", "street", "community", "organisation")
"""The lines that a scheme can judge: three levels of evaluation, and departments."""
TABLES: Mapping[str, tuple[Names, tuple[str, ...]]] = {
    "handling": (
        _named("处置", "Handling"),
        ("handle_owed", "handled_rate", "handled_on_time_rate", "handled_late", "unhandled", "unhandled_late_rate",
         "extended_rate", "deferred_rate", "returned_rate", "shirked_rate"),
    ),
    "closing": (
        _named("核查与结案", "Checking and closing"),
        ("close_owed", "closed_rate", "closed_on_time_rate", "closed_on_time_moving_rate", "closed_late",
         "reworked_rate", "checked", "checked_on_time_rate", "forced", "voided"),
    ),
    "pressing": (
        _named("督办", "Supervision orders"),
        ("pressed", "reply_owed", "replied_rate", "replied_on_time_rate", "replied_late", "unreplied_late",
         "unreplied_late_rate"),
    ),
    "calling": (
        _named("回访", "Calling back"),
        ("closed", "visited", "visited_rate", "answered", "satisfied", "unsatisfied", "satisfied_rate"),
    ),
    "reporting": (
        _named("上报", "Reporting"),
        ("reported", "valid_rate", "public", "settled", "missed_rate", "verified", "verified_on_time_rate"),
    ),
    "sending": (
        _named("受理、立案与派遣", "Accepting, registering, dispatching"),
        ("accepted_on_time_rate", "accepted_right_rate", "filed_on_time_rate", "filed_right_rate", "dispatched",
         "dispatched_on_time_rate", "dispatched_right_rate"),
    ),
}  # fmt: skip
"""Tables of measures: what they are called, and what stands in their columns; the first orders the lines."""


def origin_of(line: str) -> Names:
    """What the marks in the line of a measure stand for, for people who do not have the rule book."""
    held = [ORIGINS[mark] for mark in re.findall(rf"\b(?:{'|'.join(ORIGINS)})\b", line)]
    return {lang: mark.join(one[lang] for one in held) for lang, mark in (("zh", "；"), ("en", "; "))}
