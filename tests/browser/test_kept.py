"""Nothing typed is ever lost: tab closed, desk killed, session ended, form's token void, no connection."""

import re
import secrets
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, SignIn, User
from app.core import clock
from app.tickets.models import Message, Ticket
from app.tickets.ratings import asking
from app.tickets.sending import checks

from .conftest import Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "The toner is on the second shelf"
KEPT = "form [data-kept]"


class Place:
    """A form in which somebody writes: where it is, its box, and how many times its words have arrived."""

    def __init__(self, desk, who: str, path: str, box: str, heading: str = "") -> None:
        self.desk, self.who, self.path, self.box, self.heading = desk, who, path, box, heading

    def write(self, window, text: str) -> None:
        window.open(self.path)
        window.page.fill(self.box, text)
        if "filing" in self.heading:
            window.page.fill("[name=subject]", text)
            for choice in window.page.locator("main form select:visible").all():
                choice.select_option(index=1)
            for line in window.page.locator("main form input[name^=field_]:visible").all():
                line.fill("12")

    def press(self, window) -> None:
        form = window.page.locator(f"form:has({self.box})")
        form.locator(".actions button.primary, .form-actions button.primary").first.click(no_wait_after=True)

    def arrived(self, text: str) -> int:
        with self.desk.inside() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Message).where(Message.body == text))


def open_ticket(desk, *where) -> int:
    with desk.inside() as session:
        alive = Ticket.status.in_(("new", "open"))
        statement = sa.select(Ticket.id).where(alive, Ticket.merged_into_id.is_(None), *where)
        return session.scalar(statement.order_by(Ticket.id.desc()).limit(1))


def reply_place(desk) -> Place:
    """Of an agent whose replies leave at once and are not looked at before."""
    with desk.inside() as session:
        agent = session.scalar(sa.select(User).where(User.email == "agent1@jardam.example"))
        agent.undo_seconds, agent.checks_off = 0, list(checks.NAMES)
        session.commit()
    teams = sa.select(Membership.team_id).join(User).where(User.email == "agent1@jardam.example")
    return Place(desk, "agent1", f"/tickets/{open_ticket(desk, Ticket.team_id.in_(teams))}", "#reply-body")


def filing_place(desk) -> Place:
    return Place(desk, "employee", "/tickets/new/printer", "[name=body]", "filing")


@pytest.fixture(params=[reply_place, filing_place], ids=["reply", "filing"])
def place(request, sample_desk) -> Place:
    return request.param(sample_desk)


def words() -> str:
    return f"{secrets.token_hex(4)} {WORDS}"


def end_sessions(desk) -> None:
    with desk.inside() as session:
        session.execute(sa.update(SignIn).values(ended_at=clock.now()))
        session.commit()


def await_draft(page, text: str) -> None:
    page.wait_for_function("(text) => Object.values(localStorage).some((kept) => kept.includes(text))", arg=text)


def await_arrival(window, place, text) -> None:
    """The form is empty again, and what was written stands on the page, once."""
    window.page.wait_for_function("(box) => !document.querySelector(box)?.value", arg=place.box, timeout=40_000)
    window.page.wait_for_url(re.compile(r"/tickets/\d+(#m\d+)?$"), timeout=30_000)
    window.page.wait_for_selector(f"main .message .body:has-text('{text[:30]}')", timeout=60_000)
    assert place.arrived(text) == 1


def test_a_closed_tab(window_of, place):
    text = words()
    with window_of(place.who) as window:
        place.write(window, text)
        await_draft(window.page, text)
        context = window.page.context
        window.page.close(run_before_unload=False)
        window.page = context.new_page()
        window.open(place.path)
        assert window.page.input_value(place.box) == text
        assert "not send is back" in window.page.inner_text(".draft-note")


def test_what_came_back_is_thrown_away_and_fetched_again(window_of, place):
    text = words()
    with window_of(place.who) as window:
        place.write(window, text)
        await_draft(window.page, text)
        window.open(place.path)
        window.page.click(".draft-note >> text=Discard it")
        assert window.page.input_value(place.box) == ""
        window.page.click(".draft-note >> text=Undo")
        assert window.page.input_value(place.box) == text


def test_no_connection(window_of, place):
    """Said in words, and sent by itself once when the connection is back."""
    text = words()
    with window_of(place.who) as window:
        place.write(window, text)
        window.page.context.set_offline(True)
        place.press(window)
        window.page.wait_for_selector(f"{KEPT}:has-text('Not sent: no connection')")
        assert window.page.input_value(place.box) == text and place.arrived(text) == 0
        window.page.context.set_offline(False)
        await_arrival(window, place, text)


def test_the_desk_killed_and_back(window_of, place, sample_desk):
    text = words()
    with window_of(place.who) as window:
        place.write(window, text)
        sample_desk.kill()
        place.press(window)
        window.page.wait_for_selector(f"{KEPT}:has-text('Your text is kept')")
        assert window.page.input_value(place.box) == text
        sample_desk.start()
        window.page.click(f"{KEPT} >> text=Try now", no_wait_after=True)
        await_arrival(window, place, text)


