"""Pages of the account: signing in, the own profile, passwords."""

from . import password, profile, session

__all__ = ["password", "profile", "session"]
