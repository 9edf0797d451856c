"""What happens to words that mean the same."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "synonym_group.added": Kind(_l("%(actor)s added words that mean the same: %(words)s")),
    "synonym_group.changed": Kind(_l("%(actor)s changed words that mean the same: %(words)s")),
    "synonym_group.removed": Kind(_l("%(actor)s removed words that mean the same: %(words)s")),
})
