"""Sign-in by consent (OAuth 2) for mailboxes at Google and Microsoft: no password, but a token that is renewed."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from app.core.steady import ticks

from .source import Source

TIMEOUT_SECONDS = 20
EARLY_SECONDS = 120
MOST_BYTES = 1 << 20


class Withdrawn(Exception):
    """The provider no longer honours the consent, or never gave one; somebody has to connect the mailbox again."""


@dataclass(frozen=True)
class Provider:
    """Where consent is asked for and where tokens come from; `{tenant}` is filled in."""

    authorize_url: str
    token_url: str
    scope: str
    more: dict[str, str] = field(default_factory=dict)


PROVIDERS = {
    "google": Provider("https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
                       "https://mail.google.com/", {"access_type": "offline", "prompt": "consent"}),
    "microsoft": Provider("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
                          "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
                          "https://outlook.office.com/IMAP.AccessAsUser.All offline_access", {"prompt": "consent"}),
}
_tokens: dict[str, tuple[str, float]] = {}
_renewed: dict[int, str] = {}


def consent_url(source: Source, redirect_uri: str, state: str) -> str:
    """The page of the provider on which the owner of the mailbox agrees."""
    provider = PROVIDERS[source.sign_in]
    asked = {"client_id": source.about.get("client_id", ""), "redirect_uri": redirect_uri, "response_type": "code",
             "scope": provider.scope, "state": state, "login_hint": source.user, **provider.more}
    return _with_tenant(provider.authorize_url, source) + "?" + urllib.parse.urlencode(asked)


def exchange(source: Source, code: str, redirect_uri: str) -> str:
    """The refresh token for what the provider gave after the consent. Raises Withdrawn or OSError."""
    answer = _ask(source, grant_type="authorization_code", code=code, redirect_uri=redirect_uri)
    if not answer.get("refresh_token"):
        raise Withdrawn("no refresh token was given")
    return answer["refresh_token"]


def access_token(source: Source) -> str:
    """A token that is good for a while yet. Raises Withdrawn or OSError."""
    refresh_token = source.secrets.get("refresh_token", "")
    if not refresh_token:
        raise Withdrawn("nobody has agreed yet")
    token, until = _tokens.get(refresh_token, ("", 0.0))
    return token if ticks() < until else _refresh(source, refresh_token)


def _refresh(source: Source, refresh_token: str) -> str:
    answer = _ask(source, grant_type="refresh_token", refresh_token=refresh_token)
    if answer.get("refresh_token", refresh_token) != refresh_token:
        _renewed[source.id] = answer["refresh_token"]
    until = ticks() + float(answer.get("expires_in", 0)) - EARLY_SECONDS
    _tokens[refresh_token] = (answer["access_token"], until)
    return answer["access_token"]


def renewed(mailbox_id: int) -> str:
    """The refresh token that took the place of the stored one, once; '' for none."""
    return _renewed.pop(mailbox_id, "")


def _ask(source: Source, **values: str) -> dict[str, Any]:
    told = {"client_id": source.about.get("client_id", ""), "client_secret": source.secrets.get("client_secret", "")}
    url = _with_tenant(PROVIDERS[source.sign_in].token_url, source)
    request = urllib.request.Request(url, urllib.parse.urlencode(told | values).encode(),  # noqa: S310
                                     {"Accept": "application/json"})
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _object(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        if error.code in (400, 401, 403):
            raise Withdrawn(_reason(error.read(MOST_BYTES))) from error
        raise
    except ValueError as error:
        raise OSError("its answer cannot be read") from error


def _object(raw: bytes) -> dict[str, Any]:
    answer = json.loads(raw)
    if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
        raise ValueError("no token")
    return answer


def _reason(raw: bytes) -> str:
    try:
        said = json.loads(raw)
        return str(said.get("error_description") or said["error"])
    except (ValueError, KeyError, AttributeError):
        return ""


def _with_tenant(url: str, source: Source) -> str:
    return url.format(tenant=urllib.parse.quote(source.about.get("tenant") or "common", safe=""))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A secret is sent to one address and to no other."""

    def redirect_request(self, *_about: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)
