"""The pages of the reports on knowledge: at a fixed cost, safe for spreadsheets, one click from the article."""

import csv
import io

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.kb.models import Article
from app.kpi.reports.models import Gap
from app.kpi.reports.words import REPORTS
from tests import people
from tests.tickets.conftest import statements  # noqa: F401 - a fixture

from .test_knowledge import article, desk_of, made, searched, solved, the_gap  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow
PAGE = "/reports/knowledge"


@pytest.fixture
def agent(client, desk_of):  # noqa: F811
    return people.sign_in(client, desk_of.agent)


def rows(answer):
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_before_anything_was_made_every_page_says_so(agent):
    for report in (*REPORTS, "articles"):
        answer = agent.get(f"{PAGE}?report={report}")
        assert answer.status_code == 200
        assert "Nothing here" in answer.text


def test_a_report_costs_the_same_for_few_and_many(agent, desk_of, statements):  # noqa: F811
    searched("word0 other0", desk_of.aigul)
    made()
    agent.get(PAGE)
    with statements() as few:
        agent.get(PAGE)
    for number in range(40):
        searched(f"word{number} other{number}", desk_of.aigul)
    made()
    with statements() as many:
        page = agent.get(PAGE).text
    assert len(many) == len(few)
    assert page.count("/reports/knowledge/clusters/") == 25
    assert 'rel="next"' in page


def test_a_cluster_costs_the_same_for_few_and_many(agent, desk_of, statements):  # noqa: F811
    solved(desk_of.aigul, desk_of.printer, "Printer jam", desk_of.agent)
    searched("printer jam", desk_of.aigul, found=1, shown=[article("Jams").id])
    made()
    address = f"{PAGE}/clusters/{the_gap().key}"
    agent.get(address)
    with statements() as few:
        agent.get(address)
    for number in range(8):
        solved(desk_of.bakyt, desk_of.printer, "Printer jam", desk_of.agent)
        searched("printer jam", desk_of.aigul, found=1, shown=[article(f"Jams {number}").id])
    made()
    with statements() as many:
        page = agent.get(address).text
    assert len(many) == len(few)
    assert "Jams 7" in page
    assert page.count("Printer jam") >= 9


def test_all_pages_follow_one_another(agent, desk_of):  # noqa: F811
    for number in range(30):
        searched(f"word{number} other{number}", desk_of.aigul)
    made()
    first = agent.get(PAGE).text
    after = first.partition("after=")[2].partition('"')[0]
    second = agent.get(f"{PAGE}?after={after}").text
    keys = [{part.split('"')[0] for part in page.split("/reports/knowledge/clusters/")[1:]}
            for page in (first, second)]
    assert [len(one) for one in keys] == [25, 5]
    assert not keys[0] & keys[1]


def test_the_spreadsheet_takes_no_words_for_formulas(agent, desk_of):  # noqa: F811
    searched("=cmd|calc printer", desk_of.aigul)
    made()
    head, row = rows(agent.get(f"{PAGE}.csv?report=nothing"))
    assert head[:3] == ["Asked as", "People", "Times"]
    assert row[:3] == ["'=cmd|calc printer", "1", "1"]
    assert len(rows(agent.get(f"{PAGE}.csv?report=articles"))) == 1


def test_one_click_drafts_the_article_and_a_second_finds_it(agent, desk_of):  # noqa: F811
    solved(desk_of.aigul, desk_of.printer, "Printer jam", desk_of.agent)
    searched("printer jam", desk_of.bakyt)
    made()
    address = f"{PAGE}/clusters/{the_gap().key}"
    assert "Draft the article" in agent.get(address).text
    answer = agent.post(f"{address}/article")
    drafted = db.session.scalars(sa.select(Article)).one()
    assert answer.status_code == 303
    assert drafted.slug in answer.location
    assert the_gap().article_id == drafted.id
    assert agent.post(f"{address}/article").location == answer.location
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Article)) == 1
    page = agent.get(address).text
    assert "Draft the article" not in page
    assert "not published yet" in page


def test_an_article_of_another_team_is_not_named(agent, desk_of, client):  # noqa: F811
    searched("printer jam", desk_of.bakyt)
    made()
    hidden = article("Only for network", "teams", desk_of.expert, owner=desk_of.expert, teams=[desk_of.network])
    db.session.execute(sa.update(Gap).values(article_id=hidden.id))
    db.session.commit()
    address = f"{PAGE}/clusters/{the_gap().key}"
    for page in (agent.get(address), agent.get(PAGE), agent.post(f"{address}/article")):
        assert "Only for network" not in page.text
    assert agent.post(f"{address}/article").status_code == 409
