"""Writing an article with scripts: marks, pictures by paste and drop, the preview, a text that survives a crash."""

import pytest

pytestmark = pytest.mark.browser

PNG = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]
PASTE = """([kind, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "shot.png", { type: "image/png" }));
  const area = document.querySelector("[name=body]");
  const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  area.dispatchEvent(event);
}"""


def begin(window, title: str) -> None:
    window.open("/kb/new")
    window.page.fill("[name=title]", title)
    window.page.check("[name=visibility][value=staff]")
    window.send("main form .form-actions button")


def body(window) -> str:
    return window.page.input_value("[name=body]")


def until(window, script: str) -> None:
    """Asks the page until it says yes; wait_for_function would need what the policy forbids."""
    for _try in range(200):
        if window.page.evaluate(script):
            return
        window.page.wait_for_timeout(25)
    raise AssertionError(f"never: {script}")


def test_marks_go_round_what_is_selected(window_of):
    with window_of("agent1") as window:
        begin(window, "Marks")
        window.page.fill("[name=body]", "one\ntwo")
        window.page.focus("[name=body]")
        window.page.keyboard.press("Control+A")
        window.page.click("[data-mark=steps]")
        assert body(window) == "1. one\n2. two"
        window.page.keyboard.press("Control+Z")
        assert body(window) == "one\ntwo"
        window.page.keyboard.press("Control+A")
        window.page.keyboard.press("Control+B")
        assert body(window) == "**one\ntwo**"
        assert window.complaints == []


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_kept_and_shown(window_of, way):
    with window_of("agent1") as window:
        begin(window, f"Picture by {way}")
        window.page.fill("[name=body]", "Look: ")
        window.page.evaluate(PASTE, [way, PNG])
        until(window, "document.querySelector('[name=body]').value.includes('](/kb/files/')")
        assert body(window).startswith("Look: ![shot.png](/kb/files/")
        window.page.click("[data-show-preview]")
        window.page.wait_for_selector(".preview img[src*='/kb/files/']")
        window.page.click("[data-show-preview]")
        window.page.wait_for_selector(".preview", state="detached")
        assert window.complaints == []


def test_a_text_that_was_not_saved_is_offered_again(window_of):
    with window_of("agent1") as window:
        begin(window, "Crash")
        place = window.page.url
        window.page.fill("[name=body]", "A stored text")
        window.send("main form#editor .form-actions button.primary")
        assert not window.page.is_visible("[data-offers=body]")
        window.page.fill("[name=body]", "A stored text, and an hour of work")
        until(window, "Object.values(localStorage).some((kept) => kept.includes('an hour of work'))")
        window.page.goto("about:blank")
        window.page.goto(place)
        assert body(window) == "A stored text"
        window.page.click("[data-offers=body] [data-take]")
        assert body(window) == "A stored text, and an hour of work"
        window.send("main form#editor .form-actions button.primary")
        assert body(window) == "A stored text, and an hour of work"
        assert not window.page.is_visible("[data-offers=body]")
