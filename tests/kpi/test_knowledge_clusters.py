"""Which questions ask the same, and what a share of few is worth. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kpi.reports import clusters
from app.kpi.reports.one_gap import Trend
from app.kpi.reports.shares import Share

ASKED = {"jam printer": 9, "jam paper printer": 4, "printer": 2, "connect vpn": 5, "connect home vpn": 1, "salary": 3}


def test_questions_that_share_most_of_what_tells_stand_together():
    placed = clusters.clusters(ASKED)
    assert placed["jam paper printer"] == placed["jam printer"] == "jam printer"
    assert placed["connect home vpn"] == "connect vpn"
    assert placed["salary"] == "salary"


def test_a_common_word_alone_makes_nothing_alike():
    asked = {f"printer word{number}": 1 for number in range(30)}
    assert len(set(clusters.clusters(asked).values())) == 30


def test_the_question_asked_most_often_leads():
    assert clusters.clusters({"jam printer": 1, "jam paper printer": 7})["jam printer"] == "jam paper printer"


def test_who_led_before_leads_on():
    assert clusters.clusters({"jam printer": 9, "jam paper printer": 4}, ["jam paper printer"]) == {
        "jam printer": "jam paper printer", "jam paper printer": "jam paper printer"}


QUESTIONS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4, unique=True).map(
    lambda stems: " ".join(sorted(stems)))


@given(st.dictionaries(QUESTIONS, st.integers(1, 9), max_size=25))
def test_whoever_is_left_out_by_the_short_cut_was_not_alike(asked):
    """Candidates by heavy stems find the same as comparing with every leader; order of the input changes nothing."""
    placed = clusters.clusters(asked)
    assert placed == clusters.clusters(dict(reversed(asked.items())))
    book, plain = clusters._Leaders(asked), {}
    for question in sorted(asked, key=lambda one: (-asked[one], one)):
        alike = {leader: book.likeness(question, leader) for leader in sorted(set(plain.values()))}
        best = max(alike, key=lambda leader: alike[leader], default=None)
        plain[question] = best if best is not None and alike[best] >= clusters.ALIKE else question
        book.add(plain[question])
    assert placed == plain


@pytest.mark.parametrize(("yes", "of", "low", "high"), [
    (0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366)])
def test_wilson(yes, of, low, high):
    share = Share(yes, of)
    assert (round(share.low, 3), round(share.high, 3)) == (low, high)
    assert share.is_enough


def test_nine_are_not_enough():
    assert not Share(9, 9).is_enough
    assert (Share(0, 0).low, Share(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(("trend", "verdict"), [
    (Trend(30, 60, 2, 28), "declined"), (Trend(30, 60, 40, 28), "rose"), (Trend(30, 60, 14, 28), "same"),
    (Trend(30, 60, 0, 13), "early"), (Trend(6, 60, 0, 28), "early"), (Trend(30, 0, 9, 28), "early")])
def test_whether_it_declined(trend, verdict):
    assert trend.verdict == verdict
