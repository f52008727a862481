"""WeCom 企业微信: a robot that writes into a group, and an application that writes to a person."""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from exchange.adapters.connectors.asking import ask, refused, told_in
from exchange.contracts.sendings import Outcome, Parcel, Setting, Verdict

HOST = "https://qyapi.weixin.qq.com"
OK = 0
BAD_TOKEN = frozenset({40014, 42001, 41001})
FOR_EVER = frozenset({93000, 40001, 40013, 40056, 60020, 301002})
"""Wrong key, secret, company or application, or an address that it does not trust: trying again is of no use."""
NO_SUCH_PERSON = frozenset({40003, 60111, 81013, 60011})
TOO_OFTEN = frozenset({45009, 45033, -1})
MOST_TEXT = 2000
EARLY_S = 300
LONGEST_TOKEN_S = 86_400
_URL = Setting("url", {"zh": "接口地址", "en": "Address of the interface"}, "url", default=HOST)


def _said(parcel: Parcel) -> str:
    """Title, text and link, within the 2048 bytes that WeCom takes."""
    whole = "\n".join(str(parcel.payload[part]) for part in ("title", "body", "link") if parcel.payload.get(part))
    return whole.encode()[:MOST_TEXT].decode(errors="ignore")


def _post(url: str, told: Mapping[str, Any], parcel: Parcel) -> Mapping[str, Any] | Outcome:
    body = json.dumps(told, ensure_ascii=False).encode()
    return _read(ask("POST", url, {"Content-Type": "application/json"}, body), parcel)


def _read(answer: Any, parcel: Parcel) -> Mapping[str, Any] | Outcome:
    if isinstance(answer, Outcome):
        return answer
    if answer.status != 200:
        return refused(answer, parcel.at)
    return told_in(answer)


def _number(told: Mapping[str, Any]) -> int:
    """The error number of an answer; one that says none was not understood and is no success."""
    found = told.get("errcode")
    return found if isinstance(found, int) else -1


def _judged(told: Mapping[str, Any]) -> Outcome:
    number = _number(told)
    why = {"what": f"{number} {str(told.get('errmsg', ''))[:60]}"}
    if number == OK and told.get("invaliduser"):
        return Outcome(Verdict.NEVER, 200, "sending.no_such_person")
    if number == OK:
        return Outcome(Verdict.DONE, 200)
    if number in NO_SUCH_PERSON:
        return Outcome(Verdict.NEVER, 200, "sending.no_such_person")
    if number in TOO_OFTEN:
        return Outcome(Verdict.LATER, 200, "sending.gateway_says", why, wait=60.0)
    return Outcome(Verdict.NEVER if number in FOR_EVER else Verdict.LATER, 200, "sending.gateway_says", why)


class Robot:
    """A robot of a group: whoever is in the group reads it."""

    settings = (_URL,)
    secret = {"zh": "机器人密钥（key）", "en": "Key of the robot"}

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt."""
        key = urlencode({"key": parcel.secret})
        told = {"msgtype": "text", "text": {"content": _said(parcel)}}
        answer = _post(f"{parcel.settings['url']}/cgi-bin/webhook/send?{key}", told, parcel)
        return answer if isinstance(answer, Outcome) else _judged(answer)


class WeCom:
    """An application of the city's company; WeCom itself drops the same text to the same person within half an hour."""

    settings = (
        _URL,
        Setting("corp_id", {"zh": "企业 ID", "en": "Company (corpid)"}),
        Setting("agent_id", {"zh": "应用 ID", "en": "Application (agentid)"}, "whole"),
    )
    secret = {"zh": "应用密钥（corpsecret）", "en": "Secret of the application (corpsecret)"}

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt; a token that is not taken any more is asked for anew, once."""
        answer = self._sent(parcel)
        if not isinstance(answer, Outcome) and _number(answer) in BAD_TOKEN:
            with self._lock:
                self._tokens.pop(self._name(parcel), None)
            answer = self._sent(parcel)
        return answer if isinstance(answer, Outcome) else _judged(answer)

    def _sent(self, parcel: Parcel) -> Mapping[str, Any] | Outcome:
        token = self._token(parcel)
        if isinstance(token, Outcome):
            return token
        told = {
            "touser": parcel.address, "msgtype": "text", "agentid": parcel.settings["agent_id"],
            "text": {"content": _said(parcel)}, "enable_duplicate_check": 1, "duplicate_check_interval": 1800,
        }  # fmt: skip
        url = f"{parcel.settings['url']}/cgi-bin/message/send?{urlencode({'access_token': token})}"
        return _post(url, told, parcel)

    def _token(self, parcel: Parcel) -> str | Outcome:
        name = self._name(parcel)
        with self._lock:
            held = self._tokens.get(name)
        if held is not None and held[1] > time.monotonic():
            return held[0]
        asked = urlencode({"corpid": parcel.settings["corp_id"], "corpsecret": parcel.secret})
        told = _read(ask("GET", f"{parcel.settings['url']}/cgi-bin/gettoken?{asked}", {}), parcel)
        if isinstance(told, Outcome):
            return told
        token, lasts = told.get("access_token"), told.get("expires_in", 0)
        if _number(told) != OK or not isinstance(token, str) or not isinstance(lasts, int):
            judged = _judged(told)
            return judged if judged.verdict != Verdict.DONE else Outcome(Verdict.LATER, 200, "sending.gateway_says",
                                                                        {"what": "gettoken"})  # fmt: skip
        with self._lock:
            self._tokens[name] = token, time.monotonic() + min(LONGEST_TOKEN_S, max(0, lasts - EARLY_S))
        return token

    def _name(self, parcel: Parcel) -> str:
        told = f"{parcel.settings['url']} {parcel.settings['corp_id']} {parcel.secret}"
        return hashlib.sha256(told.encode()).hexdigest()
