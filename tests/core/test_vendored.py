"""Scripts of others are byte for byte what vendor.json says."""

import base64
import hashlib
import io
import shutil
import tarfile

import pytest

from app.core import vendored


def test_every_file_is_what_the_list_says():
    assert list(vendored.differing(vendored.FOLDER)) == []


def test_a_changed_a_missing_and_a_strange_file_are_named(tmp_path):
    folder = tmp_path / "vendor"
    shutil.copytree(vendored.FOLDER, folder)
    with open(folder / "htmx/htmx.min.js", "ab") as file:
        file.write(b" ")
    (folder / "htmx/LICENSE").unlink()
    (folder / "strange.js").write_text("")
    assert list(vendored.differing(folder)) == [
        "htmx/htmx.min.js is not the file of the list", "htmx/LICENSE is missing", "strange.js is not in the list"]


def _package(data: bytes) -> tuple[bytes, dict]:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        member = tarfile.TarInfo("package/dist/a.js")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    package = written.getvalue()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(package).digest()).decode()
    return package, {"integrity": integrity,
                     "files": {"a/a.js": {"from": "dist/a.js", "sha256": hashlib.sha256(b"good").hexdigest()}}}


def test_only_the_package_of_the_list_is_unpacked():
    package, about = _package(b"good")
    assert vendored.unpacked(package, about) == {"a/a.js": b"good"}
    with pytest.raises(vendored.Refused):
        vendored.unpacked(package + b" ", about)
    other, about = _package(b"evil")
    with pytest.raises(vendored.Refused):
        vendored.unpacked(other, about)
