"""The mail relay: where the desk hands over what it sends. Its password is sealed with the key of the instance."""

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from .settings import Settings

SECURITY = ("starttls", "tls", "none")
relay = Settings("relay", host="", port=587, security="starttls", user="", password="", sender="")


def is_set() -> bool:
    """Whether mail can leave the desk; without it links are shown to be copied."""
    return bool(relay.host and relay.sender)


def password() -> str:
    """The relay's password in plain text; '' when there is none or the key is not the one that sealed it."""
    if not relay.password:
        return ""
    try:
        return _fernet().decrypt(relay.password.encode()).decode()
    except InvalidToken:
        return ""


def seal(plain: str) -> str:
    """A password as it is stored."""
    return _fernet().encrypt(plain.encode()).decode() if plain else ""


def _fernet() -> Fernet:
    return Fernet(current_app.config["SECRETS_KEY"])
