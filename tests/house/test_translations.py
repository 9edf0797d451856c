"""English, Russian and Kyrgyz are complete: every text of the source, every plural form, every placeholder."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from . import source

pytestmark = pytest.mark.slow

FOLDER = source.APP / "translations"
TRANSLATING = ("_", "_l", "gettext", "ngettext", "pgettext")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def catalogue(language: str):
    with open(FOLDER / language / "LC_MESSAGES/messages.po", "rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    target = Path(tmp_path_factory.mktemp("i18n")) / "messages.pot"
    keywords = [word for name in ("_l", "lazy_gettext", "pgettext:1c,2", "lazy_pgettext:1c,2") for word in ("-k", name)]
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "-F", "app/translations/babel.cfg"]
    command += [*keywords, "-o", str(target), "app"]
    subprocess.run(command, cwd=source.ROOT, check=True, capture_output=True)
    with open(target, "rb") as file:
        return read_po(file)


def _key(message):
    return (message.context, message.id if isinstance(message.id, str) else message.id[0])


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_nothing_is_left_untranslated(template, language):
    known = {_key(message): message for message in catalogue(language) if message.id}
    missing = [_key(message) for message in template if message.id and _key(message) not in known]
    assert missing == []
    empty = [key for key, message in known.items() if not all(_forms(message)) or message.fuzzy]
    assert empty == []


@pytest.mark.parametrize(("language", "forms"), [("ru", 3), ("ky", 2)])
def test_plurals_have_every_form(language, forms):
    wrong = [_key(m) for m in catalogue(language) if isinstance(m.id, tuple) and m.id and len(m.string) != forms]
    assert wrong == []


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_placeholders_survive_translation(language):
    wrong = []
    for message in catalogue(language):
        if message.id:
            asked = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[1]))
            wrong += [_key(message) for form in _forms(message) if set(PLACEHOLDER.findall(form)) - asked
                      or (isinstance(message.id, str) and set(PLACEHOLDER.findall(form)) != asked)]
    assert wrong == []


def _forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_no_text_is_wrapped_inside_an_f_string():
    """The extraction does not look into them, so such a text would stay English for everybody."""
    wrong = [f"{path}:{node.lineno}" for path, node in source.nodes()
             if isinstance(node, ast.JoinedStr) for call in ast.walk(node)
             if isinstance(call, ast.Call) and getattr(call.func, "id", "") in TRANSLATING]
    assert wrong == []
