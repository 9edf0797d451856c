"""Folders of texts and mappings for the tests of the import of articles."""

import tomllib
from pathlib import Path

from app.importing import article_mapping


def rule(**about):
    """The one rule of a mapping with these keys."""
    return mapping(**about).rules[0]


def mapping(source="wiki", categories=None, **about):
    """A mapping of one rule for everything, staff only, in English."""
    files = {"match": "**", "language": "en", "visibility": "staff"} | about
    return article_mapping.parse({"source": source, "categories": categories or {}, "files": [files]})


def parsed(text):
    return article_mapping.parse(tomllib.loads(text))


def write(folder: Path, **files):
    """Files of a folder: '__' stands for '/', the last '_' for '.'."""
    for name, content in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
