"""Secrets at rest (passwords of servers, tokens), sealed with the key of the instance."""

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app


def seal(plain: str) -> str:
    """A secret as it is stored."""
    return _fernet().encrypt(plain.encode()).decode() if plain else ""


def opened(sealed: str) -> str:
    """A secret in plain text; '' when there is none or the key is not the one that sealed it."""
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _fernet() -> Fernet:
    return Fernet(current_app.config["SECRETS_KEY"])
