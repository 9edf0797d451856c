"""What a form takes from a request: text that has a name, and nothing else."""

from io import BytesIO

import pytest

from tests import people

NAMELESS = b'--x\r\nContent-Disposition: form-data\r\n\r\nwords\r\n--x--'


@pytest.fixture
def browser(client):
    return people.sign_in(client, people.user("aigul"))


def test_a_file_is_no_text(browser):
    sent = {"name": (BytesIO(b"Aigul"), "name.txt"), "language": "en", "time_zone": "Asia/Bishkek"}
    assert browser.post("/profile", data=sent).status_code == 400


@pytest.mark.parametrize("body", [[1], {"name": 5, "language": ["en"]}, "words", None])
def test_json_is_no_form(browser, body):
    assert browser.post("/profile", json=body).status_code == 400


def test_a_nameless_part_is_left_out(client):
    administrator = people.sign_in(client, people.user("admin", administrator=True))
    sent = administrator.post("/admin/request-types/new", data=NAMELESS, content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 400
