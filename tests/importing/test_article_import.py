"""A folder taken into the knowledge base: once, again, with changes on either side, with what cannot be read."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import events_of
from app.core.outbox import OutboxRow
from app.importing import article_report
from app.importing.article_import import import_articles
from app.importing.piece import MappingError
from app.kb import actions
from app.kb.models import Article, ArticleFile, ArticleUse, ArticleVersion, Category
from app.search.models import IndexChange
from tests import people

from .article_folder import mapping, write
from .conftest import NOW

pytestmark = pytest.mark.slow

LATER = NOW + timedelta(days=1)
PNG = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0"
       b"\5\xfe\2\xfe\xa7\x9a\xa0\xa0\0\0\0\0IEND\xaeB`\x82")


@pytest.fixture
def wiki(desk, tmp_path):
    """A folder with two texts, and what imports it."""
    write(tmp_path / "wiki", printer_md="# Printer\n\nPress green.\n", network__vpn_md="# VPN\n\nStart it.\n")
    def take(at=NOW, dry_run=False, **about):
        return import_articles(tmp_path / "wiki", mapping(**{"state": "published"} | about), None, at, dry_run=dry_run)

    return SimpleNamespace(path=tmp_path / "wiki", take=take)


def article(ref):
    return db.session.scalar(sa.select(Article).where(Article.source_ref == ref))


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def told(outcome):
    return [len(outcome.made), len(outcome.changed), len(outcome.unchanged), len(outcome.kept)]


def test_files_become_articles(wiki):
    done = wiki.take()
    assert told(done) == [2, 0, 0, 0] and done.agrees
    vpn = article("network/vpn.md")
    assert (vpn.title, vpn.published.body, vpn.state) == ("VPN", "Start it.", "published")
    assert (vpn.language, vpn.visibility, vpn.origin, vpn.slug) == ("en", "staff", "wiki", "vpn")
    assert [event.kind for event in events_of("article", vpn.id)] == [
        "article.drafted", "article.imported", "article.published"]


def test_the_index_hears_of_it_and_nobody_else(wiki):
    done = wiki.take()
    ids = set(db.session.scalars(sa.select(IndexChange.document_id)))
    assert ids == {article(wanted.ref).id for wanted in done.made}
    assert count(OutboxRow) == 0


def test_a_mapping_that_says_nothing_of_publishing_makes_drafts(wiki):
    wiki.take(state="draft")
    assert {each.state for each in db.session.scalars(sa.select(Article))} == {"draft"}


def test_the_second_run_does_nothing(wiki):
    wiki.take()
    before = count(ArticleVersion), count(IndexChange)
    done = wiki.take(LATER)
    assert told(done) == [0, 0, 2, 0] and done.agrees
    assert (count(ArticleVersion), count(IndexChange)) == before


def test_a_changed_file_becomes_a_new_version(wiki):
    wiki.take()
    write(wiki.path, printer_md="# Printer\n\nPress red.\n")
    assert told(wiki.take(LATER)) == [0, 1, 1, 0]
    printer = article("printer.md")
    assert (printer.latest.number, printer.published.body) == (2, "Press red.")


def test_drafts_are_published_once_the_mapping_says_so(wiki):
    wiki.take(state="draft")
    assert told(wiki.take(LATER)) == [0, 2, 0, 0]
    assert article("printer.md").state == "published"


def test_what_people_wrote_is_not_overwritten(wiki):
    wiki.take()
    printer = article("printer.md")
    actions.publish(printer, None, NOW)
    actions.save(printer, actions.Text("Printer", "Ours."), None, NOW)
    db.session.commit()
    assert told(wiki.take(LATER)) == [0, 0, 2, 0]
    write(wiki.path, printer_md="# Printer\n\nPress red.\n")
    done = wiki.take(LATER)
    assert told(done) == [0, 0, 1, 1] and done.agrees
    assert article("printer.md").latest.body == "Ours."
    assert "the desk's text stays" in done.kept["printer.md"]


def test_what_is_archived_stays_archived(wiki):
    wiki.take()
    actions.archive(article("printer.md"), None, NOW)
    db.session.commit()
    assert told(wiki.take(LATER)) == [0, 0, 2, 0]
    write(wiki.path, printer_md="# Printer\n\nPress red.\n")
    assert "archived" in wiki.take(LATER).kept["printer.md"]
    assert article("printer.md").state == "archived"


def test_what_vanished_is_listed_and_stays(wiki):
    wiki.take()
    (wiki.path / "printer.md").unlink()
    done = wiki.take(LATER)
    assert done.vanished == ["printer.md: /kb/printer (Printer)"]
    assert article("printer.md").is_published


def test_what_cannot_be_read_any_more_has_not_vanished(wiki):
    wiki.take()
    write(wiki.path, printer_md=b"")
    done = wiki.take(LATER)
    assert done.vanished == [] and done.gathered.left == {"printer.md": "it is empty"}


def test_a_dry_run_stores_nothing_and_says_what_would_be(wiki):
    done = wiki.take(dry_run=True)
    assert told(done) == [2, 0, 0, 0] and count(Article) == 0
    assert "make: VPN (en, staff, published) from network/vpn.md" in list(article_report.lines(done))
    wiki.take()
    write(wiki.path, printer_md="# Printer\n\n![Red](red.png)\n", red_png=PNG)
    assert told(wiki.take(dry_run=True)) == [0, 1, 1, 0] and count(ArticleFile) == 0


def test_a_run_that_was_killed_is_completed(wiki):
    write(wiki.path, printer_md="# Printer\n\n[VPN](network/vpn.md)\n")

    class Killed(Exception):
        pass

    def die(done, total):
        raise Killed

    with pytest.raises(Killed):
        import_articles(wiki.path, mapping(state="published"), None, NOW, progress=die, batch=1)
    wiki.take(LATER)
    assert article("printer.md").published.body == "[VPN](/kb/vpn)"
    assert article("network/vpn.md").is_published and count(Article) == 2


def test_bad_files_are_named_and_the_rest_goes_on(wiki, tmp_path):
    (tmp_path / "secret.md").write_text("# Secret\n\nText")
    (wiki.path / "outside.md").symlink_to(tmp_path / "secret.md")
    write(wiki.path, noise_txt=b"\x00\x01\x02" * 500, large_md="x" * (3 << 20), odd_pdf=b"%PDF-1.4",
          nothing_md="---\n")
    done = wiki.take()
    assert done.gathered.left == {
        "outside.md": "it leads out of the folder", "noise.txt": "it is not a text",
        "large.md": "it is larger than 2 MB", "nothing.md": "it holds no text"}
    assert told(done) == [2, 0, 0, 0]
    lines = list(article_report.lines(done))
    assert "  odd.pdf" in lines and "  large.md: it is larger than 2 MB" in lines
    assert lines[-1] == "2 articles in the folder, 2 of them on the desk: folder and desk agree."


def test_every_file_is_counted_once(wiki):
    write(wiki.path, bad_md=b"", one_png=PNG, two_png=PNG, printer_md="# Printer\n\n![One](one.png)\n")
    done = wiki.take()
    gathered = done.gathered
    assert gathered.found == 5 == len(gathered.read) + len(gathered.left) + len(gathered.beside)
    assert done.links.used == {"one.png"} and done.files_stored == 1


def test_pictures_are_taken_in_once(wiki):
    write(wiki.path, printer_md="# Printer\n\n![Green](pictures/green.png) [again](pictures/green.png)\n",
          pictures__green_png=PNG)
    wiki.take()
    wiki.take(LATER)
    printer = article("printer.md")
    [kept] = db.session.scalars(sa.select(ArticleFile).where(ArticleFile.article_id == printer.id))
    assert printer.published.body == f"![Green](/kb/files/{kept.id}) [again](/kb/files/{kept.id})"
    assert kept.file.content_type == "image/png" and kept.file.path.read_bytes() == PNG
    assert db.session.scalars(sa.select(ArticleUse.version_id)).all() == [printer.published_id]


def test_pictures_that_cannot_be_taken_are_named(wiki, monkeypatch):
    monkeypatch.setattr("app.importing.article_links.LARGEST_FILE", 10)
    write(wiki.path, big_png=PNG, printer_md="![a](big.png) ![b](gone.png) ![c](../../etc/passwd) ![d](http://x/y.png)")
    done = wiki.take()
    assert done.links.trouble == [
        "printer.md: big.png is larger than 0 MB", "printer.md: gone.png is not there",
        "printer.md: ../../etc/passwd leads out of the folder"]
    assert count(ArticleFile) == 0


def test_links_lead_to_the_articles(wiki):
    write(wiki.path, network__vpn_md="# VPN\n\n[p](../printer.md) [t](../printer.md#toner) [w](https://x.example) "
                                     "`[q](a)`\n\n[r]\n\n[r]: /printer.md 'Printer'\n",
          printer_md="# Printer\n\nSee [paper](#paper).\n\n## Paper\n\nText\n\n## Toner\n\nText [up](printer.md)\n")
    wiki.take(split_level=2)
    assert article("network/vpn.md#VPN").published.body == (
        "[p](/kb/printer) [t](/kb/toner) [w](https://x.example) `[q](a)`\n\n[r]\n\n[r]: /kb/printer 'Printer'")
    assert article("printer.md#Printer").published.body == "See [paper](/kb/paper)."


def test_links_into_a_text_lead_to_its_heading(wiki):
    write(wiki.path, network__vpn_md="# VPN\n\n[t](../printer.md#how-much)\n",
          printer_md="# Printer\n\nText\n\n## How much\n\nText\n")
    wiki.take()
    assert article("network/vpn.md").published.body == "[t](/kb/printer#s-how-much)"


def test_facts_come_from_the_mapping_and_the_front_matter(wiki):
    network, aigul = people.team("network"), people.user("aigul")
    write(wiki.path, network__vpn_md="---\ntags: Home, vpn\ncategory: remote\ntitle: VPN at home\nlang: ky\n---\nText",
          printer_md="---\ndraft: true\nlang: ru\n---\n# Принтер\n\nТекст\n")
    db.session.commit()
    wiki.take(language="front matter", visibility="teams", teams=["network"], owner=aigul.email, tags=["wiki"],
              category="office", categories={slug: {"name": {"en": slug}} for slug in ("office", "remote")})
    vpn, printer = article("network/vpn.md"), article("printer.md")
    assert (vpn.title, vpn.language, vpn.category.slug, vpn.owner) == ("VPN at home", "ky", "remote", aigul)
    assert [tag.name for tag in vpn.tags] == ["home", "vpn", "wiki"]
    assert [named.team for named in vpn.teams] == [network]
    assert (printer.language, printer.category.slug, printer.state) == ("ru", "office", "draft")


def test_a_category_is_made_once(wiki):
    wanted = {"category": "office", "categories": {"office": {"name": {"en": "Office"}}}}
    wiki.take(**wanted)
    wiki.take(LATER, **wanted)
    assert [category.names for category in db.session.scalars(sa.select(Category))] == [{"en": "Office"}]


@pytest.mark.parametrize(("about", "said"), [
    ({"category": "nowhere"}, r"files\[1\].category: neither the desk nor the mapping has a category “nowhere”"),
    ({"owner": "nobody@x.example"}, r"files\[1\].owner: there is nobody active with the address “nobody@x.example”"),
    ({"visibility": "teams", "teams": ["none"]}, r"files\[1\].teams: there is no team “none”"),
])
def test_words_the_desk_does_not_know_stop_it_before_anything_is_stored(wiki, about, said):
    with pytest.raises(MappingError, match=said):
        wiki.take(**about)
    assert count(Article) == count(Category) == 0


def test_the_language_may_be_that_of_the_folder(wiki):
    write(wiki.path, ky__a_md="# А\n\nТекст", ru__x__b_md="# Б\n\nТекст")
    done = wiki.take(language="folder")
    assert {wanted.path: wanted.language for wanted in done.made} == {"ky/a.md": "ky", "ru/x/b.md": "ru"}
    assert done.gathered.left["printer.md"] == "its language is not known (from: folder)"


def test_titles_by_several_ways(wiki):
    write(wiki.path, page_html="<title>The page</title><p>Text", note_txt="First line\nText",
          how__to_print_md="Text", network__vpn_md="Text before\n\n# Later\n\nText")
    done = wiki.take(title_from=["first heading", "file name"], titles={"Printer": "Printing"})
    assert {wanted.path: wanted.title for wanted in done.made} == {
        "page.html": "The page", "note.txt": "note", "how/to_print.md": "to print", "network/vpn.md": "vpn",
        "printer.md": "Printing"}


def test_somebody_s_name_stands_under_it(wiki):
    aigul = people.user("aigul")
    db.session.commit()
    import_articles(wiki.path, mapping(), aigul, NOW)
    assert article("printer.md").latest.author == aigul


def test_headings_of_two_files_may_be_the_same(wiki):
    write(wiki.path, network__vpn_md="# Printer\n\nText")
    wiki.take()
    assert {article("printer.md").slug, article("network/vpn.md").slug} == {"printer", "printer-2"}
