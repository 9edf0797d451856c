"""Searching tickets: words in any form, filters, numbers; each person finds what they see, by words they may read."""

import re

import pytest

from app.core import clock
from app.core.db import db
from app.tickets import actions, housekeeping, texts
from app.tickets.models import TicketAccess
from app.tickets.searching import find, language
from tests import factories, people

pytestmark = pytest.mark.slow


def found(person, text: str, **about) -> list[int]:
    db.session.commit()
    return [row.id for row in find.find(language.read(text), person, clock.now(), **about).page.rows]


def filed(small, subject: str, body: str = "It does not work", by=None, **about):
    return factories.ticket(by or small.aigul, small.printer, subject, body, **about)


@pytest.mark.parametrize("text", [
    "printer", "printers", "PRINTER", "jammed printers", "принтер", "принтера", "принтерге", "кагаз", "printe", "принт",
    '"room 12"', "10.1.2.3", "wifi", "wi-fi",
])
def test_a_word_is_found_in_any_of_its_forms(small, text):
    ticket = filed(small, "Printers jam in room 12", "Принтерами не пользуемся. Кагазды тыгып калат. 10.1.2.3, Wi-Fi")
    filed(small, "Something else", "10.1.3.2")
    assert found(small.agent, text) == [ticket.id]


def test_all_words_must_be_there_wherever_they_were_said(small):
    both, one = filed(small, "Printer", "room twelve"), filed(small, "Printer")
    both.reply("We ordered toner", small.agent)
    assert found(small.agent, "printer toner twelve") == [both.id]
    assert found(small.agent, "printer") == [one.id, both.id]


def test_where_no_ticket_has_all_words_those_with_most_are_shown_and_it_is_said(small):
    two, one = filed(small, "Printer toner"), filed(small, "Printer")
    db.session.commit()
    page = find.find(language.read("printer toner elephant"), small.agent, clock.now())
    assert [row.id for row in page.page.rows] == [two.id]
    assert "No ticket has all" in page.notes[0]
    assert found(small.agent, "printer elephant") == [one.id, two.id]
    assert found(small.agent, "elephant") == []


def test_a_phrase_is_found_in_its_order(small):
    ticket = filed(small, "Paper jam"), filed(small, "Jam on paper")
    assert found(small.agent, '"paper jam"') == [ticket[0].id]
    assert found(small.agent, '"jam paper"') == []


def test_words_can_be_left_out(small):
    paper, plain = filed(small, "Printer paper"), filed(small, "Printer")
    assert found(small.agent, "printer -paper") == [plain.id]
    assert found(small.agent, "-paper") == [plain.id]
    assert found(small.agent, "printer -plotter") == [plain.id, paper.id]


def test_a_subject_that_was_changed_is_found_by_what_it_is_now(small):
    ticket = filed(small, "Scanner", "Help")
    ticket.change({"subject": "Plotter"}, small.agent)
    assert found(small.agent, "plotter") == [ticket.id]
    assert found(small.agent, "scanner") == []


def test_answers_of_the_form_are_found(small):
    small.printer.fields = [{"key": "place", "type": "text", "labels": people.names("Place")}]
    ticket = filed(small, "Printer", fields={"place": "Greenhouse", "count": 3, "is_there": True})
    assert found(small.aigul, "greenhouse") == [ticket.id]


def secret_ticket(small):
    """A word that only staff reads in each place that only staff reads."""
    ticket = filed(small, "Printer", "public1")
    ticket.note("inthenote1", small.agent)
    actions.tag(ticket, "inthetag1", small.agent)
    ticket.escalate(small.second, "inthereason1", small.agent, answers={"tried": "intheanswer1"})
    actions.watch(ticket, small.bakyt, small.agent)
    return ticket


INTERNAL = ("inthenote1", "inthereason1", "intheanswer1", "tag:inthetag1", "printer inthenote1", "level:2",
            "priority:p2", "tag:inthetag1 printer", "-tag:other", "-level:1", "inthen", '"inthenote1"')


@pytest.mark.parametrize("text", INTERNAL)
def test_what_staff_reads_alone_is_found_by_staff_alone(small, text):
    ticket = secret_ticket(small)
    ticket.impact = ticket.urgency = "medium"
    ticket.priority = "P2"
    boss = people.user("boss")
    small.office.head_id = boss.id
    assert found(small.agent, text) == found(small.expert, text) == [ticket.id]
    for outsider in (small.aigul, small.bakyt, boss):
        words = [word for word in text.split() if word != "printer"]
        assert found(outsider, " ".join(words)) == []
        assert found(outsider, "public1") == [ticket.id]
    assert found(people.user("somebody"), text) == []


def test_leaving_out_a_word_of_a_note_tells_who_does_not_read_it_nothing(small):
    ticket = secret_ticket(small)
    assert found(small.aigul, "printer -inthenote1") == found(small.aigul, "-inthenote1") == [ticket.id]
    assert found(small.agent, "printer -inthenote1") == found(small.agent, "-inthenote1") == []
    assert found(small.aigul, "-tag:inthetag1") == found(small.aigul, "-tag:inthetag2") == []


def test_an_agent_reads_no_notes_on_an_own_request(small):
    ticket = filed(small, "Printer", by=small.agent)
    ticket.note("about-the-agent", small.rival)
    actions.tag(ticket, "annoying", small.rival)
    assert found(small.agent, "about-the-agent") == found(small.agent, "tag:annoying") == []
    assert found(small.rival, "about-the-agent") == found(small.rival, "tag:annoying") == [ticket.id]


