"""How a message looks that came by mail, and to whom which part of it."""

import time

import pytest
from markupsafe import Markup

from app.channels.email.shown_html import Words, draw, elsewhere
from app.core import markup
from app.core.db import db
from app.tickets import actions, showing
from app.tickets.models import Message
from tests import factories, people
from tests.tickets.mails import attach, come, mailbox

pytestmark = pytest.mark.slow

WORDS = Words("picture on {host}, not loaded", "a picture that is not in the mail", "leads to {host}")


@pytest.fixture
def ticket(small):
    made = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    return made


@pytest.fixture
def page(ticket, browser_of):
    """The ticket as somebody sees it."""
    return lambda person: browser_of(person).get(f"/tickets/{ticket.id}").text


def test_text_is_shown_as_text(small, ticket, page):
    come(ticket, small.aigul, "**not bold** <b>nor this</b>\n# no heading\n\n> quoted\nhttps://kb.example/a.")
    for seen in (page(small.aigul), page(small.agent)):
        assert "<p>**not bold** &lt;b&gt;nor this&lt;/b&gt;<br># no heading</p>" in seen
        assert "<blockquote><p>quoted</p></blockquote>" in seen
        assert '<a href="https://kb.example/a" rel="noopener noreferrer nofollow">https://kb.example/a</a>.' in seen


def test_html_is_cleaned_once_more(small, ticket, page):
    come(ticket, small.aigul, html='<p onclick="x()">It <b>prints</b><script>alert(1)</script></p>')
    assert "<p>It <b>prints</b></p>" in page(small.agent) and "alert(1)" not in page(small.agent)


def test_pictures_of_the_mail_show_and_others_are_named(small, ticket, page):
    message = come(ticket, small.aigul, html='<img src="cid:plan@x" alt="Plan"><img data-host="pic.example" alt="Logo">'
                                             '<img src="cid:gone">')
    number = attach(message, content_id="plan@x")
    attach(message, name="other.png")
    seen = page(small.agent)
    assert f'<img src="/attachments/{number}?inline=1" alt="Plan" loading="lazy">' in seen
    assert "Logo: picture on pic.example, not loaded" in seen and "a picture that is not in the mail" in seen
    assert "other.png" in seen and "plan.png" not in seen


def test_what_is_no_picture_is_not_drawn(small, ticket, page):
    message = come(ticket, small.aigul, html='<img src="cid:svg">')
    attach(message, b"<svg onload='x()'/>", "plan.svg", "svg")
    seen = page(small.agent)
    assert "?inline" not in seen and "plan.svg" in seen


def test_quotes_are_behind_a_click(small, ticket, page):
    come(ticket, small.aigul, folded="> what you asked")
    assert "Show quoted text" in page(small.aigul) and "what you asked" in page(small.agent)


def test_what_an_agents_mail_quotes_is_for_the_staff(small, ticket, page):
    come(ticket, small.agent, "Try again", "reply", folded="> a note of ours", folded_html="<p>a note of ours</p>")
    assert "a note of ours" in page(small.agent)
    assert "Try again" in page(small.aigul) and "a note of ours" not in page(small.aigul)


def test_a_mail_without_words_says_so(small, ticket, page):
    come(ticket, small.aigul, "", folded="> what you asked")
    assert "No words of its own." in page(small.agent)


@pytest.mark.parametrize(("about", "agent", "aigul"), [
    ({}, ["by e-mail"], ["by e-mail"]),
    ({"automatic": "out_of_office"}, ["by e-mail", "automatic reply"], ["by e-mail", "automatic reply"]),
    ({"automatic": "bulk"}, ["by e-mail", "automatic mail"], ["by e-mail", "automatic mail"]),
    ({"proof": "failed"}, ["by e-mail", "the sender is false"], ["by e-mail"]),
    ({"proof": "proven"}, ["by e-mail"], ["by e-mail"]),
    ({"is_unsent": True}, ["by e-mail", "the sender is not proven", "not sent"], ["by e-mail"]),
])
def test_marks_are_words(small, ticket, about, agent, aigul):
    message = come(ticket, small.aigul, **about)
    with db.session.no_autoflush:
        assert [mark.words for mark in showing.shown(message, True).marks] == agent
        assert [mark.words for mark in showing.shown(message, False).marks] == aigul


