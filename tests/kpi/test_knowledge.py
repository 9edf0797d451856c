"""The reports on knowledge: what people ask in vain, what it costs, and whether an article helped."""

from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.kb import actions as kb
from app.kb.models import ArticleVote
from app.kpi.reports import drafting, gaps, knowledge, one_gap, panel
from app.kpi.reports.knowledge import Scope
from app.kpi.reports.models import Gap, GapItem
from app.search.find import folded
from app.search.models import SearchEntry
from tests import factories, people

pytestmark = pytest.mark.slow
NOW = clock.now()
DAY = timedelta(days=1)
tokens = count(1)


def searched(words, person=None, ago=DAY, found=0, place="page", language="en", **about):
    """A search that lies so far back."""
    entry = SearchEntry(token=f"{next(tokens):032x}", at=NOW - ago, place=place, words=words, language=language,
                        folded=folded(words, language), found=found, person_id=person.id if person else None,
                        shown=about.pop("shown", []), **about)
    db.session.add(entry)
    db.session.flush()
    return entry


def article(title, visibility="staff", by=None, published=True, **about):
    made = kb.draft(kb.Text(title, "Words"), kb.Facts("en", visibility, **about), by, NOW - 20 * DAY)
    if published:
        kb.publish(made, by, NOW - 20 * DAY)
    return made


def made():
    db.session.commit()
    gaps.make(NOW)
    db.session.commit()


def lines(report, person, days=90):
    scope, usual = Scope(report, days), knowledge.usual_seconds()
    page = knowledge.page(scope, person, NOW, usual, None)
    said = knowledge.wordings([line.key for line in page.rows], person)
    return {said[line.key][0] if said[line.key] else "": line for line in page.rows}


def the_gap():
    return db.session.scalars(sa.select(Gap)).one()


@pytest.fixture
def desk_of(desk):
    """A desk with a level 1 and a network team; Aigul and Bakyt ask."""
    first, network = people.team("service-desk", 1), people.team("network", 2)
    home = people.department("office")
    cast = {
        "aigul": people.user("aigul", department=home), "bakyt": people.user("bakyt", department=home),
        "agent": people.user("agent", member=(first,)), "expert": people.user("expert", member=(network,)),
        "admin": people.user("admin", administrator=True),
    }
    kinds = {"printer": factories.request_type("printer", first), "cable": factories.request_type("cable", network),
             "secret": factories.request_type("secret", first, is_confidential=True)}
    return type("Desk", (), {**cast, **kinds, "first": first, "network": network})


def solved(requester, kind, subject, by, days_ago=3):
    ticket = factories.ticket(requester, kind, subject, at=NOW - days_ago * DAY)
    ticket.reply("Restart the spooler, then print again.", by, NOW - days_ago * DAY + timedelta(hours=1))
    ticket.resolve(by, NOW - days_ago * DAY + timedelta(hours=2))
    db.session.flush()
    return ticket


def test_what_found_nothing_is_put_together_and_counted_by_people(desk_of):
    d = desk_of
    searched("printer jam", d.aigul)
    searched("printer jams", d.aigul)
    searched("jammed printer", d.bakyt)
    searched("salary slip", d.aigul)
    searched("vpn", d.aigul, found=3)
    made()
    found = lines("nothing", d.agent)
    assert {words: (line.people, line.asked) for words, line in found.items()} == {
        "jammed printer": (2, 3), "salary slip": (1, 1)}
    assert list(found) == ["jammed printer", "salary slip"]


