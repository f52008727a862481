"""Webhooks as Standard Webhooks 1.0 describes them."""

import json

from exchange.adapters.connectors.asking import ask, refused
from exchange.contracts.sendings import Outcome, Parcel, Setting, Verdict
from exchange.rules.sendings import signature

GONE = 410


class Webhook:
    """A signed POST; 2xx takes it, 410 wants no more of any, everything else is tried again. Nobody is followed."""

    settings = (
        Setting("url", {"zh": "推送地址", "en": "URL"}, "url"),
        Setting("payload", {"zh": "内容", "en": "Payload"}, "choice", default="full", choices=("full", "thin"),
                hint={"zh": "full 全部内容，thin 只含编号和地点",
                      "en": "full: all that happened; thin: what and where"}),
    )  # fmt: skip
    secret = {"zh": "签名密钥", "en": "Signing secret"}

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt, signed with every secret that is in force."""
        body = json.dumps(parcel.payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        signed = " ".join(signature(secret, parcel.uid, parcel.at, body) for secret in parcel.secrets)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": parcel.uid,
            "webhook-timestamp": str(int(parcel.at.timestamp())),
            "webhook-signature": signed,
        }
        answer = ask("POST", str(parcel.settings["url"]), headers, body)
        if isinstance(answer, Outcome):
            return answer
        if 200 <= answer.status < 300:
            return Outcome(Verdict.DONE, answer.status)
        if answer.status == GONE:
            return Outcome(Verdict.GONE, answer.status, "sending.endpoint_gone")
        return refused(answer, parcel.at)
