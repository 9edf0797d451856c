"""Files that come with a form: on the disk before the transaction begins, off it again if the form was refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import sqlalchemy as sa
from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import MultipleFileField
from wtforms.validators import ValidationError

from . import files
from .access import ask_to_sign_in
from .db import db, reading
from .files import StoredFile
from .kept import is_by_script

MOST_FILES = 20


class Files(MultipleFileField):
    """Several files of a form; their bytes are kept by `takes_files`."""

    def __init__(self, **about: Any) -> None:
        super().__init__(_l("Files"), **about)

    def pre_validate(self, form: Any) -> None:
        if len(chosen()) > MOST_FILES:
            raise ValidationError(_("At most %(count)s files at once, please; choose them again.", count=MOST_FILES))

    @property
    def were_chosen(self) -> bool:
        """Whether this request brought any: a browser forgets them when the form is drawn again, unless a script has
        sent it without leaving the page."""
        return bool(chosen()) and not is_by_script()


def takes_files(view: Callable[..., Any]) -> Callable[..., Any]:
    """Store what was uploaded, then run the guarded view: a slow disk never holds SQLite's write lock."""

    @wraps(view)
    def kept(**parts: Any) -> Any:
        g.uploads = []
        if not chosen():
            return view(**parts)
        if not _is_signed_in():
            return ask_to_sign_in()
        try:
            _write()
            return view(**parts)
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _discard_unkept()

    return kept


def chosen() -> list[Any]:
    """What was uploaded; an empty file counts, an empty box does not."""
    return [file for file in request.files.getlist("files") if file.filename]


def uploads() -> list[StoredFile]:
    """The files of this request, stored, in no session yet."""
    return g.get("uploads", [])


def _is_signed_in() -> bool:
    with reading():
        signed_in = current_user.is_authenticated
        db.session.rollback()
    return signed_in


def _write() -> None:
    """Too many are not stored at all; the form refuses them."""
    if len(chosen()) <= MOST_FILES:
        for file in chosen():
            g.uploads.append(files.write(file.stream, file.filename))


def _discard_unkept() -> None:
    for row in g.uploads:
        if not sa.inspect(row).persistent:
            files.discard(row)
