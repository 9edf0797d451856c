"""Check my setup: each contradiction is found and leads to where it is mended; a desk that fits says so."""

import re
from datetime import timedelta

import pytest

from app.accounts.models import User
from app.accounts.setup_checks import found as teams_found
from app.calendars import actions as calendars
from app.catalogue.models import IntakeRule
from app.catalogue.setup_checks import found as types_found
from app.channels.email.models import Mailbox
from app.channels.setup_checks import found as ways_found
from app.channels.ways import channels
from app.core import clock
from app.core.db import db
from app.core.relay import relay
from app.kb.models import Article
from app.kb.settings import settings as knowledge
from app.kb.setup_checks import found as articles_found
from app.sla import actions
from app.sla.setup_checks import found as promises_found
from tests import factories, people
from tests.sla.conftest import LONG_AGO, OFFICE, calendar, policy, rule

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def request_of_somebody(app, request):
    """Findings carry addresses; the test of the page makes requests of its own."""
    if "client" in request.fixturenames:
        yield
        return
    with app.test_request_context():
        yield


def said(findings) -> str:
    return "\n".join(f"{finding.weight}: {finding.sentence}" for finding in findings)


def now():
    return clock.now()


@pytest.fixture
def sound(desk):
    """A desk in which nothing contradicts itself."""
    first, second = people.team("first", level=1), people.team("second", level=2)
    for n, team in enumerate((first, second)):
        people.user(f"lead{n}", leads=(team,))
    first.escalates_to = second
    for name in ("root", "root2"):
        people.user(name, administrator=True)
    kind = factories.request_type("printer", first)
    promise = policy("standard", calendar("office"))
    promise.versions[0].targets = {p: {"resolution": 3600} for p in ("P1", "P2", "P3", "P4")}
    actions.set_rules([rule(promise)], None, LONG_AGO, LONG_AGO)
    relay.change(host="smtp.example", sender="desk@jardam.example")
    channels.change(email=False)
    db.session.commit()
    return {"first": first, "second": second, "kind": kind, "promise": promise}


def test_a_sound_desk_is_left_in_peace(sound, app):
    app.config["BASE_URL"] = "https://desk.example"
    every = [check(now()) for check in (teams_found, types_found, promises_found, ways_found)]
    assert [said(findings) for findings in every] == [""] * 4


def test_a_team_without_people(sound):
    sound["second"].memberships[0].user.is_active = False
    told = said(teams_found(now()))
    assert "grave: Nobody works in “Second”" in told and "escalates to “Second”, where nobody" in told


def test_a_team_without_a_lead_and_a_lonely_administrator(sound):
    sound["first"].memberships[0].is_lead = False
    db.session.query(User).filter_by(name="Root2").one().is_active = False
    told = said(teams_found(now()))
    assert "doubtful: “First” has no lead" in told and "only one administrator" in told


def test_a_team_that_is_given_tickets_nobody_takes(sound):
    sound["first"].assignment = "round_robin"
    sound["first"].memberships[0].weight = 0
    assert "nobody there takes a share" in said(teams_found(now()))


def test_no_level_1(sound):
    sound["first"].level = 2
    assert "There is no team of level 1" in said(teams_found(now()))


def test_people_left_without_a_queue(sound):
    sound["second"].is_active = False
    told = said(teams_found(now()))
    assert "All teams of Lead1 are switched off" in told and "escalates to “Second”" in told


def test_a_request_type_that_leads_nowhere(sound):
    sound["kind"].team, sound["first"].is_active = sound["first"], False
    sound["kind"].level2_team = sound["second"]
    sound["second"].is_active = False
    told = said(types_found(now()))
    assert "should land with “First”" in told and "escalated to “Second”, which is switched off" in told


def test_a_confidential_type_that_names_nobody(sound):
    sound["kind"].is_confidential = True
    assert "is confidential and names nobody" in said(types_found(now()))


@pytest.mark.parametrize(("first", "second", "is_shadowed"), [
    ({}, {"channel": "phone"}, True),
    ({"channel": "phone"}, {}, False),
    ({"channel": "phone"}, {"channel": "email"}, False),
    ({"channel": "phone"}, {"channel": "phone"}, True),
])
def test_a_rule_shadowed_by_another(sound, first, second, is_shadowed):
    for place, about in enumerate((first, second)):
        db.session.add(IntakeRule(position=place, team=sound["first"], **about))
    db.session.flush()
    assert ("Rule 2 (to “First”) never gets its turn: rule 1" in said(types_found(now()))) is is_shadowed


def test_a_rule_to_a_team_that_is_switched_off_shadows_nobody(sound):
    sound["second"].is_active = False
    db.session.add_all([IntakeRule(position=0, team=sound["second"]), IntakeRule(position=1, team=sound["first"])])
    told = said(types_found(now()))
    assert "so the rule does nothing" in told and "never gets its turn" not in told


def test_nothing_to_ask_for(sound):
    sound["kind"].is_active = False
    assert "nobody can file anything" in said(types_found(now()))


def test_a_policy_that_no_rule_chooses_and_no_promise_for_the_rest(sound):
    spare = policy("spare", calendar("other"))
    actions.set_rules([rule(sound["promise"], priority=["P1"])], None, LONG_AGO + timedelta(days=1))
    told = said(promises_found(now()))
    assert f"No rule chooses the policy “{spare.title}”" in told and "No rule takes what all others leave" in told


