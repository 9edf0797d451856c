"""Rubbish at every door: whatever is sent, the desk answers in its own words and never with a bug.

The fields are those of the forms on the desk's own pages, so a new form is fuzzed the day it is drawn. The dice fall
the same way in every run: once for every route and every form in each, often in `bin/test long`.
"""

import functools
import os
import random
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import quote, urljoin, urlsplit

import pytest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException

from tests.experiments.forms import Forms

from . import desk_table, table
from .grid import Cell
from .identities import REASONS
from .rubbish import BODIES, HEADERS, MARKS, RUBBISH

pytestmark = pytest.mark.usefixtures("errors_drawn_once")

SEED, TURNS = int(os.environ.get("FUZZ_SEED", "41")), int(os.environ.get("FUZZ_TURNS", "4"))
"""Where bin/test long looks longer still: FUZZ_TURNS=50 FUZZ_SEED=7."""
SHORT_AND_LONG = pytest.mark.parametrize("turns", [pytest.param(1, marks=pytest.mark.slow),
                                                   pytest.param(TURNS, marks=pytest.mark.long)], ids=["once", "often"])
CELLS = [cell for group in (*table.GROUPS, *desk_table.GROUPS) for cell in group.cells()]
WHO = ("admin", "agent", "aigul", "anonymous")
ASKED = ("q", "tag", "type", "status", "priority", "assignee", "state", "kind", "actor", "team", "month", "next",
         "inline", "topic", "since", "v", "category", "language", "page", "s", "n", "waits", "due", "age", "level",
         "channel",
         "sort", "list", "view", "format")
"""What some page reads from its address, beside the marks of paging."""


class Noting(ImmutableMultiDict):
    """What stands behind the question mark; notes which names a page looks for."""

    names: ClassVar[set[str]] = set()

    def get(self, key, *about, **more):
        self.names.add(key)
        return super().get(key, *about, **more)

    def getlist(self, key, *about, **more):
        self.names.add(key)
        return super().getlist(key, *about, **more)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)


@dataclass(frozen=True)
class Page:
    """What came back, and which names it looked for in its address."""

    endpoint: str
    text: str
    names: list[str]


@functools.cache
def pages(door, who: str) -> dict[str, Page]:
    """Address -> page, of everything this person may read."""
    cells = {door.url(cell.route.endpoint, cell.thing): cell.route.endpoint for cell in CELLS
             if cell.who == who and cell.letter in REASONS and _is_page(door, cell)}
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door.app.request_class, "parameter_storage_class", Noting)
        for url, endpoint in sorted(cells.items()):
            Noting.names.clear()
            answer = door.knock(who, "GET", url)
            if answer.status == 200:
                found[url] = Page(endpoint, answer.text, sorted(Noting.names))
    return found


def _is_page(door, cell: Cell) -> bool:
    rules = list(door.app.url_map.iter_rules(cell.route.endpoint))
    return cell.route.endpoint != "static" and "GET" in rules[0].methods


def forms(door, who: str) -> dict[str, dict[str, str]]:
    """Address -> the fields of its form as a page shows them, with words where words are needed; one of each kind."""
    found: dict[Any, tuple[str, dict[str, str]]] = {}
    for url, page in pages(door, who).items():
        for action, fields in Forms(page.text).by_action.items():
            kind = _taken_by(door, urljoin(url, action)), *sorted(fields)
            found[kind] = action or url, {name: value or WORDS.get(name, "") for name, value in fields.items()}
    return dict(form for kind, form in found.items() if kind[0])


def _taken_by(door, url: str) -> str:
    """The endpoint to which a form is sent; none for one that only asks."""
    try:
        return door.app.url_map.bind("localhost").match(urlsplit(url).path, method="POST")[0]
    except HTTPException:
        return ""


WORDS = {"body": "Words", "reason": "Words", "subject": "Words", "name": "Words"}


def bugs(door, who: str, url: str, method: str = "GET", data: Any = None, **about: Any) -> list[str]:
    answer = door.knock(who, method, url, data, **about)
    broken = f"{who}: {method} {answer.asked[:300]!r} {str(about)[:200]} -> {answer.text[:300]}"
    return [broken] if answer.status >= 500 else []


@SHORT_AND_LONG
@pytest.mark.parametrize("who", WHO)
def test_addresses(door, who, turns):
    """Every page with rubbish behind the question mark: one thing of each route, or all of them."""
    dice, wrong = random.Random(f"{SEED} {who}"), []
    chosen = {page.endpoint if turns == 1 else url: (url, page.names) for url, page in pages(door, who).items()}
    for url, own in chosen.values():
        for _turn in range(2 * turns):
            asked = [(name, dice.choice(RUBBISH)) for name in (*dice.sample(own, min(3, len(own))), dice.choice(ASKED))]
            wrong += bugs(door, who, _query(url, *asked, (dice.choice(("after", "before")), dice.choice(MARKS))))
    assert not wrong, "\n".join(wrong)


