"""What happens to reply templates and macros."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "reply_template.changed": Kind(_l("%(actor)s changed a reply template")),
    "macro.changed": Kind(_l("%(actor)s changed a macro")),
    "ticket.macro_run": Kind(_l("%(actor)s ran the macro “%(macro)s”")),
    "ticket.own_macro_run": Kind(_l("%(actor)s ran a macro of their own")),
})
