"""What happens to drafts, for the audit."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "backtest.drafted": Kind(_l("%(actor)s made a draft to try on the past")),
    "backtest.started": Kind(_l("%(actor)s tried a draft on the past")),
    "backtest.cancelled": Kind(_l("%(actor)s stopped trying a draft")),
    "backtest.activated": Kind(_l("%(actor)s activated a draft that was tried on the past")),
    "backtest.thrown_away": Kind(_l("%(actor)s threw a draft away")),
})
