"""What happens to the catalogue."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "request_type.changed": Kind(_l("%(actor)s changed the request type")),
    "intake_rule.changed": Kind(_l("%(actor)s changed the intake rules")),
})
