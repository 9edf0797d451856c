"""The mail relay: where the desk hands over what it sends. Its password is sealed with the key of the instance."""

from .sealing import opened, seal
from .settings import Settings

__all__ = ["SECURITY", "is_set", "password", "relay", "seal"]

SECURITY = ("starttls", "tls", "none")
relay = Settings("relay", host="", port=587, security="starttls", user="", password="", sender="")


def is_set() -> bool:
    """Whether mail can leave the desk; without it links are shown to be copied."""
    return bool(relay.host and relay.sender)


def password() -> str:
    """The relay's password in plain text; '' when there is none or the key is not the one that sealed it."""
    return opened(relay.password)
