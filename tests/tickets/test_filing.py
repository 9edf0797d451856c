"""Filing a request through the browser."""

import io

import pytest
import sqlalchemy as sa

from app.catalogue.models import RequestTypeAccess
from app.core.db import db
from app.core.files import StoredFile
from app.tickets.models import Attachment, Message, Ticket
from tests import factories, people

SENT_TWICE = "0123456789abcdef"


def question(key: str, kind: str, required: bool = False, **about):
    return {"key": key, "type": kind, "labels": people.names(key.title()), "required": required, **about}


QUESTIONS = [
    question("room", "text", required=True), question("story", "textarea"),
    question("scope", "choice", choices=[{"value": "one", "labels": people.names("Only me")}]),
    question("since", "date"), question("count", "number"), question("loud", "checkbox"),
]


@pytest.fixture
def detailed(small):
    return factories.request_type("detailed", small.first, fields=QUESTIONS)


def file(browser, kind="printer", **form):
    return browser.post("/tickets", data={"request_type": kind, "subject": "No paper", "body": "Empty", **form})


def tickets() -> list[Ticket]:
    return list(db.session.scalars(sa.select(Ticket).order_by(Ticket.id)))


def test_an_employee_files_for_themselves(small, browser_of):
    answer = file(browser_of(small.aigul))
    [ticket] = tickets()
    assert answer.location == f"/tickets/{ticket.number}"
    assert (ticket.requester, ticket.filed_by, ticket.team, ticket.status) == (small.aigul, None, small.first, "new")


def test_only_types_on_offer_can_be_filed(small, browser_of):
    small.printer.is_active = False
    db.session.commit()
    aigul = browser_of(small.aigul)
    assert "Printer" not in aigul.get("/tickets/new").text
    assert (aigul.get("/tickets/new/printer").status_code, file(aigul).status_code) == (404, 404)
    assert file(aigul, "nonsense").status_code == 404


def test_own_fields_are_asked_and_kept(small, detailed, browser_of):
    aigul = browser_of(small.aigul)
    page = aigul.get("/tickets/new/detailed").text
    assert all(f'name="field_{asked["key"]}"' in page for asked in QUESTIONS)
    file(aigul, "detailed", field_room="B-214", field_scope="one", field_since="2026-11-02", field_count="2,5",
         field_loud="y")
    [ticket] = tickets()
    assert ticket.fields == {"room": "B-214", "scope": "one", "since": "2026-11-02", "count": 2.5, "loud": True}
    assert "Nov 2, 2026" in aigul.get(f"/tickets/{ticket.number}").text


@pytest.mark.parametrize("wrong", [
    {"field_room": ""}, {"field_scope": "all"}, {"field_since": "yesterday"}, {"field_count": "many"},
    {"field_count": "NaN"}, {"subject": ""}, {"subject": "x" * 201}, {"subject": "\0\n"}, {"body": "x" * 100_001},
])
def test_a_refused_form_comes_back_with_what_was_typed(small, detailed, browser_of, wrong):
    form = {"subject": "No paper", "body": "Remember me", "field_room": "B-214"} | wrong
    answer = file(browser_of(small.aigul), "detailed", **form)
    assert answer.status_code == 400
    assert form["body"][:50] in answer.text and 'role="alert"' in answer.text
    assert tickets() == []


def test_control_characters_do_not_reach_the_database(small, browser_of):
    file(browser_of(small.aigul), subject="No\0 pa\x07per\r\nBcc: all", body="one\r\ntwo\0\x1b[31m")
    [ticket] = tickets()
    assert ticket.subject == "No pa per Bcc: all"
    assert ticket.messages[0].body == "one\ntwo[31m"


