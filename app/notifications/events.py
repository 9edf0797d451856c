"""What happens to how people are told, for the audit."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "wording.changed": Kind(_l("%(actor)s changed the words of the message “%(message)s” (%(language)s)")),
    "wording.restored": Kind(_l("%(actor)s took the message “%(message)s” (%(language)s) back to its original words")),
    "outbox.dropped": Kind(_l("%(actor)s gave up for good what could not be sent: %(reason)s")),
})