def test_a_promise_rule_that_never_gets_its_turn(sound):
    actions.set_rules([rule(sound["promise"]), rule(sound["promise"], priority=["P1"])], None,
                      LONG_AGO + timedelta(days=1))
    assert "never gets its turn" in said(promises_found(now()))


def test_a_promise_rule_about_a_type_that_is_gone(sound):
    actions.set_rules([rule(sound["promise"], request_type_id=[sound["kind"].id]), rule(sound["promise"])], None,
                      LONG_AGO + timedelta(days=1))
    sound["kind"].is_active = False
    assert "can never match" in said(promises_found(now()))


def test_a_calendar_without_working_time_and_a_priority_without_a_promise(sound):
    shut = {(now() + timedelta(days=n)).date().isoformat(): [] for n in range(-1, 17)}
    hours = calendars.Hours("Asia/Bishkek", OFFICE, None, shut, LONG_AGO)
    never = policy("never", calendars.create("never", people.names("never"), hours, None, LONG_AGO))
    actions.set_rules([rule(never)], None, LONG_AGO + timedelta(days=1))
    never.versions[0].targets = {"P1": {"resolution": 3600}}
    db.session.commit()
    told = said(promises_found(now()))
    assert "has no working time in the next two weeks" in told and "promises nothing for P2, P3, P4" in told


def test_actions_for_somebody_who_is_gone_and_for_a_level_that_is_not_there(sound):
    gone = people.user("gone")
    gone.is_active = sound["second"].is_active = False
    sound["promise"].versions[0].actions = [
        {"target": "resolution", "share": 75, "action": "notify_named", "user_id": gone.id},
        {"target": "resolution", "share": 100, "action": "escalate_level"}]
    db.session.commit()
    told = said(promises_found(now()))
    assert "tells Gone or gives them tickets" in told and "no team above level 1" in told


def test_mail_that_fails_and_links_nobody_can_open(sound, app):
    app.config["BASE_URL"] = "http://127.0.0.1:8000"
    channels.change(email=True)
    sound["second"].is_active = False
    db.session.add(Mailbox(name="Desk", address="desk@jardam.example", way="imap", failures=9, team=sound["second"],
                           last_error="no route to host"))
    db.session.commit()
    told = said(ways_found(now()))
    assert "desk@jardam.example cannot be read: no route to host" in told
    assert "which only this machine can open" in told and "lands with “Second”, which is switched off" in told


def test_a_form_that_cannot_confirm_and_no_way_in(sound):
    channels.change(form=True)
    relay.change(host="")
    told = said(ways_found(now()))
    assert "nothing ever arrives" in told and "nobody hears of anything by mail" in told
    channels.change(web=False, phone=False, walk_in=False, form=False)
    assert "Every way in is switched off" in said(ways_found(now()))


def test_articles_of_somebody_who_is_gone(sound):
    gone = people.user("gone")
    db.session.add(Article(slug="a", language="en", state="published", visibility="staff",
                           owner_id=gone.id, updated_at=now(), created_at=now()))
    gone.is_active = False
    db.session.flush()
    assert "1 published article belongs to somebody" in said(articles_found(now()))


def test_the_page_leads_to_where_it_is_mended(sound, client):
    root = people.sign_in(client, db.session.query(User).filter_by(name="Root").one())
    sound["first"].memberships[0].is_lead = False
    db.session.commit()
    page = root.get("/admin/check").text
    address = re.search(r'href="(/admin/teams/first)"', page)[1]
    assert "“First” has no lead" in page and root.get(address).status_code == 200


def test_the_first_page_says_how_much_there_is_and_nothing_where_all_fits(sound, client, app, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", "https://desk.example")
    knowledge.change(is_public=False)
    root = people.sign_in(client, db.session.query(User).filter_by(name="Root").one())
    assert "/admin/check\">Check my setup" not in root.get("/admin").text
    sound["first"].memberships[0].is_lead = False
    sound["second"].memberships[0].user.is_active = False
    db.session.commit()
    page = root.get("/admin").text
    line = re.search(r'<strong>(\d+) things? do(?:es)? not work</strong>\s*<span>(\d+) things? to think about</span>\s*'
                     r'<a href="/admin/check">Check my setup</a>', page)
    check = root.get("/admin/check").text
    assert [int(count) for count in line.groups()] == [check.count('<li class="grave">'),
                                                       check.count('<li class="doubtful">')]


def test_what_the_first_page_costs_does_not_grow_with_the_desk(sound, client, statements):
    root = people.sign_in(client, db.session.query(User).filter_by(name="Root").one())
    kept = grown(sound, 2, [], 1)
    few = statements(lambda: root.get("/admin"))
    grown(sound, 6, kept, 2)
    assert statements(lambda: root.get("/admin")) == few


def grown(sound, count: int, kept: list, day: int) -> list:
    """So many teams more, each with a promise, hours and a request type of its own."""
    for n in range(count):
        team = people.team(f"more{day}{n}", level=1)
        people.user(f"lead-of-more{day}{n}", leads=(team,))
        promise = policy(f"more{day}{n}", calendar(f"more{day}{n}"))
        promise.versions[0].targets = {p: {"resolution": 3600} for p in ("P1", "P2", "P3", "P4")}
        kept.append(rule(promise, request_type_id=[factories.request_type(f"more{day}{n}", team).id]))
    actions.set_rules([*kept, rule(sound["promise"])], None, LONG_AGO + timedelta(days=day))
    db.session.commit()
    return kept
