"""What readers find: the front page, categories, an article in its languages."""

import re

import pytest

from app.kb import actions
from app.kb.actions import Text
from app.kb.settings import settings
from app.search.aside import aside
from tests import people
from tests.admin.conftest import statements  # noqa: F401 - a fixture
from tests.kb import readers
from tests.kb.readers import NOW

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def somebody(desk):
    """A desk that has people, and nothing waiting to be written afterwards."""
    people.user("cholpon")
    yield
    aside.forget()


@pytest.fixture
def network(desk):
    return people.team("network")


@pytest.fixture
def asel(network):
    return people.user("asel", member=(network,))


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def test_a_stranger_begins_at_the_search_and_finds_what_is_public(client):
    readers.article("Printer stands still", category=readers.category("printing"))
    readers.article("For the house", visibility="staff")
    assert client.get("/").location == "/kb"
    portal = page(client, "/kb")
    assert 'name="q"' in portal and "autofocus" in portal
    assert "Printer stands still" in portal and "For the house" not in portal
    assert "Printing" in portal and "1 article" in portal
    assert "/session?next=/kb" in portal and "/tickets/new" in portal


def test_a_desk_that_keeps_its_articles_asks_strangers_to_sign_in(client):
    readers.article("Printer stands still", category=readers.category("printing"))
    settings.change(is_public=False)
    for path in ("/", "/kb", "/kb/printer-stands-still", "/kb/search?q=printer", "/kb/suggestions?q=pri",
                 "/kb/categories/printing"):
        assert client.get(path).location.startswith("/session?next="), path
    assert client.get("/sitemap.xml").status_code == 404
    assert "Allow" not in client.get("/robots.txt").text
    people.sign_in(client, people.user("kanat", customer=True))
    assert "Printer stands still" in page(client, "/kb")


def test_a_category_counts_what_its_reader_may_read(client, asel):
    office = readers.category("office")
    printing = readers.category("printing", office)
    readers.article("Paper", category=printing)
    readers.article("Toner", category=printing, visibility="staff")
    readers.article("Chairs", category=readers.category("chairs"), visibility="staff")
    assert re.findall(r"(\d) article", page(client, "/kb")) == ["1"]
    assert "Chairs" not in page(client, "/kb") and client.get("/kb/categories/chairs").status_code == 302
    shelf = page(client, "/kb/categories/office")
    assert "Paper" in shelf and "Toner" not in shelf and "1 article" in shelf
    people.sign_in(client, asel)
    shelf = page(client, "/kb/categories/office")
    assert "Paper" in shelf and "Toner" in shelf and "2 articles" in shelf
    assert client.get("/kb/categories/chairs").status_code == 200


def test_translations_count_once_and_stand_in_the_language_of_the_reader(client):
    printing = readers.category("printing")
    original = readers.article("Printer", category=printing)
    readers.article("Принтер", language="ru", translation_of=original, category=printing)
    for path in ("/kb", "/kb/categories/printing"):
        assert "Printer" in page(client, path) and "Принтер" not in page(client, path)
    client.post("/language", data={"language": "ru"})
    for path in ("/kb", "/kb/categories/printing"):
        assert "Принтер" in page(client, path) and "/kb/printer\"" not in page(client, path)


def test_what_is_read_most_comes_first(client):
    for title in ("Seldom", "Often"):
        readers.article(title)
    for path in ("/kb/often", "/kb/often", "/kb/seldom"):
        client.get(path)
    readers.reads()
    most = page(client, "/kb").partition("Read most")[2]
    assert most.index("Often") < most.index("Seldom")


def test_an_article_shows_its_text_contents_and_place(client):
    office = readers.category("office")
    readers.article("Printer", category=readers.category("printing", office))
    text = page(client, "/kb/printer")
    assert '<h1 class="article-title">Printer</h1>' in text and "Switch the Printer on." in text
    assert 'href="#s-second"' in text and 'id="s-second"' in text
    assert text.index("/kb/categories/office") < text.index("/kb/categories/printing")
    assert re.search(r'<link rel="canonical" href="http://[^"]+/kb/printer">', text)
    assert re.search(r'<meta name="description" content="First Switch the Printer on', text)


def test_an_article_in_my_language_is_offered_on_top(client):
    original = readers.article("Printer")
    readers.article("Принтер", language="ru", translation_of=original)
    readers.article("Басма", language="ky", translation_of=original, visibility="staff")
    client.post("/language", data={"language": "ru"})
    text = page(client, "/kb/printer")
    assert text.count("/kb/printer-2") >= 2 and "notice info" in text
    assert "Басма" not in text


