"""Addresses inside this desk to which a visitor may be sent on."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException


def onward(target: str | None, otherwise: str = "/") -> str:
    """`target` if it is a page of this desk that can be read, else `otherwise`.

    Only a path with one leading slash counts: no scheme, no host, no backslash and no control character, which
    browsers read as a slash or drop.
    """
    home = request.script_root + otherwise
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return home
    if "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target) or len(target) > 2000:
        return home
    return target if _is_readable(target) else home


def _is_readable(target: str) -> bool:
    path = urlsplit(target).path.removeprefix(request.script_root)
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _parts = adapter.match(path, method="GET")
    except HTTPException:
        return False
    return endpoint != "static"