def test_each_report_has_its_own_searches(desk_of):
    d = desk_of
    helpless = article("Coffee machine")
    searched("vpn", d.aigul, found=2)
    searched("tunnel", d.aigul, found=2, place="typing")
    searched("wifi", d.aigul, found=2, clicked_id=helpless.id, clicked_at=NOW - DAY)
    searched("coffee", d.aigul, found=1, ago=2 * DAY, clicked_id=helpless.id, clicked_at=NOW - 2 * DAY)
    db.session.add(ArticleVote(article_id=helpless.id, version_id=helpless.published_id, voter="x", is_helpful=False,
                               at=NOW - 2 * DAY + timedelta(minutes=5)))
    searched("mouse", d.bakyt, found=2, clicked_id=1, clicked_at=NOW, solved_at=NOW)
    ticket = factories.ticket(d.aigul, d.printer, at=NOW)
    searched("keyboard", d.aigul, found=2, place="filing", ticket_id=ticket.id)
    made()
    assert {report: set(lines(report, d.agent)) for report in ("nothing", "unopened", "filed", "unhelpful")} == {
        "nothing": set(), "unopened": {"vpn"}, "filed": {"keyboard"}, "unhelpful": {"coffee"}}


def test_a_shorter_time_shows_less(desk_of):
    searched("printer jam", desk_of.aigul, ago=40 * DAY)
    made()
    assert set(lines("nothing", desk_of.agent, 90)) == {"printer jam"}
    assert lines("nothing", desk_of.agent, 30) == {}


def test_solved_tickets_without_an_article_are_there_for_who_sees_them(desk_of):
    d = desk_of
    solved(d.aigul, d.printer, "Printer jam on floor two", d.agent)
    solved(d.bakyt, d.printer, "Printer jam again, floor two", d.agent)
    solved(d.aigul, d.cable, "Cable is torn", d.expert)
    made()
    assert [(line.people, line.asked) for line in lines("unwritten", d.agent).values()] == [(2, 2)]
    assert set(lines("unwritten", d.expert)) == {"Cable is torn"}
    assert len(lines("unwritten", d.admin)) == 2


def test_nothing_of_a_confidential_ticket_is_in_any_report(desk_of):
    d = desk_of
    ticket = solved(d.aigul, d.secret, "Bullied by a colleague", d.agent)
    searched("bullied colleague", d.aigul, ticket_id=ticket.id, place="filing")
    later = solved(d.aigul, d.printer, "Bullied by the printer", d.agent)
    searched("bullied printer", d.aigul, ticket_id=later.id, place="filing")
    made()
    assert set(lines("filed", d.admin)) == set(lines("nothing", d.admin)) == {"bullied printer"}
    later.is_confidential = True
    db.session.commit()
    for report in ("filed", "nothing", "unwritten"):
        assert lines(report, d.admin) == {}


def test_what_was_typed_before_filing_is_there_for_who_sees_the_ticket(desk_of):
    """It often is the subject, word for word."""
    d = desk_of
    ticket = factories.ticket(d.aigul, d.cable, "Cable torn in the cellar", at=NOW)
    searched("cable torn in the cellar", d.aigul, place="filing", ticket_id=ticket.id)
    searched("printer asks for paper", d.bakyt, place="filing")
    made()
    for report in ("nothing", "filed"):
        assert set(lines(report, d.expert)) == {"cable torn in the cellar"}
        assert lines(report, d.agent) == {}


def test_the_most_at_stake_stands_first(desk_of):
    """Three whose tickets take hours outweigh four of a matter of minutes."""
    d = desk_of
    asking = [people.user(f"person{n}") for n in range(4)]
    for number, person in enumerate(asking):
        searched("reset password", person)
        if number < 3:
            searched("network outage", person)
    made()
    assert list(lines("nothing", d.agent)) == ["reset password", "network outage"]
    for gap in db.session.scalars(sa.select(Gap)):
        gap.handling_seconds = 7200 if "outag" in gap.leader else 600
    db.session.commit()
    found = lines("nothing", d.agent)
    assert [line.stake for line in found.values()] == [3 * 7200, 4 * 600]
    assert list(found) == ["network outage", "reset password"]