def test_killed_in_the_middle_of_sending(window_of, sample_desk, tmp_path):
    """Half of a file is on its way: then the desk is gone. Afterwards it is there once, with the file."""
    place, text = reply_place(sample_desk), words()
    (tmp_path / "plan.bin").write_bytes(b"x" * 12_000_000)
    with window_of(place.who) as window:
        place.write(window, text)
        window.page.set_input_files("#reply-files", tmp_path / "plan.bin")
        slow = window.page.context.new_cdp_session(window.page)
        conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2_000_000}
        slow.send("Network.emulateNetworkConditions", conditions)
        place.press(window)
        window.page.wait_for_selector(f"{KEPT} [role=progressbar]")
        sample_desk.kill()
        slow.send("Network.emulateNetworkConditions", conditions | {"uploadThroughput": -1})
        window.page.wait_for_selector(f"{KEPT}:has-text('Your text is kept')")
        sample_desk.start()
        await_arrival(window, place, text)
        assert window.page.locator("main .message:has-text('plan.bin')").count() == 1


def test_an_answer_that_is_lost_after_the_desk_has_it(window_of, place):
    text, tries = words(), []

    def lose(route):
        tries.extend([1] if route.request.method == "POST" else [])
        if len(tries) != 1 or route.request.method != "POST":
            return route.continue_()
        route.fetch(max_redirects=0)
        route.abort()

    with window_of(place.who) as window:
        place.write(window, text)
        window.page.route(re.compile(r"/(replies|tickets)$"), lose)
        place.press(window)
        await_arrival(window, place, text)
        assert len(tries) == 2


def test_a_session_that_ended(window_of, place, sample_desk):
    """Signed in again in another tab: sent from the first one, by a click."""
    text = words()
    with window_of(place.who) as window:
        place.write(window, text)
        end_sessions(sample_desk)
        place.press(window)
        window.page.wait_for_selector(f"{KEPT}:has-text('You were signed out')")
        assert window.page.input_value(place.box) == text and place.arrived(text) == 0
        with window.page.context.expect_page() as opened:
            window.page.click(f"{KEPT} >> text=Sign in")
        door = opened.value
        door.fill("[name=email]", f"{place.who}@jardam.example")
        door.fill("[name=password]", "jardam-sample")
        with door.expect_navigation():
            door.click("main button[type=submit]")
        door.close()
        window.page.evaluate("dispatchEvent(new Event('focus'))")
        window.page.click(f"{KEPT}:has-text('signed in again') >> text=Try now", no_wait_after=True)
        await_arrival(window, place, text)


def test_a_token_that_is_void(window_of, place):
    text = words()
    with window_of(place.who) as window:
        place.write(window, text)
        window.page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((box) => box.value = 'void')")
        place.press(window)
        await_arrival(window, place, text)


def test_somebody_else_signed_in_meanwhile(window_of, sample_desk):
    """Nothing goes out in their name, and their page shows no draft of the person before."""
    place, text = reply_place(sample_desk), words()
    with window_of(place.who) as window:
        place.write(window, text)
        await_draft(window.page, text)
        end_sessions(sample_desk)
        other = window.page.context.new_page()
        first, window.page = window.page, other
        window.sign_in("agent2").open(place.path)
        assert text not in window.page.content() and window.page.locator(".draft-note").count() == 0
        window.page = first
        place.press(window)
        window.page.wait_for_selector(f"{KEPT}:has-text('Somebody else is signed in')")
        assert window.page.input_value(place.box) == text and place.arrived(text) == 0


def test_a_refused_form_keeps_its_files(window_of, sample_desk, tmp_path):
    place = filing_place(sample_desk)
    (tmp_path / "photo.txt").write_text("x")
    with window_of(place.who) as window:
        window.open(place.path)
        window.page.fill("[name=body]", "Kept beside its file")
        window.page.set_input_files("[name=files]", tmp_path / "photo.txt")
        place.press(window)
        window.page.wait_for_selector(".error-summary")
        assert window.page.input_value("[name=body]") == "Kept beside its file"
        assert window.page.evaluate("document.querySelector('[name=files]').files.length") == 1
        assert "photo.txt" in window.page.inner_text(".file-list")
        assert "choose the files again" not in window.text


def test_two_tabs_do_not_write_over_each_other(window_of, sample_desk):
    place = reply_place(sample_desk)
    with window_of(place.who) as window:
        window.open(place.path)
        other = window.page.context.new_page()
        other.goto(window.base + place.path)
        for page, text in ((window.page, "From the first tab"), (other, "From the second tab"),
                           (window.page, "From the first tab, more")):
            page.fill(place.box, text)
            await_draft(page, text)
        kept = window.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"
                                    ".map((key) => JSON.parse(localStorage[key]).text)")
        assert sorted(kept) == ["From the first tab, more", "From the second tab"]


