"""Mail over the server that the settings name."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from exchange.contracts.sendings import Outcome, Parcel, Setting, Verdict

PERMANENT = 500


class Mail:
    """One mail to one person; the same Message-ID at every attempt."""

    settings = (
        Setting("sender", {"zh": "发件人", "en": "Sender"}, needed=False,
                hint={"zh": "留空使用系统默认发件人", "en": "Left empty: the sender of the settings"}),
    )  # fmt: skip
    secret: dict[str, str] = {}

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt."""
        said = parcel.payload
        text = "\n\n".join(str(said[part]) for part in ("body", "link") if said.get(part))
        mail = EmailMessage(
            subject=" ".join(str(said.get("title", "")).split()),
            body=text,
            from_email=str(parcel.settings.get("sender") or "") or None,
            to=[parcel.address],
            headers={"Message-ID": f"<{parcel.uid}@cityops>", "Auto-Submitted": "auto-generated"},
            connection=get_connection(timeout=settings.OUTGOING_TIMEOUT_S),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            status = max((code for code, _why in error.recipients.values()), default=0)
            return self._refused(status)
        except smtplib.SMTPAuthenticationError as error:  # says something about us, and nothing about the recipient
            return Outcome(Verdict.LATER, max(0, error.smtp_code), "sending.refused", {"status": error.smtp_code})
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code)
        except TimeoutError:
            return Outcome(Verdict.LATER, code="sending.timed_out")
        except (smtplib.SMTPException, OSError):
            return Outcome(Verdict.LATER, code="sending.no_connection")
        except ValueError:
            return Outcome(Verdict.NEVER, code="sending.bad_address")
        return Outcome(Verdict.DONE)

    def _refused(self, status: int) -> Outcome:
        verdict = Verdict.NEVER if status >= PERMANENT else Verdict.LATER
        return Outcome(verdict, max(0, status), "sending.refused", {"status": status})
