"""What happens to calendars."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "calendar.changed": Kind(_l("%(actor)s changed the calendar")),
    "calendar.dropped": Kind(_l("%(actor)s threw a planned version of the calendar away")),
})
