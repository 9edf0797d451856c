"""Which language a reader gets, and that each of the three can say what must be said."""

import shutil
from datetime import UTC, datetime, timedelta
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from app.core import i18n
from app.core.durations import duration
from app.core.i18n import LANGUAGES, desk, known_zone, localized, month_name, time_distance
from tests import people

from .conftest import race

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def language_of(client, **headers):
    return client.get("/session", headers={key.replace("_", "-"): value for key, value in headers.items()}
                      ).text.split('lang="')[1][:2]


def test_desk_speaks_its_own_language_to_who_asks_for_none(client):
    desk.change(language="ky")
    assert language_of(client) == "ky"
    assert language_of(client, Accept_Language="fr, de;q=0.5") == "ky"


@pytest.mark.parametrize(("asked", "given"), [("ru-RU,ru;q=0.9,en;q=0.8", "ru"), ("ky-KG", "ky"), ("EN-us", "en"),
                                              ("fr, ky;q=0.2, ru;q=0.1", "ky"), (";;q=,*;q=x", "en"), ("\xff", "en")])
def test_browser_is_heard(client, asked, given):
    assert language_of(client, Accept_Language=asked) == given


def test_choice_in_this_browser_comes_before_its_wish(client):
    client.post("/language", data={"language": "ky"})
    assert language_of(client, Accept_Language="ru") == "ky"


def test_own_choice_comes_first(client):
    client.post("/language", data={"language": "ky"})
    aigul = people.sign_in(client, people.user("aigul"))
    people.db.session.query(people.User).update({"language": "ru"})
    assert 'lang="ru"' in aigul.get("/").text


def test_person_without_a_choice_is_heard_like_a_stranger(client):
    aigul = people.sign_in(client, people.user("aigul"))
    people.db.session.query(people.User).update({"language": None})
    assert 'lang="ky"' in aigul.get("/", headers={"Accept-Language": "ky"}).text


def test_job_without_a_reader_speaks_the_desk_s_language_and_zone(desk):
    i18n.desk.change(language="ru", time_zone="Europe/Moscow")
    assert (i18n.choose_language(), i18n.choose_zone()) == ("ru", "Europe/Moscow")


@pytest.mark.parametrize(("names", "code", "shown"), [
    ({"en": "Printer", "ru": "Принтер", "ky": "Басып чыгаргыч"}, "ky", "Басып чыгаргыч"),
    ({"en": "Printer", "ru": "Принтер"}, "ky", "Принтер"), ({"en": "Printer"}, "ky", "Printer"),
    ({"ky": "Басып чыгаргыч"}, "en", "Басып чыгаргыч"), ({"en": "", "ky": "Иш"}, "en", "Иш"),
    ({}, "en", ""), (None, "en", ""), ({"en": ""}, "ru", ""),
])
def test_name_in_the_reader_s_language_else_the_desk_s_else_any(desk, names, code, shown):
    i18n.desk.change(language="ru")
    assert localized(names, code) == shown


@pytest.mark.parametrize(("name", "known"), [
    ("Asia/Bishkek", True), ("UTC", True), ("", False), ("Asia/Nowhere", False), ("../../etc/passwd", False),
    ("/etc/localtime", False), ("America", False), ("a\0b", False),
])
def test_zones_are_those_of_the_list(name, known):
    assert known_zone(name) is known


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.integers(-4 * 10**8, 4 * 10**8))
def test_distance_in_time_is_said_either_way(app, language, seconds):
    with app.test_request_context(), force_locale(language):
        ahead, ago = (time_distance(NOW + timedelta(seconds=s), NOW) for s in (abs(seconds) + 1, -abs(seconds) - 1))
    assert ahead and ago and ahead != ago


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["2 days ago", "in 3 hours"]), ("ru", ["2 дня назад", "через 3 часа"]),
    ("ky", ["2 күн мурун", "3 сааттан кийин"]),
])
def test_distance_in_time_in_words(desk, language, words):
    with desk.test_request_context(), force_locale(language):
        assert [time_distance(NOW - timedelta(days=2), NOW), time_distance(NOW + timedelta(hours=3), NOW)] == words


@pytest.mark.parametrize(("language", "name"), [("en", "November 2026"), ("ru", "ноябрь 2026"), ("ky", "2026")])
def test_month_stands_alone(app, language, name):
    with app.test_request_context(), force_locale(language):
        assert name in month_name("2026-11")


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_every_plural_of_the_catalogue_can_be_said_for_every_number(app, language):
    folder = i18n.FOLDER / language / "LC_MESSAGES"
    with open(folder / "messages.po", "rb") as file:
        plurals = [message.id for message in read_po(file, locale=language) if isinstance(message.id, tuple)]
    with open(folder / "messages.mo", "rb") as file:
        spoken = GNUTranslations(file)
    assert plurals
    assert [one for one, many in plurals for n in range(130) if not spoken.ngettext(one, many, n)] == []


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 sec"), (45, "45 sec"), (60, "1 min"), (61, "1 min 1 sec"),
                                                (3600, "1 hr"), (3605, "1 hr"), (12_000, "3 hr 20 min"),
                                                (360_000, "100 hr"), (-60, "1 min")])
def test_length_of_time_in_its_two_largest_units(app, seconds, words):
    with app.test_request_context(), force_locale("en"):
        assert duration(seconds) == words


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.integers(0, 10**9))
def test_every_length_of_time_can_be_said(app, language, seconds):
    with app.test_request_context(), force_locale(language):
        assert any(c.isdigit() for c in duration(seconds))


# Compiling

PREPARE = "from pathlib import Path; from app.core import i18n; i18n.FOLDER = Path({!r})"
COMPILE = """
i18n.compile_catalogues()
from gettext import GNUTranslations
for made in i18n.FOLDER.glob("*/LC_MESSAGES/messages.mo"):
    print(len(GNUTranslations(made.open("rb"))._catalog))
"""


@pytest.mark.real
def test_processes_that_start_at_once_compile_whole_catalogues(tmp_path):
    for source in i18n.FOLDER.glob("*/LC_MESSAGES/messages.po"):
        target = tmp_path / source.relative_to(i18n.FOLDER)
        target.parent.mkdir(parents=True)
        shutil.copy(source, target)
    assert len(set(race(PREPARE.format(str(tmp_path)), COMPILE))) == 1
    for made in tmp_path.glob("*/LC_MESSAGES"):
        assert sorted(path.name for path in made.iterdir()) == ["messages.mo", "messages.po"]
        GNUTranslations((made / "messages.mo").open("rb"))


def test_catalogue_is_compiled_only_when_it_changed(tmp_path, monkeypatch):
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(i18n.FOLDER / "ru/LC_MESSAGES/messages.po", folder)
    monkeypatch.setattr(i18n, "FOLDER", Path(tmp_path))
    i18n.compile_catalogues()
    made = (folder / "messages.mo").stat().st_mtime_ns
    i18n.compile_catalogues()
    assert (folder / "messages.mo").stat().st_mtime_ns == made
