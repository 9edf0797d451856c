"""The files of articles: readers open those that a published text of theirs uses, writers all of the article."""

from flask import request
from flask_babel import gettext as _

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid
from app.core.files import SAFE_INLINE
from app.core.sending import sent
from app.core.uploads import takes_files, uploads

from .. import actions, bp, forms, manuscripts
from ..models import Article, ArticleFile
from . import _writers
from ._readers import for_readers
from ._writers import me


def _a_file(person, file_id: int) -> ArticleFile:
    return manuscripts.file(person, file_id)


@bp.get("/kb/files/<int:file_id>")
@for_readers
@asks("public", of=_a_file)
def file_show(kept: ArticleFile):
    return sent(kept.file)


@bp.post("/kb/<slug>/files")
@takes_files
@asks("article.write", of=manuscripts.find)
def file_create(article: Article):
    form = forms.FilesForm()
    if not form.validate():
        raise Invalid(form.files.errors[0])
    if not uploads():
        raise Invalid(_("Please choose a file first."))
    kept = [actions.attach(article, file, me(), clock.now()) for file in uploads()]
    answer = {"files": [{"url": f"/kb/files/{one.id}", "name": one.file.name,
                         "is_picture": one.file.content_type in SAFE_INLINE} for one in kept]}
    if request.accept_mimetypes.best == "application/json":
        db.session.commit()
        return answer, 201
    return _writers.saved(article, _("The files are kept. Copy their lines into the text where they belong."))
