"""What happens to tickets. Every event that changes a fact carries `changes`: {fact: [old, new]}.

Facts are status, priority, impact, urgency, kind, request_type_id, team_id, level, assignee_id, requester_id,
department_id, is_from_customer, channel and subject; folding the changes of a ticket's events gives its facts at any
moment.
`ticket.held` also says `reason` and whether it `pauses`.
"""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "ticket.filed": Kind(_l("%(actor)s filed the ticket"), audience="filed", webhook=True, public=True),
    "ticket.followed_up": Kind(_l("%(actor)s filed a follow-up"), public=True),
    "ticket.taken": Kind(_l("%(actor)s took the ticket"), webhook=True, public=True),
    "ticket.assigned": Kind(_l("%(actor)s assigned the ticket to %(assignee)s"), audience="assigned", webhook=True),
    "ticket.unassigned": Kind(_l("%(actor)s gave the ticket back to the queue")),
    "ticket.replied": Kind(_l("%(actor)s replied"), audience="replied", webhook=True, public=True),
    "ticket.answered": Kind(_l("%(actor)s answered"), audience="answered", webhook=True, public=True),
    "ticket.noted": Kind(_l("%(actor)s wrote an internal note"), audience="noted"),
    "ticket.held": Kind(_l("%(actor)s set the ticket to wait: %(reason)s"), audience="held", webhook=True, public=True),
    "ticket.reminded": Kind(_l("The requester was reminded"), audience="reminded", public=True),
    "ticket.told": Kind(_l("The desk wrote to the requester"), audience="replied", public=True),
    "ticket.resumed": Kind(_l("The ticket goes on"), webhook=True, public=True),
    "ticket.escalated": Kind(_l("%(actor)s escalated from %(from_team)s to %(to_team)s"), audience="escalated",
                             webhook=True, public=True),
    "ticket.handed_back": Kind(_l("%(actor)s handed the ticket back to %(to_team)s"), audience="handed_back",
                               webhook=True, public=True),
    "ticket.moved": Kind(_l("%(actor)s moved the ticket from %(from_team)s to %(to_team)s"), audience="escalated"),
    "ticket.lead_told": Kind(_l("%(actor)s told the lead"), audience="lead_told"),
    "ticket.resolved": Kind(_l("%(actor)s resolved the ticket"), audience="resolved", webhook=True, public=True),
    "ticket.reopened": Kind(_l("%(actor)s opened the ticket again"), audience="reopened", webhook=True, public=True),
    "ticket.closed": Kind(_l("The ticket was closed"), webhook=True, public=True),
    "ticket.cancelled": Kind(_l("%(actor)s cancelled the ticket"), audience="cancelled", webhook=True, public=True),
    "ticket.changed": Kind(_l("%(actor)s changed the ticket"), webhook=True),
    "ticket.tagged": Kind(_l("%(actor)s added the tag %(tag)s")),
    "ticket.untagged": Kind(_l("%(actor)s removed the tag %(tag)s")),
    "ticket.watched": Kind(_l("%(watcher)s watches the ticket")),
    "ticket.unwatched": Kind(_l("%(watcher)s no longer watches the ticket")),
    "ticket.linked": Kind(_l("%(actor)s linked ticket %(other)s")),
    "ticket.unlinked": Kind(_l("%(actor)s removed the link to ticket %(other)s")),
    "ticket.article_linked": Kind(_l("%(actor)s linked an article")),
    "ticket.article_unlinked": Kind(_l("%(actor)s removed the link to an article")),
    "ticket.article_sent": Kind(_l("%(actor)s sent an article")),
    "ticket.article_written": Kind(_l("%(actor)s began an article from the ticket")),
    "ticket.article_solved": Kind(_l("%(actor)s named an article that solved the ticket")),
    "ticket.merged": Kind(_l("%(actor)s merged the ticket into %(original)s"), webhook=True, public=True),
    "ticket.access_given": Kind(_l("%(actor)s gave access to %(who)s")),
    "ticket.worked": Kind(_l("%(actor)s worked on the ticket")),
    "pending_reason.changed": Kind(_l("%(actor)s changed a reason to wait")),
})