def _query(url: str, *asked: tuple[str, str]) -> str:
    return f"{url}?" + "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in asked)


@pytest.mark.slow
@pytest.mark.parametrize(("page", "names"), [
    ("/kpi", ("month", "team")), ("/kpi/filed/tickets", ("month",)), ("/pauses.csv", ("first", "by")),
    ("/pauses", ("first", "last", "team", "kind", "by", "after")), ("/queues/mine", ("q", "tag")),
    ("/admin/people", ("q",)), ("/admin/events", ("actor",)), ("/live/news", ("topic",)),
])
def test_what_a_page_asks_for(door, page, names):
    """One at a time: two kinds of rubbish at once may hide each other."""
    wrong = [bug for name in names for value in RUBBISH for bug in bugs(door, "admin", _query(page, (name, value)))]
    assert not wrong, "\n".join(wrong)


@SHORT_AND_LONG
@pytest.mark.parametrize("who", WHO)
def test_forms(door, who, turns):
    """Every form: one field at a time, then all at once; and the ways in which a form can be broken. Once means some of
    the ways for each form: all of them stand somewhere."""
    dice, wrong = random.Random(f"{SEED} {who}"), []
    for url, fields in sorted(forms(door, who).items()):
        for _turn in range(turns):
            ways = _spoilt(dice, fields)
            for sent in dice.sample(ways, WAYS_ONCE) if turns == 1 else ways:
                wrong += bugs(door, who, url, "POST", sent)
        kind, body = dice.choice(BODIES)
        wrong += bugs(door, who, url, "POST", body, content_type=kind)
    assert not wrong, "\n".join(wrong)


WAYS_ONCE = 5


def _spoilt(dice: random.Random, fields: dict[str, str]) -> list[dict[str, Any]]:
    names = [name for name in fields if name != "csrf_token"] or ["other"]
    singles = [fields | {name: _rubbish(dice)} for name in dice.sample(names, min(4, len(names)))]
    many = [{name: _rubbish(dice) if dice.random() < share else fields.get(name, "") for name in names}
            for share in (0.3, 1)]
    name = dice.choice(names)
    left_out = {key: value for key, value in fields.items() if key != name}
    files = [(BytesIO(b"<svg>"), _rubbish(dice) or "no name") for _file in range(2)]
    return [*singles, *many, left_out, left_out | {name: ["1", fields.get(name, ""), "x"]},
            left_out | {name: files[0]}, fields | {"files": files[1]}]


def _rubbish(dice: random.Random) -> str:
    return dice.choice(RUBBISH).encode("utf-8", "replace").decode()


@SHORT_AND_LONG
def test_paths(door, turns):
    """The words and numbers within addresses."""
    dice, wrong = random.Random(SEED), []
    for rule in sorted(door.app.url_map.iter_rules(), key=str):
        for value in dice.sample(PARTS, min(len(PARTS), 4 * turns)) if rule.arguments else ():
            url = re.sub(r"<[^>]+>", lambda _found, value=value: value, rule.rule)
            wrong += bugs(door, "admin", url, "POST" if "POST" in rule.methods else "GET")
    assert not wrong, "\n".join(wrong)


PARTS = [quote(value.encode("utf-8", "surrogatepass"), safe="") for value in RUBBISH if len(value) < 400] + ["9" * 400]


@pytest.mark.slow
@pytest.mark.parametrize("name", HEADERS)
def test_headers(door, name):
    """What a browser says about itself."""
    wrong = [bug for value in HEADERS[name] for who, url in HEADED
             for bug in bugs(door, who, url, headers={name: value})]
    assert not wrong, "\n".join(wrong)


HEADED = (("admin", "/"), ("anonymous", "/session"), ("anonymous", "/static/css/base.css"), ("admin", "/live?topic=x"))


@pytest.mark.slow
@pytest.mark.parametrize("who", ["admin", "aigul"])
@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_bodies(door, who, kind, body):
    """A body that is no form, or a broken one."""
    answers = door.url("tickets.answer_create", "printer")
    urls = ("/session", "/profile", "/tickets", "/admin/settings/desk", "/admin/request-types/printer", answers)
    wrong = [bug for url in urls for bug in bugs(door, who, url, "POST", body, content_type=kind)]
    assert not wrong, "\n".join(wrong)
