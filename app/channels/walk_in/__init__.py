"""Who comes in person: an agent writes down what was said."""

from flask_babel import lazy_gettext as _l

from ..way import Way

WALK_IN = Way(_l("Walk-in"), _l("An agent writes down who came and what was said. Switched off, the page and the "
                                "choice are gone."), is_on=True, shortcut="w")
