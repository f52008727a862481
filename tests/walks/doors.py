"""The public doors a walk goes through: one signed-in HTTP session per role, which survives a server that is killed."""

import re
import time
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE_S = 180.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class WalkFailed(AssertionError):
    """A step of the story did not happen, or something happened that must not."""


@dataclass(frozen=True)
class Answer:
    """Status, body and version of one answer."""

    status: int
    body: Any
    etag: str


class Door:
    """One person's session. Reads are repeated while the server is away; writes are left to the caller to judge."""

    def __init__(self, base: str, username: str, password: str) -> None:
        self.username = username
        self._http = httpx.Client(base_url=base, timeout=60.0, headers={"Accept-Language": "en"})
        self._password = password
        self._sign_in()

    @property
    def cookie(self) -> str:
        """The session as a Cookie header, for a socket."""
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())

    def _sign_in(self) -> None:
        page = self._patiently("GET", "/accounts/login/")
        token = TOKEN.search(page.text)
        if token is None:
            raise WalkFailed("the sign-in page has no form")
        answer = self._patiently(
            "POST",
            "/accounts/login/",
            data={"login": self.username, "password": self._password, "csrfmiddlewaretoken": token.group(1)},
            headers={"Referer": str(self._http.base_url)},
        )
        if answer.status_code != 302 or "sessionid" not in " ".join(self._http.cookies.keys()):
            raise WalkFailed(f"{self.username} could not sign in: HTTP {answer.status_code}")

    def _patiently(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """The answer, asked for again while the server is down or says that it is (502, 503)."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = self._http.request(method, path, **kwargs)
                if answer.status_code not in (502, 503):
                    return answer
                problem = f"HTTP {answer.status_code}"
            except httpx.TransportError as away:
                problem = repr(away)
            if time.monotonic() > deadline:
                raise WalkFailed(f"{method} {path}: no answer in {PATIENCE_S:.0f} s ({problem})")
            time.sleep(0.3)

    def get(self, path: str, **params: Any) -> Answer:
        """What stands at the path."""
        return _answer(self._patiently("GET", path, params=params))

    def post(
        self,
        path: str,
        *,
        body: Any = None,
        files: Any = None,
        data: Any = None,
        version: str | None = None,
        key: str = "",
    ) -> Answer:
        """One write, sent again only if no answer came; the caller's version or key makes a second arrival harmless."""
        headers = self._proof()
        if version is not None:
            headers["If-Match"] = version
        if key:
            headers["Idempotency-Key"] = key
        return _answer(self._patiently("POST", path, json=body, files=files, data=data, headers=headers))

    def patch(self, path: str, *, body: Any) -> Answer:
        """A change that may arrive twice."""
        return _answer(self._patiently("PATCH", path, json=body, headers=self._proof()))

    def _proof(self) -> dict[str, str]:
        """What shows that the write comes from our own pages."""
        return {"X-CSRFToken": self._http.cookies.get("csrftoken", ""), "Referer": str(self._http.base_url)}


def _answer(response: httpx.Response) -> Answer:
    kind = response.headers.get("content-type", "")
    body = response.json() if "json" in kind else response.text
    return Answer(response.status_code, body, response.headers.get("etag", ""))
