"""Errors that people may see. Verbs raise them with a translated sentence; one handler answers."""

from typing import Any

from flask_babel import gettext as _


class DeskError(Exception):
    """An error with a status and a sentence for the person in front of the screen."""

    code = 500

    def __init__(self, message: str = "", advice: str = "", **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.context = context


class Invalid(DeskError):
    """What was asked cannot be understood or makes no sense."""

    code = 400


class NotAllowed(DeskError):
    """The person may see the thing but not do this to it."""

    code = 403


class NotFound(DeskError):
    """Not there, or not theirs: the two look the same from outside."""

    code = 404


class Conflict(DeskError):
    """Somebody else was faster, or the state has moved on."""

    code = 409


class TooMany(DeskError):
    """Too many tries in too short a time."""

    code = 429


class Unavailable(DeskError):
    """The desk cannot write at this moment; what was asked has not been done."""

    code = 503

    @classmethod
    def busy(cls) -> "Unavailable":
        return cls(_("The desk is busy and could not save this. Nothing was lost: please try again in a moment."))


class StorageFull(DeskError):
    """No room left on the disk."""

    code = 507
