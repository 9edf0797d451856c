"""The words of a score, lowest first."""

from flask_babel import lazy_pgettext

SCORES = {
    1: lazy_pgettext("rating", "Very bad"),
    2: lazy_pgettext("rating", "Bad"),
    3: lazy_pgettext("rating", "So-so"),
    4: lazy_pgettext("rating", "Good"),
    5: lazy_pgettext("rating", "Very good"),
}
SATISFIED = 4
"""From this score on a requester counts as satisfied (top two of five, as HDI and SDI count CSAT)."""