def test_nobody_vouching_says_something_where_somebody_could(small, ticket):
    message = come(ticket, small.aigul, box=mailbox(trusted_hop="mx.desk.example"))
    assert "the sender is not proven" in [mark.words for mark in showing.shown(message, True).marks]


@pytest.mark.parametrize(("body", "html", "is_long"), [
    ("line\n" * 30, "", False), ("line\n" * 70, "", True), ("word " * 1300, "", True),
    ("x", "<p>line</p>" * 30, False), ("x", "<p>line</p>" * 70, True)])
def test_what_is_long_is_shown_in_part(small, ticket, page, body, html, is_long):
    come(ticket, small.aigul, body, html=html)
    assert ("Show all of it" in page(small.agent)) == is_long


def test_what_is_too_costly_to_draw_is_shown_as_text(small, ticket, page):
    come(ticket, small.aigul, "in short", html="<div>" * 20_000 + "in long")
    assert "in short" in page(small.agent)


def test_the_whole_mail(small, ticket, browser_of):
    message = come(ticket, small.aigul, folded="> what you asked", proof="failed", said="the file x.exe was too large")
    attach(message, name="plan.png")
    browser = browser_of(small.agent)
    address = f"/tickets/{ticket.id}/messages/{message.id}/mail"
    assert address in browser.get(f"/tickets/{ticket.id}").text
    seen = browser.get(address).text
    for part in ("Айгуль &lt;aigul@jardam.example&gt;", "Bakyt &lt;b@x.example&gt;", "&lt;first@x.example&gt;",
                 "what you asked", "False: the mail server says", "the file x.exe was too large", "plan.png",
                 "It prints."):
        assert part in seen


def test_the_mail_as_it_came_is_only_downloaded(small, ticket, browser_of):
    message = come(ticket, small.aigul)
    answer = browser_of(small.agent).get(f"/messages/{message.id}/mail")
    assert answer.headers["Content-Disposition"].startswith("attachment") and b"Message-ID: <first" in answer.data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_whole_mail_is_for_the_staff(small, ticket, browser_of):
    message = come(ticket, small.aigul)
    watcher = people.user("watcher", department=small.office)
    actions.watch(ticket, watcher, small.agent)
    db.session.commit()
    for person in (small.aigul, small.bakyt, small.expert, watcher):
        browser = browser_of(person)
        assert browser.get(f"/tickets/{ticket.id}/messages/{message.id}/mail").status_code == 404
        assert browser.get(f"/messages/{message.id}/mail").status_code == 404
    assert "The whole mail" not in browser_of(small.aigul).get(f"/tickets/{ticket.id}").text


def test_the_whole_mail_is_of_this_ticket_and_came_by_mail(small, ticket, browser_of):
    other = factories.ticket(small.bakyt, small.printer)
    message, written = come(ticket, small.aigul), ticket.receive("By hand", small.aigul)
    db.session.commit()
    browser = browser_of(small.agent)
    for number, said in ((other.id, message.id), (ticket.id, written.id), (ticket.id, 10**30), (10**30, message.id)):
        assert browser.get(f"/tickets/{number}/messages/{said}/mail").status_code == 404


def test_a_mail_whose_bytes_are_gone_still_has_a_page(small, ticket, browser_of):
    message = come(ticket, small.aigul)
    message.mailed.mail.file.path.unlink()
    answer = browser_of(small.agent).get(f"/tickets/{ticket.id}/messages/{message.id}/mail")
    assert answer.status_code == 200 and "It prints." in answer.text


