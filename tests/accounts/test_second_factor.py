"""The second factor, through its pages: set up with a QR code, recovery codes shown once, each opening once."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tests.accounts.factories import holder, person

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-7"
INDEX, SETUP, CODES = "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"


def signed_in(username: str = "somebody", language: str = "en") -> Client:
    """A browser in which this person signed in just now."""
    client = Client()
    client.cookies["django_language"] = language
    client.post("/accounts/login/", {"login": username, "password": PASSWORD})
    return client


def digits(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(client: Client) -> list[str]:
    """The authenticator is set up; answers the recovery codes as the page shows them."""
    assert client.get(SETUP).status_code == 302, "the password is asked for once more"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(SETUP).content.decode()
    assert 'src="data:image/svg+xml' in page
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert secret
    answer = client.post(SETUP, {"code": digits(secret[1])}, follow=True)
    return re.findall(r"^\s*(\d{8})\s*$", answer.content.decode().replace('readonly spellcheck="false">', "\n"), re.M)


def test_it_is_set_up_by_pages_and_the_codes_are_shown_once():
    person()
    client = signed_in()
    codes = set_up(client)
    assert len(codes) == 10
    again = client.get(CODES).content.decode()
    assert not any(code in again for code in codes)
    assert "10 codes are left" in client.get(INDEX).content.decode()
    assert client.get(f"{CODES}download/").status_code in (403, 404), "what was shown once cannot be fetched again"


def test_a_recovery_code_opens_once_and_the_count_goes_down():
    person()
    codes = set_up(signed_in())
    for number, wanted in ((0, 200), (0, 302), (1, 200)):
        client = signed_in()
        client.post("/accounts/2fa/authenticate/", {"code": codes[number]})
        assert client.get("/accounts/profile/").status_code == wanted
    assert "8 codes are left" in client.get(INDEX).content.decode()


def test_wrong_digits_are_refused_with_a_sentence_and_set_up_nothing():
    person()
    client = signed_in()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get(SETUP)
    answer = client.post(SETUP, {"code": "000000"})
    assert answer.status_code == 200
    assert "field__error" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_who_must_have_one_is_told_so(settings):
    settings.MFA_REQUIRED = True
    holder("boss", "admin")
    client = signed_in("boss", "zh-hans")
    assert client.get("/roles/")["Location"] == INDEX
    assert "您的角色须启用双因素验证" in client.get(INDEX).content.decode()
    set_up(client)
    assert client.get("/roles/").status_code == 200