def test_the_same_form_sent_twice_files_once(small, browser_of):
    aigul = browser_of(small.aigul)
    first, second = (file(aigul, submission=SENT_TWICE) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    assert len(tickets()) == 1


def test_somebody_elses_submission_leads_nowhere(small, browser_of):
    file(browser_of(small.aigul), submission=SENT_TWICE)
    answer = file(browser_of(small.bakyt), submission=SENT_TWICE)
    assert answer.status_code == 409 and answer.location is None
    assert [ticket.requester for ticket in tickets()] == [small.aigul]


def test_an_employee_cannot_file_for_others(small, browser_of):
    file(browser_of(small.aigul), person="bakyt@jardam.example", channel="phone", impact="high", urgency="high")
    [ticket] = tickets()
    assert (ticket.requester, ticket.channel, ticket.priority) == (small.aigul, "web", "P4")


@pytest.mark.parametrize("named", ["aigul@jardam.example", "AIGUL@jardam.example", "Aigul", "aig"])
def test_an_agent_files_for_whom_address_or_name_means(small, browser_of, named):
    file(browser_of(small.agent), person=named, channel="phone", impact="high", urgency="high")
    [ticket] = tickets()
    assert (ticket.requester, ticket.filed_by) == (small.aigul, small.agent)
    assert (ticket.channel, ticket.priority) == ("phone", "P1")
    message = db.session.scalars(sa.select(Message)).one()
    assert (message.author, message.entered_by) == (small.aigul, small.agent)


def test_a_cyrillic_name_is_found_whatever_its_case(small, browser_of):
    small.aigul.name = "Айгүл Токтосунова"
    db.session.commit()
    file(browser_of(small.agent), person="токтосунова")
    assert tickets()[0].requester == small.aigul


def test_several_of_one_name_are_chosen_from(small, browser_of):
    agent, other = browser_of(small.agent), people.user("other")
    other.name = "Aigul Asanova"
    small.aigul.name = "Aigul Bekova"
    db.session.commit()
    asked = file(agent, person="Aigul", body="Remember me")
    assert asked.status_code == 400 and "Remember me" in asked.text
    assert "Aigul Asanova" in asked.text and "Aigul Bekova" in asked.text
    file(agent, person="Aigul", chosen_person=str(other.id))
    assert tickets()[0].requester == other


@pytest.mark.parametrize("named", ["nobody@nowhere.example", "Zzz", "%", "_"])
def test_an_unknown_person_is_asked_for_again(small, browser_of, named):
    assert file(browser_of(small.agent), person=named).status_code == 400
    assert tickets() == []


def test_a_confidential_type_says_who_will_see_it(small, browser_of):
    kind = factories.request_type("complaint", small.first, is_confidential=True)
    kind.named.append(RequestTypeAccess(user_id=small.expert.id))
    db.session.commit()
    page = browser_of(small.aigul).get("/tickets/new/complaint").text
    assert "Service-Desk, Expert" in page


def test_files_are_kept_even_empty_ones(small, browser_of):
    sent = [(io.BytesIO(b"hello"), "../a\u202eb.txt"), (io.BytesIO(b""), "empty.log")]
    file(browser_of(small.aigul), files=sent)
    kept = list(db.session.scalars(sa.select(Attachment).order_by(Attachment.id)))
    assert [(k.file.name, k.file.size_bytes) for k in kept] == [("ab.txt", 5), ("empty.log", 0)]
    assert kept[0].file.path.read_bytes() == b"hello"


def test_too_many_files_are_refused_and_not_kept(small, browser_of, desk):
    answer = file(browser_of(small.aigul), files=[(io.BytesIO(b"x"), f"{n}.txt") for n in range(21)])
    assert answer.status_code == 400 and "At most 20 files" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 0


def test_files_of_a_refused_form_leave_the_disk(small, browser_of, desk):
    def on_disk():
        return sum(path.is_file() for path in desk.config["FILES_FOLDER"].rglob("*"))

    before = on_disk()
    answer = file(browser_of(small.aigul), subject="", files=[(io.BytesIO(b"x"), "a.txt")])
    assert answer.status_code == 400 and "choose the files again" in answer.text
    assert on_disk() == before


def test_a_stranger_stores_nothing(small, client):
    answer = client.post("/tickets", data={"files": (io.BytesIO(b"x"), "a.txt")})
    assert answer.status_code == 401
    assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 0


def test_a_request_that_is_too_large_says_so(small, browser_of, desk, monkeypatch):
    monkeypatch.setitem(desk.config, "MAX_CONTENT_LENGTH", 1000)
    answer = file(browser_of(small.aigul), files=[(io.BytesIO(b"x" * 2000), "a.txt")])
    assert answer.status_code == 413
