"""What was typed outlives a refused form and an error page, and goes once it was sent."""

import pytest

pytestmark = pytest.mark.browser

PAGE = "/tickets/new/printer"
SEND = "main form .form-actions button"
TYPED = {"subject": "Paper jam", "body": "Second floor, the grey one", "field_room": "B-214"}


def typed(window) -> dict[str, str]:
    return {name: window.page.input_value(f"[name={name}]") for name in TYPED}


def test_a_draft_outlives_a_refused_form_and_goes_with_the_sending(window_of):
    with window_of("employee") as window:
        window.open(PAGE)
        for name, text in TYPED.items():
            window.page.fill(f"[name={name}]", text)
        window.page.click(SEND)
        window.page.wait_for_selector(".error-summary")
        assert window.page.url.endswith(PAGE) and typed(window) == TYPED
        window.open(PAGE)
        assert typed(window) == TYPED
        window.page.select_option("[name=field_trouble]", index=1)
        window.send(SEND)
        assert "Your request has been filed" in window.text
        window.open(PAGE)
        assert typed(window) == dict.fromkeys(TYPED, "")


def test_files_the_desk_would_refuse_are_not_sent(window_of, tmp_path):
    (tmp_path / "film.bin").write_bytes(b"x" * 26 * 1024 * 1024)
    with window_of("employee") as window:
        window.open(PAGE)
        window.page.fill("[name=body]", "Second floor")
        window.page.set_input_files("[name=files]", tmp_path / "film.bin")
        window.page.click(SEND)
        window.page.wait_for_selector("main >> text=Send smaller or fewer files.")
        assert window.page.url.endswith(PAGE) and window.page.input_value("[name=body]") == "Second floor"