def test_a_confidential_ticket_is_found_by_who_is_named(small):
    kind = factories.request_type("complaint", small.first, is_confidential=True)
    ticket = factories.ticket(small.aigul, kind, "Salary", "unfair1")
    ticket.accesses[:] = [TicketAccess(user_id=small.expert.id)]
    ticket.note("hush1", small.expert)
    admin = people.user("admin", administrator=True)
    for text in ("unfair1", "hush1", "is:confidential", "salary"):
        assert found(small.expert, text) == [ticket.id]
        assert found(admin, text) == found(small.agent, text) == found(small.bakyt, text) == []
    assert found(small.aigul, "unfair1") == [ticket.id]
    assert found(small.aigul, "hush1") == []


def test_a_snippet_shows_what_its_reader_may_read(small):
    ticket = secret_ticket(small)
    ticket.reply("We looked <b>behind</b> the printer of Aigul", small.expert)
    ticket.note("Her printer is older than the secret1 one", small.expert)
    db.session.commit()

    def snippet(person, text):
        return find.find(language.read(text), person, clock.now()).snippets.get(ticket.id)

    assert snippet(small.aigul, "printer") == ("We looked &lt;b&gt;behind&lt;/b&gt; the <mark>printer</mark> of Aigul")
    assert snippet(small.aigul, "secret1 printer") == snippet(small.aigul, "printer")
    assert "<mark>secret1</mark>" in snippet(small.expert, "secret1 printer")


def test_pages_follow_each_other_without_gap_or_repetition(small, browser_of):
    made = [filed(small, f"Printer {n}") for n in range(60)]
    made[30].note("printer", small.agent)
    db.session.commit()
    for who in (small.agent, small.aigul):
        browser, url, seen = browser_of(who), "/tickets/search?q=printers", []
        while url:
            page = browser.get(url).text
            seen += [int(n) for n in re.findall(r'class="number">(\d+)', page)]
            older = re.search(r'rel="next" href="([^"]+)"', page)
            url = older[1].replace("&amp;", "&") if older else None
        assert seen == [ticket.id for ticket in reversed(made)]


@pytest.mark.parametrize("mark", ["x", "-1", "1e3", "9" * 30, "١"])
def test_a_mark_nobody_gave_out_is_refused(small, browser_of, mark):
    assert browser_of(small.agent).get("/tickets/search", query_string={"q": "a", "after": mark}).status_code == 400


def test_a_number_leads_to_its_ticket_if_it_is_seen(small, browser_of):
    ticket = filed(small, "Printer")
    for page in ("/tickets/search", "/search"):
        for text in (str(ticket.id), f"#{ticket.id}", f" # {ticket.id} "):
            answer = browser_of(small.agent).get(page, query_string={"q": text})
            assert (answer.status_code, answer.location) == (302, f"/tickets/{ticket.id}")
            assert browser_of(small.bakyt).get(page, query_string={"q": text}).status_code == 200


def test_the_page_takes_the_same_number_of_statements_whatever_it_finds(small, browser_of, statements):
    def count(text):
        with statements() as said:
            assert agent.get("/tickets/search", query_string={"q": text}).status_code == 200
        return len(said)

    agent = browser_of(small.agent)
    filed(small, "Lamp")
    for n in range(30):
        filed(small, f"Printer {n}").reply("printer", small.agent)
    agent.get("/tickets/search?q=lamp")
    assert count("lamp") == count("printer") <= 12


def test_what_was_never_taken_in_is_taken_in_by_the_job(small):
    ticket, other = filed(small, "Printer"), filed(small, "Plotter")
    ticket.note("thenote1", small.agent)
    ticket.escalate(small.second, "thereason1", small.agent)
    db.session.execute(db.delete(texts.TicketText))
    assert found(small.agent, "printer") == found(small.agent, "thenote1") == []
    assert housekeeping.index_texts(clock.now()) == 2
    assert found(small.agent, "printer thenote1 thereason1") == [ticket.id]
    assert found(small.agent, "plotter") == [other.id]
    assert housekeeping.index_texts(clock.now()) == 0


def test_a_ticket_of_which_nothing_is_held_is_written_whole_when_somebody_writes(small):
    said, moved = filed(small, "Printer", "body1"), filed(small, "Printer", "body2")
    db.session.execute(db.delete(texts.TicketText))
    said.reply("reply1", small.agent)
    moved.escalate(small.second, "reason2", small.agent)
    assert found(small.agent, "body1 reply1") == [said.id]
    assert found(small.agent, "body2 reason2") == [moved.id]


def test_the_words_go_with_the_ticket(small):
    ticket = filed(small, "Printer")
    db.session.commit()
    db.session.execute(db.delete(type(ticket)).where(type(ticket).id == ticket.id))
    assert found(small.agent, "printer") == []
    assert housekeeping.index_texts(clock.now()) == 0


def test_a_conversation_without_end_stays_searchable(small, monkeypatch):
    monkeypatch.setattr(texts, "MOST", 60)
    monkeypatch.setattr(texts, "LONG", 400)
    ticket = filed(small, "Printer", "first1")
    for n in range(12):
        ticket.reply(" ".join(f"word{n}x{k}" for k in range(10)), small.agent)
    assert found(small.agent, "printer word11x9 word10x0") == [ticket.id]


def test_the_longest_message_can_be_saved(small):
    ticket = filed(small, "Printer", " ".join(f"{n}{'ж' * 39}" for n in range(12_000)))
    ticket.reply(" ".join(f"{n}{'я' * 39}" for n in range(12_000)), small.agent)
    ticket.reply("a " * 30_000 + "zebra", small.agent)
    assert found(small.agent, "printer") == [ticket.id]
