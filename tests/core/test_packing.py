"""Answers are packed for who asks, and are the same when unpacked."""

import gzip

import pytest
from werkzeug.exceptions import NotFound

from app.core import assets, packing

ASKS = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_packed_and_whole(desk, client):
    answer = client.get("/session", headers=ASKS)
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert b"</html>" in gzip.decompress(answer.data)


def test_who_does_not_ask_gets_it_plain(desk, client):
    answer = client.get("/session")
    assert "Content-Encoding" not in answer.headers and b"</html>" in answer.data
    assert "Accept-Encoding" in answer.headers["Vary"]
    refused = client.get("/session", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_the_length_of_a_page_tells_nothing_exact():
    data = b"a token and what was asked " * 100
    assert len({len(packing._packed_page(data)) for _ in range(60)}) > 10
    assert gzip.decompress(packing._packed_page(data)) == data


def test_a_file_is_packed_once_and_asked_after(desk, client):
    answer = client.get("/static/css/base.css", headers=ASKS)
    plain = client.get("/static/css/base.css")
    assert gzip.decompress(answer.data) == plain.data and len(answer.data) < len(plain.data) / 2
    again = client.get("/static/css/base.css", headers={**ASKS, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_part_of_a_file_stays_a_part(desk, client):
    answer = client.get("/static/css/base.css", headers={**ASKS, "Range": "bytes=0-99"})
    assert answer.status_code == 206 and len(answer.data) == 100 and "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", [
    "/static/no-such.css", "/static/../__init__.py", "/static/..%2f__init__.py", "/static/css/../../../README.md",
    "/static/../../../../../../../../etc/passwd"])
def test_what_is_no_static_file_is_not_there_for_who_asks_for_it_packed(desk, client, path):
    answer = client.get(path, headers=ASKS)
    assert answer.status_code == 404
    assert b"</html>" in gzip.decompress(answer.data)


def test_nothing_outside_the_folder_is_read(app):
    with app.app_context(), pytest.raises(NotFound):
        assets.content("../__init__.py")
