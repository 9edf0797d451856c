"""How requesters are asked what they think."""

from app.core.settings import Settings

ratings = Settings("ratings", is_on=True, after_hours=4, share_percent=100, rest_days=7, open_days=14, low_score=2)
"""`after_hours` a ticket must have stayed solved; `share_percent` of closures is asked about; a person is left alone
for `rest_days` after a question; a question can be answered for `open_days`; up to `low_score` the lead is told."""