def test_made_twice_it_is_the_same_and_clusters_keep_their_names(desk_of):
    d = desk_of
    for words in ("printer jam", "printer jams", "salary"):
        searched(words, d.aigul)
    made()
    before = {gap.leader: gap.key for gap in db.session.scalars(sa.select(Gap))}
    items = db.session.execute(sa.select(GapItem.gap_key, GapItem.token).order_by(GapItem.token)).all()
    made()
    assert {gap.leader: gap.key for gap in db.session.scalars(sa.select(Gap))} == before
    assert db.session.execute(sa.select(GapItem.gap_key, GapItem.token).order_by(GapItem.token)).all() == items


def test_a_cluster_nobody_asks_for_any_more_is_gone(desk_of):
    entry = searched("printer jam", desk_of.aigul)
    made()
    db.session.delete(entry)
    made()
    assert db.session.scalars(sa.select(Gap)).all() == []


def test_who_is_forgotten_still_counts_once_with_the_rewording(desk_of):
    first = searched("printer jam")
    searched("printer jams", follows=first.token)
    searched("printer jam")
    made()
    (line,) = lines("nothing", desk_of.agent).values()
    assert (line.people, line.asked) == (2, 3)


def test_an_article_is_drafted_from_the_best_solved_ticket(desk_of):
    d = desk_of
    again = solved(d.bakyt, d.printer, "Printer jam", d.agent, 2)
    again.reopen(d.bakyt, NOW - DAY)
    again.resolve(d.agent, NOW - DAY)
    best = solved(d.aigul, d.printer, "Printer jam", d.agent, 5)
    solved(d.aigul, d.printer, "Printer jam on the second floor", d.agent, 4)
    searched("printer jam", d.bakyt)
    made()
    gap = the_gap()
    assert drafting.best_ticket(gap, d.agent).id == best.id
    drafted = drafting.draft(gap, d.agent, NOW)
    assert "Restart the spooler" in drafted.latest.body
    db.session.commit()
    assert the_gap().article_id == drafted.id
    assert drafting.draft(the_gap(), d.agent, NOW).id == drafted.id


def test_without_a_ticket_the_article_begins_with_what_was_asked(desk_of):
    searched("printer jam", desk_of.aigul)
    made()
    drafted = drafting.draft(the_gap(), desk_of.agent, NOW)
    assert drafted.latest.title == "Printer jam"
    assert drafted.state == "draft"


def test_a_ticket_of_another_team_is_no_source(desk_of):
    d = desk_of
    solved(d.aigul, d.cable, "Printer jam", d.expert)
    searched("printer jam", d.aigul)
    made()
    assert drafting.best_ticket(the_gap(), d.agent) is None
    assert drafting.best_ticket(the_gap(), d.expert) is not None


def test_after_the_article_came_out_the_cluster_shows_whether_it_declined(desk_of):
    d = desk_of
    for day in range(21, 61, 2):
        searched("printer jam", d.aigul, day * DAY)
    made()
    gap = the_gap()
    assert one_gap.trend(gap, NOW) is None
    gap.article_id = article("Printer jams").id
    searched("printer jam", d.aigul, 5 * DAY)
    made()
    trend = one_gap.trend(the_gap(), NOW)
    assert (trend.before, trend.before_days, trend.after, trend.after_days) == (20, 39, 1, 20)
    assert trend.verdict == "declined"


def test_what_came_of_the_searches_that_led_to_an_article(desk_of):
    d = desk_of
    known, ticket = article("VPN"), factories.ticket(d.aigul, d.printer, at=NOW)
    for number in range(12):
        searched(f"vpn {number}", d.aigul, clicked_id=known.id, clicked_at=NOW - DAY, found=1,
                 solved_at=NOW if number < 8 else None, ticket_id=ticket.id if number in (1, 9, 10) else None)
    made()
    share = panel.deflection(known.id)
    assert (share.yes, share.of, share.is_enough) == (8, 10, True)
    (outcome,) = knowledge.outcomes(Scope("articles", 30), d.agent, None).rows
    assert (outcome.opened, outcome.solved, outcome.filed) == (12, 8, 2)
    assert "80 %" in panel.on_article(known, d.agent, NOW)
