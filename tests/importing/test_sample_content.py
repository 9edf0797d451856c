"""The sample organisation's data: complete in three languages, without loose ends, the same for the same luck."""
import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import date
from random import Random

import pytest

from app.importing.sample import content_checks
from app.importing.sample.content import DATA, ContentError, load, read
from app.importing.sample.content_shapes import LANGUAGES, Text
from app.importing.sample.content_story import placeholders, spoken, texts_of

pytestmark = pytest.mark.slow

MONDAY = date(2026, 3, 9)
KYRGYZ = re.compile("[өүңӨҮҢ]")


@pytest.fixture(scope="module")
def content():
    return load()


@pytest.fixture(scope="module")
def people(content):
    return content.organisation.people


def all_texts(part):
    if isinstance(part, Text):
        yield part
    elif is_dataclass(part):
        for f in fields(part):
            yield from all_texts(getattr(part, f.name))
    elif isinstance(part, dict):
        yield from all_texts(tuple(part.values()))
    elif isinstance(part, tuple):
        for each in part:
            yield from all_texts(each)


def scenario_named(content, name):
    request_type, slug = name.split("/")
    return next(s for s in content.scenarios if (s.request_type, s.slug) == (request_type, slug))


def test_every_reference_leads_somewhere(content):
    assert list(content_checks.mistakes(content)) == []


def test_an_unknown_team_is_reported(content):
    broken = replace(content.request_types[0], level2_team="nobody")
    found = list(content_checks.mistakes(replace(content, request_types=(broken, *content.request_types[1:]))))
    assert found == ["no-internet: there is no team 'nobody'"]


def test_an_unknown_department_of_a_person_is_reported(content, people):
    lost = replace(people[0], department="atlantis")
    organisation = replace(content.organisation, people=(lost, *people[1:]))
    assert any("'atlantis'" in m for m in content_checks.mistakes(replace(content, organisation=organisation)))


def test_a_placeholder_without_values_is_reported(content):
    scenario = content.scenarios[0]
    story = replace(scenario.story, subject="No {wings}")
    changed = (replace(scenario, story=story), *content.scenarios[1:])
    found = content_checks.mistakes(replace(content, scenarios=changed))
    assert list(found) == ["no-internet/online-lesson: nothing to put for {wings}"]


def test_a_missing_required_answer_is_reported(content):
    scenario = content.scenarios[0]
    story = replace(scenario.story, fields={})
    changed = (replace(scenario, story=story), *content.scenarios[1:])
    found = list(content_checks.mistakes(replace(content, scenarios=changed)))
    assert found == [f"no-internet/online-lesson fields: {key!r} is required" for key in ("room", "scope")]


def test_load_refuses_data_with_mistakes(monkeypatch):
    monkeypatch.setattr(content_checks, "mistakes", lambda content: iter(["a: wrong", "b: wrong"]))
    with pytest.raises(ContentError, match="a: wrong\nb: wrong"):
        load.__wrapped__()


def test_every_name_and_label_speaks_three_languages(content):
    texts = list(all_texts(content))
    assert len(texts) > 200
    assert [t for t in texts if not all(t[language].strip() for language in LANGUAGES)] == []


def test_russian_and_kyrgyz_are_not_swapped(content):
    assert [t.ru for t in all_texts(content) if KYRGYZ.search(t.ru) and "Өнөр Жолу" not in t.ru] == []
    stories = [s for s in content.scenarios if s.language == "ru"]
    assert [s.slug for s in stories if KYRGYZ.search(" ".join(texts_of(s.story)))] == []


def test_kyrgyz_stories_are_kyrgyz(content):
    told = [s for s in content.scenarios if s.language == "ky"]
    assert [s.slug for s in told if not KYRGYZ.search(" ".join(texts_of(s.story)))] == []
    assert [s.slug for s in told if re.search("[щъ]", " ".join(texts_of(s.story)))] == []


def test_each_request_type_has_a_scenario_in_each_language(content):
    for request_type in content.request_types:
        for language in LANGUAGES:
            assert content.scenarios_of(request_type.slug, language), (request_type.slug, language)


def test_no_month_is_left_without_a_scenario(content):
    for request_type in content.request_types:
        for language in LANGUAGES:
            assert all(content.scenarios_of(request_type.slug, language, month) for month in range(1, 13))


def test_nobody_freezes_in_july(content):
    july = {s.slug for s in content.scenarios_of("premises-repair", "ky", month=7)}
    january = {s.slug for s in content.scenarios_of("premises-repair", "ky", month=1)}
    assert january - july == {"cold-radiator"}


def test_what_is_solved_after_a_date_names_the_date(content):
    waiting = [s for s in content.scenarios if s.after_date]
    assert waiting and all({"date", "iso_date"} & placeholders(s.story) for s in waiting)
    form = scenario_named(content, "vehicle-booking/bank").fill(Random(2), MONDAY)
    assert form.day.isoformat() == form.fields["needed_by"]


def test_there_is_enough_to_tell(content):
    assert 16 <= len(content.request_types) <= 20
    assert 90 <= len(content.scenarios) <= 110
    assert all(4 <= n <= 7 for n in Counter(s.request_type for s in content.scenarios).values())


def test_the_sign_in_people_are_there(people):
    roles = {p.email.split("@")[0]: p.role for p in people}
    expected = {"employee": "employee", "employee2": "employee", "agent1": "agent", "agent2": "agent",
                "lead": "lead", "manager": "manager", "admin": "administrator", "customer": "customer"}
    assert {email: roles.get(email) for email in expected} == expected


