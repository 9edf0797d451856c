"""The telephone: an agent writes down what was said."""

from flask_babel import lazy_gettext as _l

from ..way import Way

PHONE = Way(_l("Phone call"), _l("An agent writes down who called and what was said. Switched off, the page and the "
                                 "choice are gone."), is_on=True, shortcut="p")
