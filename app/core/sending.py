"""A stored file on its way to a browser: a download that runs nothing, unless a picture is asked for inline."""

from urllib.parse import quote

from flask import Response, request, send_file

from .errors import NotFound
from .files import SAFE_INLINE, StoredFile


def sent(file: StoredFile) -> Response:
    """The answer that carries the file. Raises NotFound when its bytes are gone."""
    if not file.path.is_file():
        raise NotFound()
    response = send_file(file.path, mimetype=file.content_type, etag=file.sha256, last_modified=file.created_at)
    response.headers["Content-Disposition"] = _disposition(file)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _disposition(file: StoredFile) -> str:
    """Inline only for a picture by our own sniffing, and only if asked; the name as RFC 5987 wants it."""
    inline = "inline" in request.args and file.content_type in SAFE_INLINE
    plain = "".join(c if c.isascii() and c.isalnum() or c in "._- " else "_" for c in file.name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
