"""Where the Whoosh index lies: instance/index/<version>-<mark>, of which the file CURRENT names the one in use."""

import os
import secrets
from pathlib import Path

from .backend import Unusable

VERSION = "3"
"""Of what the index holds and how words are analysed: whoever changes either counts on, and it is built anew."""
CURRENT = "CURRENT"


def current(root: Path) -> Path:
    """The folder in use. Raises Unusable if there is none of this version."""
    try:
        name = (root / CURRENT).read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise Unusable(f"no index is built: {type(error).__name__}") from error
    if name.split("-")[0] != VERSION or Path(name).name != name:
        raise Unusable("the index is of another version")
    return root / name


def new(root: Path) -> Path:
    """The path of a folder to build in; not made yet."""
    return root / f"{VERSION}-{secrets.token_hex(4)}"


def switch(root: Path, folder: Path) -> None:
    """From now on this folder is in use; at no moment is there none."""
    draft = root / f"{CURRENT}.{os.getpid()}"
    with open(draft, "w", encoding="ascii") as file:
        file.write(folder.name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root / CURRENT)
