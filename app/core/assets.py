"""Static files: addresses with a hash of the content, how long they are kept, and sheets that travel together.

A browser fetches six files at a time from one host; on a slow line each further round costs a first page a sixth of a
second. So the sheets that a first page needs at once are joined into one when they are asked for."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

JOINED = {"css/every.css": ("css/base.css", "css/layout.css", "css/forms.css", "css/components.css", "css/desk.css"),
          "css/asking.css": ("css/kb.css", "css/articles.css", "css/ask.css")}
"""Address of a sheet that is no file -> the files it is made of, in the order of the cascade."""
FOR_EVER, ASKED_AGAIN = "public, max-age=31536000, immutable", "no-cache"


def serve(filename: str) -> Response:
    """The view behind every static file."""
    if filename not in JOINED:
        return current_app.send_static_file(filename)
    answer = Response(content(filename), mimetype="text/css")
    answer.add_etag()
    return answer.make_conditional(request)


def asset(name: str) -> str:
    """The address of a static file with its content's hash, so that it can be cached for ever."""
    root = request.environ.get("SCRIPT_NAME", "") if request else ""
    return _address(name, root, current_app.static_folder)


def keeping(name: str) -> str:
    """What caches are told: a file asked for under its content's hash never changes, another is asked for each time."""
    return FOR_EVER if request.args.get("v") == _fingerprint(str(current_app.static_folder), name) else ASKED_AGAIN


def content(name: str) -> bytes:
    """The bytes behind a static address."""
    return b"\n".join(path.read_bytes() for path in _paths(name))


def changed_at(name: str) -> int:
    """When one of the files behind an address was last changed, in nanoseconds."""
    return max(path.stat().st_mtime_ns for path in _paths(name))


def _paths(name: str) -> list[Path]:
    """The files behind an address. Raises NotFound for one outside the folder of static files."""
    paths = [safe_join(str(current_app.static_folder), part) for part in JOINED.get(name, (name,))]
    if None in paths:
        raise NotFound()
    return [Path(path) for path in paths if path]


@lru_cache(maxsize=256)
def _address(name: str, _root: str, folder: str) -> str:
    """Kept: a page asks some fifty times, and making an address costs more than drawing the icon."""
    return url_for("static", filename=name, v=_fingerprint(folder, name))


@lru_cache(maxsize=256)
def _fingerprint(_folder: str, name: str) -> str:
    return hashlib.sha256(content(name)).hexdigest()[:12]
