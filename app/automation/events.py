"""What the desk did, or had a reason not to do, by itself."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue
from app.sla.events import ByValue

catalogue({
    "automation.reassigned": Kind(_l("%(actor)s gave the ticket to somebody else because of a deadline")),
    "automation.priority_raised": Kind(
        _l("%(actor)s raised the priority from %(old)s to %(new)s because of a deadline")),
    "automation.head_told": Kind(ByValue(
        "through", _l("%(actor)s escalated the ticket up the chain to %(told)s"),
        deputies=_l("%(actor)s escalated the ticket up the chain to %(told)s, in place of %(instead_of)s")),
        audience="head_told"),
    "automation.deputy_told": Kind(_l("Told of the deadline: %(told)s, in place of %(instead_of)s")),
    "automation.escalation_left_out": Kind(ByValue(
        "why", _l("The ticket was not escalated by itself"),
        ended=_l("The ticket was not escalated by itself: it has ended"),
        waiting=_l("The ticket was not escalated by itself: it is waiting"),
        no_team=_l("The ticket was not escalated by itself: there is no team of the next level for it"),
        refused=_l("The ticket was not escalated by itself: it cannot be escalated now"))),
    "automation.reassignment_left_out": Kind(ByValue(
        "why", _l("The ticket was not given to somebody else by itself"),
        ended=_l("The ticket was not given to somebody else by itself: it has ended"),
        waiting=_l("The ticket was not given to somebody else by itself: it is waiting"),
        nobody=_l("The ticket was not given to somebody else by itself: there is nobody free for it"),
        absent=_l("The ticket was not given to somebody else by itself: that person is absent"),
        same=_l("The ticket was not given to somebody else by itself: that person has it already"),
        refused=_l("The ticket was not given to somebody else by itself: that person cannot get it"))),
    "automation.priority_left_out": Kind(ByValue(
        "why", _l("The priority was not raised by itself"),
        ended=_l("The priority was not raised by itself: the ticket has ended"),
        waiting=_l("The priority was not raised by itself: the ticket is waiting"),
        highest=_l("The priority was not raised by itself: there is no higher one"))),
    "automation.telling_left_out": Kind(ByValue(
        "act", _l("There was nobody to tell of the deadline"),
        notify_assignee=_l("There was nobody to tell of the deadline: the ticket is nobody's, and its team is empty"),
        notify_team=_l("There was nobody to tell of the deadline: the team is empty"),
        notify_lead=_l("There was nobody to tell of the deadline: the team has no lead who may know of the ticket"),
        notify_deputy=_l("There was nobody to tell of the deadline: no deputy and no lead may know of the ticket"),
        notify_chain=_l("There was nobody to tell of the deadline: nobody up the chain may know of the ticket"),
        notify_named=_l("The person named was not told of the deadline: this ticket is not theirs to know of"),
        tell_head=_l("The ticket was not escalated up the chain: nobody so far up may know of it"))),
    "automation.act_left_out": Kind(_l("Something was not done because of a deadline: it could not be done")),
    "automation.unowned": Kind(_l("%(was)s had not begun the ticket in the team's time")),
})
