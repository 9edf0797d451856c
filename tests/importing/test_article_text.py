"""Bytes to Markdown: encodings, front matter, HTML, plain text; languages."""

import pytest

from app.importing.article_drops import dropped
from app.importing.article_language import detect
from app.importing.article_text import Unreadable, decoded, front_matter, understood

from .article_folder import rule

RUSSIAN = "Как сбросить пароль: позвоните в службу поддержки"
KYRGYZ = "Сырсөздү кантип өзгөртүү керек: колдоо кызматына чалыңыз"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_encodings_are_told_apart(encoding):
    assert decoded(RUSSIAN.encode(encoding)) == RUSSIAN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_kyrgyz_letters_survive(encoding):
    assert decoded(KYRGYZ.encode(encoding)) == KYRGYZ


def test_a_page_may_name_its_encoding():
    page = f'<html><head><meta charset="koi8-r"></head><body>{RUSSIAN}</body></html>'
    assert RUSSIAN in decoded(page.encode("koi8-r"))


def test_the_mapping_may_name_it():
    assert decoded(RUSSIAN.encode("koi8-r"), "koi8-r") == RUSSIAN


@pytest.mark.parametrize(("raw", "why"), [
    (b"", "empty"), (b" \n\t", "empty"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8, "not a text"),
    (RUSSIAN.encode("koi8-r"), "encoding is broken"), (b"\xff\xfe\x00", "encoding is not utf-16"),
    ("naïve café crème brûlée déjà vu".encode("latin-1"), "encoding is broken"),
])
def test_what_is_no_text_is_named(raw, why):
    with pytest.raises(Unreadable, match=why):
        decoded(raw)


def test_an_unknown_encoding_is_named():
    with pytest.raises(Unreadable, match="encoding is not klingon"):
        decoded(b"x", "klingon")


def test_front_matter_is_taken_off():
    about, body = front_matter('---\ntitle: "VPN: first steps"\nLanguage: en\ntags: [vpn, home]\n'
                               "topics:\n  - one\n  - two\n---\n# Text\n")
    assert about == {"title": "VPN: first steps", "language": "en", "tags": "vpn, home", "topics": "one, two"}
    assert body == "# Text\n"


def test_a_ruler_is_no_front_matter():
    assert front_matter("---\nJust a line") == ({}, "---\nJust a line")


def test_html_loses_what_is_not_the_text():
    page = """<html lang="ru"><head><title>Site – Printer</title><style>p{}</style></head><body>
    <header>Logo</header><nav><a href="/">Home</a></nav><main><h1>Printer</h1><p>Press <b>green</b>.</p>
    <script>alert(1)</script><table><tr><th>A</th></tr><tr><td>1</td></tr></table></main>
    <div class="ads">Buy</div><footer>© 2020</footer></body></html>"""
    text = understood(page, "html", rule(drop_elements=[".ads"]))
    assert "# Printer" in text.markdown and "Press **green**." in text.markdown and "| A |" in text.markdown
    assert not any(word in text.markdown for word in ("Logo", "Home", "alert", "©", "p{}", "Buy", "Site"))
    assert text.about == {"heading": "Printer", "language": "ru"}


def test_only_a_part_of_a_page_may_be_taken():
    page = "<body><div id=menu>Menu</div><article><p>Text</p></article></body>"
    assert understood(page, "html", rule(take="article")).markdown == "Text"
    with pytest.raises(Unreadable, match="nothing in it is main"):
        understood(page, "html", rule(take="main"))
    with pytest.raises(Unreadable, match="cannot be understood"):
        understood(page, "html", rule(take="::"))


def test_plain_text_means_nothing_by_its_signs():
    text = understood("Type * and _name_\n# not a heading\n  • one\n  •\n  • two\n1) three\n", "text", rule())
    assert text.markdown == "Type \\* and \\_name\\_\n\\# not a heading\n- one\n\n- two\n1) three"


def test_long_lines_of_plain_text_are_paragraphs():
    assert understood(f"{'a' * 120}\n{'b' * 120}", "text", rule()).markdown == f"{'a' * 120}\n\n{'b' * 120}"


def test_headings_of_plain_text_are_known_by_the_mapping():
    about = rule(headings=[{"level": 1, "match": r"\d+\. (?P<title>.+)", "longest": 30}])
    text = understood(f"1. Printers\nText\n2. {'Long ' * 10}\n", "text", about).markdown
    assert text.startswith("# Printers\n\nText\n2. Long")


def test_lines_are_dropped_one_by_one_and_in_stretches():
    text = "Menu\nHello\nNews\n1\n2\nEnd of news\nText\nRead on\n\na\nb\nText 2\nTel: 226\nmore\nFunctions\n"
    drops = rule(drop=["^Menu$", {"from": "^News", "to": "^End"}, {"from": "^Read on", "lines": 3},
                       {"from": "^Tel", "before": "^Functions"}]).drops
    assert dropped(text, drops) == ("Hello\nText\nText 2\nFunctions", 10)


@pytest.mark.parametrize(("text", "language"), [
    (RUSSIAN, "ru"), (KYRGYZ, "ky"), ("How to reset the password of your account", "en"),
    ("Почта ачылбай калса, жөнөкөй кадамдар бар жана алар ушул барактта", "ky"),
    ("Для чего нужна эта страница и кто на нее отвечает", "ru"), ("12 34 56", None), ("ok", None),
    ("Wie bekomme ich das Passwort zurück", None),
])
def test_languages_are_told_apart(text, language):
    assert detect(text) == language