@pytest.mark.parametrize("who", ["agent", "aigul"])
def test_many_mails_cost_no_more_queries_than_one(small, browser_of, statements, who):
    def with_mails(mails):
        ticket, box = factories.ticket(small.aigul, small.printer), mailbox(trusted_hop="mx.desk.example")
        for _number in range(mails):
            attach(come(ticket, small.aigul, box=box, html='<img src="cid:a">', folded="> old"), content_id="a")
        return ticket.id

    def count(number):
        db.session.remove()
        with statements() as said:
            assert browser.get(f"/tickets/{number}").status_code == 200
        return len(said)

    one, many, browser = with_mails(1), with_mails(12), browser_of(getattr(small, who))
    assert count(one) == count(many)


def test_into_an_article_it_goes_as_the_same_words():
    body = "1. *no* list & [no](link) <b>\n# no heading\n    no code\n- no item\nhttps://a.example/x_y_z"
    drawn = markup.render(showing.as_markdown(Message(body=body, format="text")))
    assert "<em>" not in drawn and "<li>" not in drawn and "<a " not in drawn.replace('href="https://a', "")
    assert "<h1>" not in drawn and "<code>" not in drawn
    for words in ("1. *no* list &amp; [no](link) &lt;b&gt;", "# no heading", "no code", "- no item"):
        assert words in drawn
    assert showing.as_markdown(Message(body="**bold**", format="markdown")) == "**bold**"


@pytest.mark.parametrize(("href", "said", "leads"), [
    ("https://evil.example/a", "https://www.bank.kg/login", "evil.example"),
    ("https://evil.example", "bank.kg", "evil.example"),
    ("https://evil.example", " bank.kg/login?x=1 ", "evil.example"),
    ("https://bank.kg@evil.example/", "bank.kg", "evil.example"),
    ("https://bank.kg.evil.example", "bank.kg", "bank.kg.evil.example"),
    ("https://xn--80ak6aa92e.com", "apple", "xn--80ak6aa92e.com"),
    ("https://аррӏе.example/", "here", "xn--80ak6aa92e.example"),
    ("https://www.bank.kg/x", "bank.kg", ""), ("https://bank.kg", "Sign in here", ""), ("mailto:a@b.kg", "bank.kg", ""),
    ("https://a.example", "10.5", ""), ("https://[bad", "bank.kg", ""),
])
def test_a_link_that_leads_elsewhere_says_where(href, said, leads):
    assert elsewhere(href, said) == leads


def test_what_is_drawn_stays_inside_its_tags():
    html = draw('<h1>Big</h1><table><tr><td>x</table><a href="https://evil.example">bank.kg</a>'
                '<img data-host="&quot;><script>" alt="<b>">', {}, WORDS).html
    assert "<h1>" not in html and '<div class="scrolls"><table role="presentation">' in html
    assert '</a><span class="leads">leads to evil.example</span>' in html
    assert "<script>" not in html and "<b>" not in html


@pytest.mark.parametrize(("text", "drawn"), [
    ("", ""), ("a\n\n\nb", "<p>a</p><p>b</p>"), ("> a\n>> b\nc", "<blockquote><p>a<br>&gt; b</p></blockquote><p>c</p>"),
    ("javascript:alert(1)", "<p>javascript:alert(1)</p>"), ('http://a.example/"onclick="x', None),
    ("(https://a.example/b_(c)).", None),
])
def test_plain_text(text, drawn):
    made = markup.plain(text)
    assert isinstance(made, Markup) and (drawn is None or made == drawn)
    assert '" onclick' not in made and "onclick=\"" not in made


def test_addresses_end_where_they_should():
    made = markup.plain("see (https://a.example/b_(c)), and https://d.example/?q=1&r=2!")
    assert ">https://a.example/b_(c)</a>)" in made and 'href="https://d.example/?q=1&amp;r=2"' in made


def test_plain_text_that_is_sent_to_cost_time_does_not():
    start = time.process_time()
    for evil in ("http://" + ")" * 500_000, "https://a.example/" * 30_000, ">\nx\n" * 100_000, "h" * 1_000_000):
        markup.plain(evil)
    assert time.process_time() - start < 6
