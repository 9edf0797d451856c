"""What happens to accounts."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "user.created": Kind(_l("%(actor)s created the account")),
    "user.changed": Kind(_l("%(actor)s changed the account")),
    "user.invited": Kind(_l("%(actor)s invited this person"), audience="invitation"),
    "user.reset_asked": Kind(_l("A new password was asked for"), audience="password_reset"),
    "user.password_set": Kind(_l("A new password was set")),
    "user.signed_in": Kind(_l("%(actor)s signed in")),
    "user.mail_arrives": Kind(_l("%(actor)s said that mail to this address arrives again")),
    "organisation.created": Kind(_l("%(actor)s made the client")),
    "organisation.changed": Kind(_l("%(actor)s changed the client")),
    "team.changed": Kind(_l("%(actor)s changed the team")),
    "department.changed": Kind(_l("%(actor)s changed the department")),
    "absence.announced": Kind(_l("%(actor)s announced an absence of %(person)s"), audience="deputies"),
    "absence.changed": Kind(_l("%(actor)s changed an absence of %(person)s"), audience="deputies"),
    "absence.cancelled": Kind(_l("%(actor)s cancelled an absence of %(person)s"), audience="deputies"),
    "absence.begun": Kind(_l("%(person)s is absent from now on")),
    "absence.ended": Kind(_l("%(person)s is back"), audience="returned"),
    "setting.changed": Kind(_l("%(actor)s changed a setting")),
})
