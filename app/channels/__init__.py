"""The ways in which people reach the desk and are reached; knows transports, not tickets."""

from flask import Blueprint

bp = Blueprint("channels", __name__, template_folder="templates")

from .email import models as _mailboxes  # noqa: E402, F401 - their tables belong to the schema
from .form import models as _requests  # noqa: E402, F401
from .form import routes as _form  # noqa: E402, F401
