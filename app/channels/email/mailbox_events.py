"""What happens to mailboxes."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "mailbox.created": Kind(_l("%(actor)s set up the mailbox")),
    "mailbox.changed": Kind(_l("%(actor)s changed the mailbox")),
    "mailbox.connected": Kind(_l("%(actor)s let the desk into the mailbox")),
    "mailbox.removed": Kind(_l("%(actor)s removed the mailbox")),
})
