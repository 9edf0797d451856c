"""The text of an article as HTML, as contents and as plain words."""

import pytest

from app.core.slugs import LONGEST, slug_of
from app.kb.markup_articles import files_in, plain, render


@pytest.fixture
def shown(app):
    def show(text: str, language: str = "en", root: str = "") -> str:
        with app.test_request_context():
            return str(render(text, language, root).html)

    return show


def test_the_page_keeps_its_one_h1(shown):
    assert shown("# One\n## Two") == '<h2 id="s-one">One</h2>\n<h3 id="s-two">Two</h3>\n'
    assert shown("### Three\n#### Four") == '<h2 id="s-three">Three</h2>\n<h3 id="s-four">Four</h3>\n'


def test_anchors_are_latin_and_each_stands_once(app):
    with app.test_request_context():
        contents = render("## Түзмөк\n## Түзмөк\n### A\n#### deep\n## ", "ky").contents
    assert [(one.level, one.text, one.anchor) for one in contents] == [
        (2, "Түзмөк", "s-tuzmok"), (2, "Түзмөк", "s-tuzmok-2"), (3, "A", "s-a")]


def test_many_headings_that_say_the_same_have_anchors_of_their_own(app):
    """Thousands of them once took minutes: each looked again at all before it."""
    with app.test_request_context():
        contents = render("## A\n## A 2\n" + "## A\n" * 3000, "en").contents
    assert len({one.anchor for one in contents}) == 3002
    assert [one.anchor for one in contents[:4]] == ["s-a", "s-a-2", "s-a-3", "s-a-4"]


@pytest.mark.parametrize("text", [
    "::: warning\nMind\n:::", "> [!WARNING]\n> Mind", "> [!CAUTION]\n> Mind"])
def test_callouts_carry_their_name_in_the_language_of_the_article(shown, text):
    assert '<div class="callout callout-warning">\n<p class="callout-title">Warning</p>' in shown(text)
    assert '<p class="callout-title">Примечание</p>' in shown("> [!NOTE]\n> x", "ru")


def test_a_callout_may_be_called_otherwise(shown):
    assert '<p class="callout-title">Mind the gap</p>' in shown("::: note Mind the gap\nx\n:::")


def test_tables_scroll_and_keep_their_alignment(shown):
    html = shown("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert html.startswith('<div class="scroll" tabindex="0">\n<table>') and '<td align="right">2</td>' in html


def test_tasks_are_shown_as_letters(shown):
    assert "<li>☐ one</li>" in shown("- [ ] one\n- [x] two") and "☑ two" in shown("- [x] two")


def test_pictures_come_from_the_desk_alone(shown):
    assert shown("![a](/kb/files/7)") == '<p><img src="/kb/files/7?inline" alt="a" loading="lazy"></p>\n'
    assert 'src="/desk/kb/files/7?inline"' in shown("![a](/kb/files/7)", root="/desk")
    assert 'href="/desk/kb/printer"' in shown("[a](/kb/printer)", root="/desk")
    for elsewhere in ("https://evil.example/x.png", "//evil.example/x.png", "/attachments/7",
                      "data:image/png;base64,AA", "/kb/files/7/../8", "/kb/files/7?inline&x"):
        assert "<img" not in shown(f"![a]({elsewhere})")


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<javascript:alert(1)>",
    '[x](/kb/x "onmouseover=alert(1)")', "::: note <script>alert(1)</script>\nx\n:::", "# <script>alert(1)</script>",
    '![" onerror="alert(1)](/kb/files/7)', "```\"><script>alert(1)</script>\nx\n```", "[x]: javascript:alert(1)\n[x]",
])
def test_nothing_runs(shown, text):
    html = shown(text)
    assert "<script" not in html and 'href="javascript' not in html and "<img src=\"x\"" not in html
    assert not any(f'" {handler}' in html for handler in ("onerror", "onmouseover")), html


def test_plain_words_stand_without_their_marks():
    text = ("# Title\n**bold** and `code`\nnext\n\n- [x] task\n\n> [!NOTE]\n> inside\n\n::: tip Named\nx\n:::\n\n"
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nraw *text*\n```\n\n![alt](/kb/files/7) [words](https://a.example)")
    assert plain(text).split("\n") == [
        "Title", "bold and code next", "task", "inside", "Named", "x", "a", "b", "1", "2", "raw *text*", "alt words"]


def test_files_are_named_by_pictures_and_links():
    assert files_in("![a](/kb/files/7) [b](/kb/files/8) `/kb/files/9` [c](https://x/kb/files/10)") == {7, 8}
    assert files_in("![a](/kb/files/99999999999999999999999)") == set()


@pytest.mark.parametrize(("title", "slug"), [
    ("Как подключить Wi-Fi?", "kak-podklyuchit-wi-fi"), ("Өтүнмө берүү: жаңы үлгү", "otunmo-beruu-zhangy-ulgu"),
    ("Café № 5", "cafe-no-5"), ("…", ""), ("日本", "")])
def test_short_names_are_latin(title, slug):
    assert slug_of(title) == slug


def test_short_names_end_after_a_word():
    assert slug_of("word " * 40) == "-".join(["word"] * 16) and len(slug_of("x" * 300)) == LONGEST
