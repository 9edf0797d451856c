"""An employee comes for a minute: asking, counted in actions from the start page, with scripts and without."""

import re

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def filed(window) -> str:
    """The number of the request on whose page the window is."""
    window.page.wait_for_url(re.compile(r"/tickets/\d+"), timeout=30_000)
    return re.search(r"/tickets/(\d+)", window.page.url)[1]


def test_a_request_is_filed_with_one_key_from_the_start_page(window_of):
    with window_of("employee", **PHONE) as employee:
        employee.open("/")
        assert employee.page.evaluate("document.activeElement.id") == "subject"
        employee.page.keyboard.type("I have a general question")
        employee.page.keyboard.press("Enter")  # one action
        number = filed(employee)
        assert f"Its number is {number}" in employee.text and "We took it as “General question”" in employee.text
        assert employee.complaints == []


def test_what_the_guessed_kind_asks_appears_while_typing(window_of):
    with window_of("employee", **PHONE) as employee:
        employee.open("/")
        employee.page.keyboard.type("The printer has a paper jam")
        expect(employee.page.locator("#kind .taken summary")).to_contain_text("Printer, copier or scanner")
        expect(employee.page.locator("#kind .promises")).to_contain_text("we promise you an answer")
        employee.page.fill("[name=field_room]", "B-214")
        employee.page.select_option("[name=field_trouble]", index=1)  # the first action
        employee.page.fill("[name=body]", "It is the grey one") if employee.page.is_visible("[name=body]") else None
        expect(employee.page.locator("[name=field_room]")).to_have_value("B-214")
        employee.page.focus("#subject")
        employee.page.keyboard.press("Enter")  # the second
        filed(employee)
        assert "B-214" in employee.text
        assert employee.complaints == []


def test_an_unsure_guess_is_chosen_with_one_tap(window_of):
    with window_of("employee", **PHONE) as employee:
        employee.open("/")
        employee.page.keyboard.type("No network in the class room, where do I get a certificate of employment")
        employee.page.wait_for_selector("#kind .chips")
        employee.page.tap("#take-general-question")  # the first action
        expect(employee.page.locator("#kind .taken strong")).to_have_text("General question")
        employee.page.focus("#subject")
        employee.page.keyboard.press("Enter")  # the second
        filed(employee)
        assert employee.complaints == []


def test_without_scripts_it_is_filed_read_and_answered(window_of, chromium, sample_desk):
    context = chromium.new_context(locale="en-GB", java_script_enabled=False)
    page, base = context.new_page(), f"http://127.0.0.1:{sample_desk.port}"
    page.goto(f"{base}/session")
    page.fill("[name=email]", "employee@jardam.example")
    page.fill("[name=password]", "jardam-sample")
    page.click("main button[type=submit]")
    page.goto(f"{base}/")
    page.fill("#subject", "The printer has a paper jam")
    page.press("#subject", "Enter")
    assert page.input_value("#subject") == "The printer has a paper jam"
    page.fill("[name=field_room]", "B-214")
    page.select_option("[name=field_trouble]", index=1)
    page.click(".ask .form-actions .primary")
    page.wait_for_url(re.compile(r"/tickets/\d+"))
    assert "B-214" in page.inner_text("main")
    page.fill("[name=body]", "It is the grey one")
    page.click("form[action$='/answers'] .primary")
    assert "It is the grey one" in page.inner_text("#conversation")
    context.close()


def test_me_too_is_one_tap_and_the_end_is_told(window_of):
    with window_of("admin") as staff, window_of("employee", **PHONE) as employee:
        employee.open("/")
        employee.page.keyboard.type("Please help me with the torrents")
        employee.page.keyboard.press("Enter")
        number = filed(employee)
        staff.open(f"/tickets/{number}/announcement")
        staff.page.fill("[name=titles_en]", "Torrents are slow everywhere")
        staff.page.fill("[name=titles_ru]", "Торренты идут медленно")
        staff.page.fill("[name=titles_ky]", "Торренттер жай жүрөт")
        staff.send("main form.form .form-actions button")
        employee.open("/")
        assert "Torrents are slow everywhere" in employee.text
        employee.page.keyboard.type("torrents again")
        employee.page.wait_for_selector(".same button")
        with employee.page.expect_navigation():
            employee.page.tap(".same button")
        assert "You have it too" in employee.text
        staff.open(f"/tickets/{number}")
        assert "One person is affected" in staff.text
        with staff.page.expect_navigation():
            staff.page.click("form[action$='/announcement/removal'] button")
        employee.open("/")
        assert "This is over since" in employee.text
        assert employee.complaints == [] and staff.complaints == []


def test_it_works_is_said_with_one_tap(window_of):
    with window_of("admin") as staff, window_of("employee", **PHONE) as employee:
        employee.open("/")
        employee.page.keyboard.type("Please help me once more")
        employee.page.keyboard.press("Enter")
        number = filed(employee)
        staff.open(f"/tickets/{number}")
        with staff.page.expect_navigation():
            staff.page.click("form[action$='/resolution'] button >> nth=0")
        employee.open(f"/tickets/{number}")
        with employee.page.expect_navigation():
            employee.page.tap("form[action$='/confirmation'] button")
        assert "It has ended" in employee.text
        assert employee.complaints == []