def test_what_is_not_sent_is_named_on_the_first_page(window_of, sample_desk):
    place = reply_place(sample_desk)
    with window_of(place.who) as window:
        place.write(window, "To be finished after lunch")
        await_draft(window.page, "To be finished after lunch")
        window.open("/")
        window.page.click(".drafts summary")
        window.send(".drafts li a")
        assert window.page.url.endswith(place.path)
        assert window.page.input_value(place.box) == "To be finished after lunch"


def test_pasted_pictures_are_shown_and_taken_out(window_of, sample_desk):
    place = reply_place(sample_desk)
    with window_of(place.who) as window:
        window.open(place.path)
        window.page.evaluate("""async (box) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 30, height: 20 });
          canvas.getContext("2d").fillRect(0, 0, 30, 20);
          const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([blob], "image.png", { type: "image/png" }));
          const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          document.querySelector(box).dispatchEvent(pasted);
        }""", place.box)
        window.page.wait_for_selector(".composer.reply .file-list canvas")
        assert window.page.evaluate("document.querySelector('#reply-files').files.length") == 1
        window.page.press(".composer.reply [data-file-remove]", "Enter")
        assert window.page.evaluate("document.querySelector('#reply-files').files.length") == 0


# Without scripts

def sign_in_again(window, who: str) -> None:
    window.page.fill("[name=email]", f"{who}@jardam.example")
    window.page.fill("[name=password]", "jardam-sample")
    window.send("main button[type=submit]")


@pytest.fixture
def plain(chromium, sample_desk):
    """A window without scripts."""
    context = chromium.new_context(locale="en-GB", java_script_enabled=False)
    yield Window(context.new_page(), f"http://127.0.0.1:{sample_desk.port}")
    context.close()


def test_without_scripts_a_session_that_ended(plain, place, sample_desk):
    text = words()
    plain.sign_in(place.who)
    place.write(plain, text)
    end_sessions(sample_desk)
    place.press(plain)
    plain.page.wait_for_selector("[name=kept]", state="attached")
    sign_in_again(plain, place.who)
    assert plain.page.input_value("[data-kept-page] [name=body]") == text and place.arrived(text) == 0
    plain.send("[data-kept-page] button.primary")
    assert text in plain.page.content() and place.arrived(text) == 1


def test_without_scripts_a_page_that_is_too_old(plain, place):
    """A token that cannot be read: what was typed is drawn again, and one click sends it."""
    text = words()
    plain.sign_in(place.who)
    plain.page.route("**/*", void_token)
    place.write(plain, text)
    plain.page.unroute("**/*")
    place.press(plain)
    plain.page.wait_for_selector("[data-kept-page]")
    assert plain.page.input_value("[data-kept-page] [name=body]") == text
    plain.send("[data-kept-page] button.primary")
    assert place.arrived(text) == 1


def void_token(route) -> None:
    answer = route.fetch()
    if "text/html" not in answer.headers.get("content-type", ""):
        return route.fulfill(response=answer)
    route.fulfill(response=answer, body=re.sub(r'(name="csrf_token" value=")[^"]+', r"\1void", answer.text()))


def test_without_scripts_no_connection_and_back(plain, place):
    """The browser shows a page of its own; one step back stands what was typed."""
    text = words()
    plain.sign_in(place.who)
    place.write(plain, text)
    plain.page.context.set_offline(True)
    with plain.page.expect_event("requestfailed"):
        place.press(plain)
    plain.page.context.set_offline(False)
    plain.page.go_back()
    assert plain.page.input_value(place.box) == text


def test_without_scripts_the_whole_way_of_an_employee(plain, sample_desk, tmp_path):
    """File, read, answer, attach, open again, rate."""
    place, text, more = filing_place(sample_desk), words(), words()
    (tmp_path / "note.txt").write_text("x")
    plain.sign_in(place.who)
    place.write(plain, text)
    with plain.page.expect_navigation():
        place.press(plain)
    number = int(re.search(r"/tickets/(\d+)", plain.page.url)[1])
    assert text in plain.page.content() and place.arrived(text) == 1
    plain.page.fill("textarea[name=body]", more)
    plain.page.set_input_files("[name=files]", tmp_path / "note.txt")
    plain.send("form[action$='/answers'] .actions button.primary")
    assert more in plain.page.content() and "note.txt" in plain.page.content()
    solve(sample_desk, number)
    plain.open(f"/tickets/{number}")
    plain.press("reopen", "reopening")
    solve(sample_desk, number)
    ask_about_all(sample_desk)
    plain.open(f"/tickets/{number}")
    plain.page.check("form[action*='rating'] [name=score][value='5']", force=True)
    plain.send("form[action*='rating'] button:not([name])")
    assert "You said" in plain.text


def solve(desk, number: int) -> None:
    with desk.inside() as session:
        found = session.get(Ticket, number)
        found.resolve(found.team.members[0], clock.now())
        session.commit()


def ask_about_all(desk) -> None:
    """As the desk does by itself some hours after a ticket was solved."""
    with desk.inside() as session:
        asking.settings.change(rest_days=0, share_percent=100)
        session.commit()
        asking.ask_due(clock.now() + timedelta(hours=asking.settings.after_hours, minutes=1))
