"""Attachments as they are served: rights of their message, nothing that runs in our origin."""

import io

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.tickets import actions
from app.tickets.models import Attachment
from tests import factories

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
                    "0000000d49444154789c6360000000000500010d0a2db40000000049454e44ae426082")


def sent(browser, ticket, content: bytes, name: str) -> str:
    browser.post(f"/tickets/{ticket.id}/answers", data={"body": "See", "files": (io.BytesIO(content), name)})
    return f"/attachments/{db.session.scalar(sa.select(sa.func.max(Attachment.id)))}"


@pytest.fixture
def ticket(small):
    made = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    return made


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "Отчёт «1».pdf", 'a"b;c.txt'])
def test_whatever_it_is_it_is_only_downloaded(small, ticket, browser_of, name):
    aigul = browser_of(small.aigul)
    content = b"<script>alert(1)</script>"
    answer = aigul.get(sent(aigul, ticket, content, name) + "?inline")
    assert (answer.status_code, answer.data) == (200, content)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=") and "filename*=UTF-8''" in disposition
    assert disposition.isascii()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "html" not in answer.content_type


def test_a_picture_may_be_shown_if_asked(small, ticket, browser_of):
    aigul = browser_of(small.aigul)
    url = sent(aigul, ticket, PNG, "fake.html")
    assert aigul.get(url).headers["Content-Disposition"].startswith("attachment")
    shown = aigul.get(url + "?inline")
    assert shown.headers["Content-Disposition"].startswith("inline") and shown.content_type == "image/png"


def test_a_file_is_for_those_who_may_read_its_message(small, ticket, browser_of, client):
    url = sent(browser_of(small.aigul), ticket, b"x", "a.txt")
    assert browser_of(small.agent).get(url).status_code == 200
    assert [browser_of(person).get(url).status_code for person in (small.bakyt, small.expert)] == [404, 404]
    assert client.get(url).status_code in (302, 303)
    assert browser_of(small.aigul).get("/attachments/99999999999999999999").status_code == 404


def test_files_of_a_merged_ticket_are_for_the_staff_of_the_original(small, ticket, browser_of):
    url = sent(browser_of(small.aigul), ticket, b"x", "a.txt")
    original = factories.ticket(small.bakyt, small.printer)
    actions.merge(ticket, original, small.agent)
    original.escalate(small.second, "Cable", small.agent)
    db.session.commit()
    assert browser_of(small.expert).get(url).status_code == 200
    assert browser_of(small.bakyt).get(url).status_code == 404


def test_a_file_whose_bytes_are_gone_is_not_found(small, ticket, browser_of):
    aigul = browser_of(small.aigul)
    url = sent(aigul, ticket, b"x", "a.txt")
    db.session.get(Attachment, int(url.split("/")[-1])).file.path.unlink()
    assert aigul.get(url).status_code == 404
