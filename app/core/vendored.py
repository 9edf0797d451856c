"""Scripts of others, kept beside our own: which version of which package, and what each file must be (vendor.json).

`flask vendor` fetches them again with npm and checks the package against the integrity npm once stated; `flask vendor
--check` needs neither npm nor a network."""

import base64
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask

FOLDER = Path(__file__).parent.parent / "static" / "vendor"
LIST = "vendor.json"
PATIENCE_SECONDS = 120


class Refused(Exception):
    """A package or a file that is not what the list says."""


def init(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(vendor)


@click.command("vendor")
@click.option("--check", is_flag=True, help="Only compare the files that are here with the list.")
def vendor(check: bool) -> None:
    """Fetch the scripts of others that stand in vendor.json, and check every byte of them."""
    try:
        if not check:
            for name, about in listed(FOLDER).items():
                click.echo(f"{name} {about['version']}: {', '.join(fetch(name, about, FOLDER))}")
        if wrong := list(differing(FOLDER)):
            raise Refused("; ".join(wrong))
    except (Refused, OSError, subprocess.SubprocessError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("Every file is what the list says.")


def listed(folder: Path) -> dict[str, Any]:
    """The packages with their versions, integrities and files."""
    return json.loads((folder / LIST).read_text(encoding="utf-8"))


def differing(folder: Path) -> Iterator[str]:
    """Sentences about files that are missing, changed, or of which the list knows nothing."""
    known = {LIST}
    for about in listed(folder).values():
        for path, file in about["files"].items():
            known.add(path)
            if not (folder / path).is_file():
                yield f"{path} is missing"
            elif hashlib.sha256((folder / path).read_bytes()).hexdigest() != file["sha256"]:
                yield f"{path} is not the file of the list"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in known:
            yield f"{path.relative_to(folder).as_posix()} is not in the list"


def fetch(name: str, about: dict[str, Any], folder: Path) -> list[str]:
    """Put the files of one package in their places; their paths. Raises Refused before anything is written."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["npm", "pack", "--silent", "--pack-destination", scratch, f"{name}@{about['version']}"]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)  # noqa: S603 - of our own list
        package = next(Path(scratch).glob("*.tgz")).read_bytes()
    contents = unpacked(package, about)
    for path, data in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return list(contents)


def unpacked(package: bytes, about: dict[str, Any]) -> dict[str, bytes]:
    """The named files of a package, by where they go. Raises Refused for a package or file that is another."""
    digest = "sha512-" + base64.b64encode(hashlib.sha512(package).digest()).decode()
    if digest != about["integrity"]:
        raise Refused(f"the package is {digest}, not {about['integrity']}")
    contents = {}
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        for path, file in about["files"].items():
            member = archive.extractfile(f"package/{file['from']}")
            contents[path] = member.read() if member else b""
            if hashlib.sha256(contents[path]).hexdigest() != file["sha256"]:
                raise Refused(f"{file['from']} is not the file of the list")
    return contents
