"""What an administrator enters about request types and intake rules."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.accounts.models import Department, Team
from app.core.edits import Facts, Guarded, fingerprint
from app.core.forms import (
    Addresses,
    Area,
    Checks,
    Choice,
    Form,
    Titled,
    Whole,
    at_most,
    between,
    in_each_language,
    maybe_id,
    required,
    said,
    short_name,
    spoken,
)

from .models import RequestType
from .questions import QuestionRow, Row, Rows, asked, handed_over, rows_of
from .vocabulary import CHANNELS, IMPACTS, KINDS, URGENCIES

Described = in_each_language("descriptions", lambda language: _l("Description (%(language)s)", language=language),
                             Area, 1000)
Authorised = in_each_language("authority", lambda language: _l("What level 1 may grant (%(language)s)",
                                                               language=language), Area, 2000)


class RequestTypeForm(Titled, Described, Authorised, Guarded):
    slug = short_name()
    kind = Choice(_l("Kind"), choices=list(KINDS.items()))
    position = Whole(_l("Place in the list"), [required(), between(0, 9999)])
    is_active = BooleanField(_l("People may ask for it"))
    team_id = Choice(_l("Team of level 1"))
    level2_team_id = Choice(_l("Team of level 2"), description=_l("Proposed when an agent escalates."))
    impact = Choice(_l("Usual impact"), choices=list(IMPACTS.items()))
    urgency = Choice(_l("Usual urgency"), choices=list(URGENCIES.items()))
    is_confidential = BooleanField(_l("Confidential: only the requester, the teams and the people named here see it"))
    named_teams = Checks(_l("Teams that see it"), coerce=int)
    named_people = Addresses(_l("People who see it"), [at_most(5000)],
                             description=_l("Their e-mail addresses, one per line."))
    questions = Rows(QuestionRow, _l("Questions to the requester"))
    handover = Rows(Row, _l("What level 2 needs to know"))

    def facts(self, people: list[int]) -> Facts:
        """As `actions.request_type_facts` gives them."""
        return {
            "slug": self.slug.data, "kind": self.kind.data, "names": said(self, "names"),
            "descriptions": said(self, "descriptions"), "authority": said(self, "authority"),
            "position": self.position.data, "is_active": self.is_active.data,
            "team_id": maybe_id(self.team_id.data), "level2_team_id": maybe_id(self.level2_team_id.data),
            "impact": self.impact.data, "urgency": self.urgency.data, "is_confidential": self.is_confidential.data,
            "named_teams": sorted(self.named_teams.data), "named_people": sorted(people),
            "fields": asked(self.questions.filled()), "handover_fields": handed_over(self.handover.filled()),
        }


def request_type_form(teams: list[Team], **values: Any) -> RequestTypeForm:
    """The form with the teams to choose from."""
    named = [(str(team.id), team.title) for team in teams]
    chosen = {
        "team_id": Choice(_l("Team of level 1"), choices=[("", _l("The first team of level 1")), *named],
                          description=_l("Where it lands, unless an intake rule says otherwise.")),
        "level2_team_id": Choice(_l("Team of level 2"), choices=[("", "–"), *named],
                                 description=_l("Proposed when an agent escalates.")),
        "named_teams": Checks(_l("Teams that see it"), coerce=int, choices=[(team.id, team.title) for team in teams]),
    }
    return type("RequestTypeForm", (RequestTypeForm,), chosen)(**values)


def filled(facts: Facts, people: list[str], teams: list[Team]) -> RequestTypeForm:
    """The form as these facts fill it; `people` are the addresses behind named_people."""
    plain = {name: facts[name] for name in ("slug", "kind", "position", "is_active", "impact", "urgency",
                                            "is_confidential", "named_teams")}
    texts = {**spoken("names", facts["names"]), **spoken("descriptions", facts["descriptions"]),
             **spoken("authority", facts["authority"])}
    return request_type_form(
        teams, formdata=None, seen=fingerprint(facts), **plain, **texts, team_id=str(facts["team_id"] or ""),
        level2_team_id=str(facts["level2_team_id"] or ""), named_people="\n".join(people),
        questions=rows_of(facts["fields"]), handover=rows_of(facts["handover_fields"]))


class IntakeRuleForm(Form):
    request_type_id = Choice(_l("Request type"))
    department_id = Choice(_l("Department"))
    channel = Choice(_l("Channel"), choices=[("", _l("Any")), *CHANNELS.items()])
    team_id = Choice(_l("Lands with"))


def intake_rule_form(kinds: list[RequestType], departments: list[tuple[int, Department]],
                     teams: list[Team], **values: Any) -> IntakeRuleForm:
    """The form with what there is to choose from."""
    chosen = {
        "request_type_id": Choice(_l("Request type"), choices=[("", _l("Any")),
                                                               *((str(kind.id), kind.title) for kind in kinds)]),
        "department_id": Choice(_l("Department"), choices=[("", _l("Any")),
                                                           *((str(one.id), one.title) for _depth, one in departments)]),
        "team_id": Choice(_l("Lands with"), choices=[(str(team.id), team.title) for team in teams if team.is_active]),
    }
    return type("IntakeRuleForm", (IntakeRuleForm,), chosen)(**values)
