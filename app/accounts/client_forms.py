"""What is entered about clients."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import StopValidation

from app.core.edits import Facts, Guarded
from app.core.errors import Invalid
from app.core.forms import Area, Choice, Form, Line, at_most, required

from . import clients


class Domains(Area):
    """Mail domains; `domains` is the list."""

    domains: list[str] = []

    def pre_validate(self, form: Any) -> None:
        try:
            self.domains = clients.domains_in(self.data or "")
        except Invalid as refused:
            raise StopValidation(refused.message) from refused


class OrganisationForm(Guarded):
    name = Line(_l("What it is called"), [required(), at_most(160)])
    domains = Domains(_l("Mail domains"), [at_most(4000)], description=_l(
        "One per line. Who writes from such an address and is not known yet belongs to this client."))
    notes = Area(_l("What agents ought to know"), [at_most(20_000)], description=_l("Only the staff reads this."))
    is_active = BooleanField(_l("Is a client"), default=True)

    def facts(self) -> Facts:
        return {"name": self.name.data, "domains": self.domains.domains, "notes": self.notes.data or "",
                "is_active": self.is_active.data}


class BelongingForm(Form):
    """To which client a person belongs."""

    organisation = Choice(_l("Client"), validate_choice=False)