def test_a_translation_left_behind_says_so(client, asel):
    original = readers.article("Printer", by=asel)
    readers.article("Принтер", language="ru", translation_of=original)
    assert "may be outdated" not in page(client, "/kb/printer-2")
    actions.save(original, Text("Printer", "Quite another way."), asel, NOW)
    actions.publish(original, asel, NOW)
    assert "may be outdated" in page(client, "/kb/printer-2")
    assert "may be outdated" not in page(client, "/kb/printer")


def test_staff_see_whose_it_is_and_readers_do_not(client, asel):
    readers.article("Printer", owner=asel, tags=["toner"])
    assert "Asel" not in page(client, "/kb/printer")
    people.sign_in(client, asel)
    assert "Asel" in page(client, "/kb/printer") and "toner" in page(client, "/kb/printer")


def test_what_is_not_there_and_what_is_not_mine_look_the_same(client, asel, network):
    readers.article("Draft", publish=False)
    readers.article("House", visibility="staff")
    readers.article("Team", visibility="teams", teams=[network])
    actions.archive(readers.article("Old"), asel, NOW)
    hidden = ("/kb/draft", "/kb/house", "/kb/team", "/kb/old", "/kb/nothing")
    assert {client.get(path).status_code for path in hidden} == {302}
    people.sign_in(client, people.user("kanat", customer=True))
    assert {client.get(path).status_code for path in hidden} == {404}
    people.sign_in(client, people.user("aigul"))
    assert [client.get(path).status_code for path in hidden] == [404, 200, 404, 404, 404]


def test_related_articles_are_those_i_may_read(client):
    readers.article("Printer in the office")
    readers.article("Printer at home")
    readers.article("Printer of the board", visibility="staff")
    text = page(client, "/kb/printer-in-the-office").partition("Related articles")[2]
    assert "Printer at home" in text and "Printer of the board" not in text


def test_the_sitemap_names_what_strangers_read(client):
    readers.article("Printer")
    readers.article("House", visibility="staff")
    people.sign_in(client, people.user("root", administrator=True))
    text = client.get("/sitemap.xml").text
    assert "/kb/printer</loc>" in text and "house" not in text
    robots = client.get("/robots.txt").text
    assert "Allow: /kb\n" in robots and "Sitemap: http" in robots


def test_what_i_may_no_longer_read_is_gone_at_once(client, asel):
    printer = readers.article("Printer", category=readers.category("printing"))
    readers.article("Printer at home")
    assert client.get("/kb/printer").status_code == 200
    actions.change_facts(printer, actions.Facts("en", "staff", printer.category), asel, NOW)
    assert client.get("/kb/printer").status_code == 302
    for path in ("/kb", "/kb/search?q=printer", "/kb/suggestions?q=printer", "/sitemap.xml", "/kb/printer-at-home"):
        assert "/kb/printer\"" not in page(client, path) and "/kb/printer?" not in page(client, path), path
        assert "/kb/printer<" not in page(client, path), path


@pytest.mark.parametrize("who", ["stranger", "asel"])
def test_pages_cost_the_same_with_few_and_with_many_articles(client, asel, statements, who):  # noqa: F811
    office = readers.category("office")
    printing = readers.category("printing", office)
    first = readers.article("Printer", category=printing)
    readers.article("Принтер", language="ru", translation_of=first, category=printing)
    readers.article("Printer 0", category=printing)
    if who == "asel":
        people.sign_in(client, asel)
    paths = ("/kb", "/kb/categories/office", "/kb/printer", "/kb/search?q=printer", "/kb/suggestions?q=printer")
    few = {path: _cost(client, statements, path) for path in paths}
    for number in range(1, 30):
        readers.article(f"Printer {number}", category=readers.category(f"c{number}", office))
    assert {path: _cost(client, statements, path) for path in paths} == few
    assert max(few.values()) < 30, few


def _cost(client, statements, path):  # noqa: F811
    client.get(path)
    readers.reads()
    return statements(lambda: client.get(path))


def test_each_page_can_be_left_and_come_back_to(client):
    place = readers.category("c")
    for number in range(30):
        readers.article(f"Printer {number}", category=place, days=number)
    first = page(client, "/kb/categories/c")
    after = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = page(client, after)
    assert len(set(re.findall(r"/kb/printer-\d+", first)) | set(re.findall(r"/kb/printer-\d+", second))) == 30


def test_a_related_article_stands_once_in_my_language(client):
    readers.article("Printer in the office")
    original = readers.article("Printer at home")
    readers.article("Printer дома", language="ru", translation_of=original)
    client.post("/language", data={"language": "ru"})
    text = page(client, "/kb/printer-in-the-office").partition('id="related"')[2]
    assert text.count("Printer дома") == 1 and "Printer at home" not in text
