"""The address in the mail: whoever has it may rate this one closure, and do nothing else. It is signed, not stored."""

import hashlib
import hmac
import re

from flask import current_app

from app.core.db import db
from app.core.errors import NotFound

from ..models import Rating


def address(rating: Rating, score: int | None = None) -> str:
    """Where the closure is rated; a score that was clicked in the mail is only proposed on the page it leads to."""
    chosen = f"?score={score}" if score else ""
    return f"{current_app.config['BASE_URL']}/rate/{token_of(rating.id)}{chosen}"


def token_of(rating_id: int) -> str:
    """The rating's id and 128 bits of an HMAC under the key of the instance."""
    signed = hmac.new(current_app.config["SECRET_KEY"], f"rating:{rating_id}".encode(), hashlib.sha256)
    return f"{rating_id}.{signed.hexdigest()[:32]}"


def find(person: object, token: str) -> Rating:
    """The rating of a token. Raises NotFound for one that we did not sign."""
    if not re.fullmatch(r"[0-9]{1,18}\.[0-9a-f]{32}", token):
        raise NotFound()
    rating_id = int(token.partition(".")[0])
    found = db.session.get(Rating, rating_id) if hmac.compare_digest(token_of(rating_id), token) else None
    if found is None:
        raise NotFound()
    return found