def test_agent1_sits_on_level_1_and_agent2_on_level_2(content, people):
    levels = {t.slug: t.level for t in content.organisation.teams}
    by_email = {p.email: {levels[m.team] for m in p.teams} for p in people}
    assert (by_email["agent1@jardam.example"], by_email["agent2@jardam.example"]) == ({1}, {2})


def test_each_team_has_two_to_four_members_and_one_lead(content, people):
    for team in content.organisation.teams:
        leads = [m.lead for p in people for m in p.teams if m.team == team.slug]
        assert 2 <= len(leads) <= 4 and sum(leads) == 1, team.slug


def test_the_department_tree_has_one_root_and_every_branch_reaches_it(content):
    parents = {d.slug: d.parent for d in content.organisation.departments}
    assert list(parents.values()).count(None) == 1
    for slug in parents:
        steps = 0
        while slug := parents[slug]:
            steps += 1
            assert steps < 4


def test_confidential_requests_never_pass_an_open_desk(content):
    confidential = [t for t in content.request_types if t.confidential]
    assert {t.slug for t in confidential} == {"accident-at-work", "hr-complaint"}
    for request_type in confidential:
        assert {request_type.level1_team, request_type.level2_team} - {None} <= set(request_type.visible_to)


def test_the_first_priority_is_the_quickest(content):
    for policy in content.policies:
        for target in ("first_response", "next_response", "resolution"):
            minutes = [policy.targets[p][target] for p in ("P1", "P2", "P3", "P4")]
            assert minutes == sorted(minutes), (policy.slug, target)


def test_the_last_rule_catches_everything(content):
    last = content.rules[-1]
    assert (last.request_types, last.priorities, last.departments, last.teams) == ((), (), (), ())


@pytest.mark.parametrize("luck", range(5))
def test_no_placeholder_survives(content, luck):
    for scenario in content.scenarios:
        story = scenario.fill(Random(luck), MONDAY)
        assert not [text for text in texts_of(story) if "{" in text or "}" in text], scenario.slug


def test_every_listed_value_is_used_by_its_file(content):
    used, listed = {}, {}
    for s in content.scenarios:
        used.setdefault(s.request_type, set()).update(placeholders((s.story, s.pool)))
        listed.setdefault(s.request_type, set()).update(s.values)
    everywhere = set.intersection(*listed.values())
    assert {t: names - used[t] - everywhere for t, names in listed.items() if names - used[t] - everywhere} == {}


def test_the_same_luck_tells_the_same_story(content):
    first = [s.fill(Random(7), MONDAY) for s in content.scenarios]
    assert first == [s.fill(Random(7), MONDAY) for s in content.scenarios]
    assert first != [s.fill(Random(8), MONDAY) for s in content.scenarios]


def test_reading_twice_gives_the_same_content(content):
    assert read(DATA) == content


def test_a_room_is_the_same_in_the_whole_story(content):
    story = scenario_named(content, "no-internet/online-lesson").fill(Random(1), MONDAY)
    assert story.subject == f"No internet in {story.fields['room']}, online lesson at 11"
    assert story.fields["room"] in story.opening


def test_the_caller_names_the_requester(content):
    story = scenario_named(content, "system-access/folder-edit").fill(Random(1), MONDAY, requester="Нургүл")
    assert story.replies[0].startswith("Саламатсызбы, Нургүл!")


def test_a_sentence_begins_with_a_capital_letter_whatever_is_drawn(content):
    story = scenario_named(content, "email-problem/letter-lost").fill(Random(3), MONDAY)
    assert story.subject[0].isupper()
    assert story.fields["address"].islower()


def test_number_fields_hold_numbers(content):
    form = scenario_named(content, "vehicle-booking/bank").fill(Random(2), MONDAY).fields
    assert isinstance(form["passengers"], int)
    assert date.fromisoformat(form["needed_by"]) > MONDAY


def test_dates_fall_on_working_days(content):
    for luck in range(30):
        form = scenario_named(content, "accident-at-work/slipped").fill(Random(luck), MONDAY).fields
        day = date.fromisoformat(form["happened_on"])
        assert day < MONDAY and day.weekday() < 5


def test_dates_are_spoken_in_the_language_of_the_story():
    assert [spoken(date(2026, 5, 4), language) for language in LANGUAGES] == ["4 May", "4 мая", "4-май"]


def test_what_a_scenario_leaves_unsaid_is_said_in_its_language(content):
    scenario = scenario_named(content, "power-lighting/socket-loose")
    story = scenario.fill(Random(5), MONDAY)
    assert story.thanks in scenario.pool.thanks
    assert story.reopening in scenario.pool.reopenings
    assert story.escalation.returned in scenario.pool.returns


def test_a_complaint_is_never_escalated(content):
    assert all(s.story.escalation is None for s in content.scenarios if s.request_type == "hr-complaint")


def test_askers_fit_language_voice_and_place(content):
    askers = content.askers(scenario_named(content, "no-internet/yekaterinburg-channel"))
    assert {(p.language, p.department) for p in askers} >= {("ru", "yekaterinburg")}
    women = content.askers(scenario_named(content, "hr-complaint/tone"))
    assert {p.gender for p in women} == {"f"}


def test_customers_speak_only_where_customers_are_meant(content):
    for scenario in content.scenarios:
        outside = {p.role == "customer" for p in content.askers(scenario)}
        assert outside == {scenario.asker == "customer"}


def test_shares_are_shares(content):
    for shape in content.shape.types.values():
        assert all(0 <= share <= 1 for share in (shape.escalated, shape.returned, shape.reopened, shape.pending))


def test_every_type_that_may_escalate_has_something_to_hand_over(content):
    for slug, shape in content.shape.types.items():
        stories = [s.story for s in content.scenarios if s.request_type == slug]
        assert bool(shape.escalated) == any(story.escalation for story in stories), slug
