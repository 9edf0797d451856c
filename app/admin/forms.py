"""What an administrator enters about people, teams and departments."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import Optional

from app.accounts.models import Department, Team
from app.core.edits import Guarded
from app.core.forms import (
    Address,
    Choice,
    Line,
    Telephone,
    Titled,
    at_most,
    maybe_id,
    required,
    short_name,
)
from app.core.i18n import LANGUAGES

ROLES = [("", "–"), ("member", _l("Member")), ("lead", _l("Lead"))]


class PersonForm(Guarded):
    name = Line(_l("Name"), [required(), at_most(120)])
    email = Address(_l("E-mail address"), [required(), at_most(254)])
    phone = Telephone(_l("Telephone number"), [at_most(40)])
    department_id = Choice(_l("Department"))
    language = Choice(_l("Language"), choices=[("", _l("The desk's language")), *LANGUAGES.items()])
    is_customer = BooleanField(_l("Customer: somebody outside the organisation"))
    is_administrator = BooleanField(_l("Administrator of this desk"))
    is_active = BooleanField(_l("May sign in"))

    def facts(self, teams: list[Team]) -> dict[str, Any]:
        """As `actions.person_facts` gives them."""
        roles = {str(team.id): self[f"team_{team.id}"].data for team in teams}
        return {"name": self.name.data, "email": self.email.data, "phone": self.phone.data,
                "department_id": maybe_id(self.department_id.data),
                "language": self.language.data or None, "is_customer": self.is_customer.data,
                "is_administrator": self.is_administrator.data, "is_active": self.is_active.data,
                "teams": {team_id: role for team_id, role in roles.items() if role}}


def person_form(teams: list[Team], departments: list[tuple[int, Department]]) -> type[PersonForm]:
    """A form with the departments to choose from and a role for each team."""
    fields: dict[str, Any] = {f"team_{team.id}": Choice(team.title, choices=ROLES) for team in teams}
    fields["department_id"] = Choice(_l("Department"), choices=department_choices(departments))
    return type("PersonForm", (PersonForm,), fields)


def department_choices(departments: list[tuple[int, Department]]) -> list[tuple[str, str]]:
    """Departments in their tree, indented by depth; the first choice is none."""
    return [("", "–"), *((str(one.id), "\N{NO-BREAK SPACE}" * 3 * depth + one.title) for depth, one in departments)]


class DepartmentForm(Titled, Guarded):
    slug = short_name()
    parent_id = Choice(_l("Part of"))
    head = Address(_l("Head"), [Optional(), at_most(254)],
                   description=_l("The e-mail address of the person who sees the requests of this department."))


def department_form(departments: list[tuple[int, Department]]) -> type[DepartmentForm]:
    return type("DepartmentForm", (DepartmentForm,),
                {"parent_id": Choice(_l("Part of"), choices=department_choices(departments))})
