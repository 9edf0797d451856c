"""Who tries every door: one person for each way in which people stand to a ticket, and the reasons for a yes."""

from app.accounts.models import Team, User
from app.core.db import db
from tests import people

IDENTITIES = {
    "anonymous": "not signed in",
    "customer": "somebody outside with an account; asked for `ended`",
    "aigul": "an employee of the office; asked for `printer` and for the confidential `quiet`",
    "bakyt": "an employee of the warehouse; asked for `foreign` and `merged`, watches `watched`",
    "agent": "works in network, the level-2 team that has `printer`; asked for `own` there",
    "rival": "works in accounts, another level-2 team; filed `watched` for somebody",
    "first": "works on level 1; the team escalated `printer` to network; named on the confidential `sealed`",
    "lead": "leads network",
    "chief": "leads accounts",
    "manager": "heads the department above the office (not above the warehouse)",
    "admin": "the administrator, in no team",
}

REASONS = {
    "P": "a page for everybody, signed in or not",
    "S": "a page for everybody who is signed in; what it shows is the person's own",
    "O": "the thing is the person's own",
    "R": "asked for this ticket: the request and what is said to the requester, never the notes",
    "F": "filed it on somebody's behalf: as the requester",
    "W": "watches it: as the requester",
    "T": "works in the team that has it (and is named, where it is confidential)",
    "L": "leads the team that has it (and is named, where it is confidential)",
    "E": "the own team escalated it: keeps the conversation with its notes, decides nothing",
    "N": "is named on a confidential ticket without working in its team",
    "M": "heads a department above the requester's: as the requester, and silent",
    "G": "works as an agent somewhere: queues and filing for others",
    "I": "is of the house: what is written for the staff",
    "K": "leads a team, heads a department or administers: figures of the whole desk",
    "D": "stands in for the person",
    "H": "heads a department above the person's",
    "A": "administers the desk: everything but the content of confidential tickets",
}
"""The letters of yes in the tables."""

AS_STAFF = frozenset("TLENA")
"""Reasons for which somebody also reads the notes, the reasons given between teams, the handover answers, the tags."""

AGENTS = frozenset({"agent", "rival", "first", "lead", "chief", "admin"})

NO = {".": "nothing there: 404", "x": "sees it but may not do this: 403", "s": "is asked to sign in: 302, or 401"}


def build() -> dict[str, User]:
    """Everybody, and two who try nothing: Dastan of the office, and Zarina, of whom nobody knows."""
    first, network, accounts = people.team("desk", 1), people.team("network", 2), people.team("accounts", 2)
    people.team("lab", 3)
    cast = _staff(first, network, accounts)
    head = people.department("head", head=cast["manager"])
    office, warehouse = people.department("office", parent=head), people.department("warehouse")
    for name in ("agent", "rival", "first", "lead", "chief"):
        cast[name].department_id = office.id
    cast |= {
        "aigul": people.user("aigul", department=office), "bakyt": people.user("bakyt", department=warehouse),
        "customer": people.user("customer", customer=True), "dastan": people.user("dastan", department=office),
        "zarina": people.user("zarina", department=warehouse),
    }
    db.session.flush()
    return cast


def _staff(first: Team, network: Team, accounts: Team) -> dict[str, User]:
    return {
        "agent": people.user("agent", member=(network,)), "rival": people.user("rival", member=(accounts,)),
        "first": people.user("first", member=(first,)), "lead": people.user("lead", leads=(network,)),
        "chief": people.user("chief", leads=(accounts,)), "manager": people.user("manager"),
        "admin": people.user("admin", administrator=True),
    }
