"""SMS over any gateway that takes HTTP: its URL, fields, signature and the mark of success are data."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from exchange.adapters.connectors.asking import ask, refused, told_in
from exchange.adapters.outside import Answer
from exchange.contracts.sendings import Outcome, Parcel, Setting, Verdict
from exchange.rules.sendings import filled, found_at

FIELDS = {"mobile": "{phone}", "content": "{text}", "msgid": "{id}"}


class Sms:
    """One short message to one number. `{id}` is the same at every attempt, for gateways that take a key."""

    settings = (
        Setting("url", {"zh": "网关地址", "en": "URL of the gateway"}, "url"),
        Setting("encoding", {"zh": "编码", "en": "Encoding"}, "choice", default="json", choices=("json", "form")),
        Setting("fields", {"zh": "字段", "en": "Fields"}, "json", default=FIELDS,
                hint={"zh": "可用 {phone} {text} {id} {time} {secret} {sign}",
                      "en": "May hold {phone} {text} {id} {time} {secret} {sign}"}),
        Setting("headers", {"zh": "请求头", "en": "Headers"}, "json", needed=False, default={}),
        Setting("sign", {"zh": "签名", "en": "Signature"}, "json", needed=False, default={},
                hint={"zh": "例如 {\"method\": \"md5\", \"over\": \"{phone}{time}{secret}\"}",
                      "en": "Such as {\"method\": \"md5\", \"over\": \"{phone}{time}{secret}\"}"}),
        Setting("success", {"zh": "成功标志", "en": "Mark of success"}, "json", needed=False, default={},
                hint={"zh": "例如 {\"path\": \"code\", \"equals\": \"0\"}",
                      "en": "Such as {\"path\": \"code\", \"equals\": \"0\"}"}),
    )  # fmt: skip
    secret = {"zh": "网关密钥", "en": "Secret of the gateway"}

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt."""
        given = parcel.settings
        values = {
            "phone": parcel.address,
            "text": " ".join(str(parcel.payload.get(part, "")) for part in ("title", "body")).strip(),
            "id": parcel.uid,
            "time": str(int(parcel.at.timestamp())),
            "secret": parcel.secret,
        }
        values["sign"] = _signed(given.get("sign") or {}, values)
        fields = {name: filled(str(text), values) for name, text in (given.get("fields") or FIELDS).items()}
        headers = {name: filled(str(text), values) for name, text in (given.get("headers") or {}).items()}
        form = given.get("encoding") == "form"
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        body = urlencode(fields) if form else json.dumps(fields, ensure_ascii=False)
        answer = ask("POST", str(given["url"]), {"Content-Type": kind, **headers}, body.encode())
        return answer if isinstance(answer, Outcome) else _judged(answer, given.get("success") or {}, parcel)


def _judged(answer: Answer, success: Mapping[str, Any], parcel: Parcel) -> Outcome:
    if not 200 <= answer.status < 300:
        return refused(answer, parcel.at)
    if success:
        found = found_at(told_in(answer), str(success.get("path", "")))
        if found != str(success.get("equals", "")):
            return Outcome(Verdict.LATER, answer.status, "sending.gateway_says", {"what": found[:60] or "?"})
    return Outcome(Verdict.DONE, answer.status)


def _signed(sign: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The signature as the gateway wants it: md5, sha256 or hmac-sha256 over the words, in hex or base64."""
    if not sign:
        return ""
    over = filled(str(sign.get("over", "")), values).encode()
    method = sign.get("method", "md5")
    if method == "hmac-sha256":
        digest = hmac.new(values["secret"].encode(), over, hashlib.sha256).digest()
    else:
        digest = hashlib.new("sha256" if method == "sha256" else "md5", over, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode() if sign.get("encoding") == "base64" else digest.hex()
