"""Pages of the account: signing in, the own profile, passwords."""

from . import clients, password, profile, session

__all__ = ["clients", "password", "profile", "session"]
