"""The web form for people without an account: off by default, its address confirmed before anything is filed."""

from flask_babel import lazy_gettext as _l

from ..way import Way

FORM = Way(_l("Web form"), _l("People without an account write from a page that may stand in other sites. Nothing is "
                              "filed before the address is confirmed by mail."), is_on=False)
