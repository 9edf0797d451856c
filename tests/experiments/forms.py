"""What a browser would send for a form on a page: hidden fields, chosen options, ticked boxes, texts."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """The fields of every form of a page, by the form's action."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.by_action: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._list = ""
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.by_action.setdefault(about.get("action", ""), {})
        elif self._form is None:
            return
        elif tag == "input":
            self._take_input(about)
        elif tag == "select":
            self._list = about.get("name", "")
        elif tag == "option" and self._list and ("selected" in about or self._list not in self._form):
            self._form[self._list] = about.get("value", "")
        elif tag == "textarea" and about.get("name"):
            self._area = about["name"]
            self._form[self._area] = ""

    def _take_input(self, about):
        kind = about.get("type", "text")
        left_out = kind in ("submit", "button", "file") or kind in ("checkbox", "radio") and "checked" not in about
        if about.get("name") and not left_out:
            self._form[about["name"]] = about.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, text):
        if self._area:
            self._form[self._area] += text

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._list = ""
        elif tag == "textarea":
            self._area = ""


def fields(page: str, action: str) -> dict[str, str]:
    """The fields of the form with this action. Raises KeyError when the page has none."""
    return Forms(page).by_action[action]
