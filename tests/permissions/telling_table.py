"""The table of rights on how people are told: everybody's own wishes, and links of mails that switch something off."""

from app.accounts.models import User
from app.core.db import db
from app.notifications import off
from app.notifications.topics import TOPICS

from .grid import Group
from .table import SEEN

OWN = Group("How one is told, and when one concentrates: everybody's own.", """
notifications.wish_show     200
notifications.wish_change   303
notifications.wish_remove   303
notifications.focus_create  303
notifications.focus_remove  303
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        S        S      S      S      S      S     S      S       S       S
""")

MUTING = Group("Hearing nothing more of a ticket: whoever is anything to it.", """
notifications.mute_create  303
notifications.mute_remove  303
""", SEEN)

BY_LINK = Group("A link that we signed switches this one thing off, whoever follows it; the page tells no more.", """
notifications.off_show    200  off-link
notifications.off_create  200  off-link
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        P        P        P      P      P      P      P     P      P       P       P
""")

VOID = Group("A link that nobody signed.", """
notifications.off_show    200  no-link
notifications.off_create  200  no-link
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        .        .        .      .      .      .      .     .      .       .       .
""")

GROUPS = (OWN, MUTING, BY_LINK, VOID)
FORMS = {
    "notifications.wish_change": {"digest_1": "09:00", "days": "0", "mail_my_requests": "never",
                                  "mail_watched": "now", "mail_ratings": "now", "mail_assigned": "now",
                                  "mail_conversation": "now", "mail_mentions": "now", "mail_team_queue": "now",
                                  "mail_escalations": "now", "mail_absences": "now", "mail_articles": "now"},
    "notifications.focus_create": {"minutes": "30"},
}


def link_of(person: User) -> dict[str, str]:
    """The address of a link in a mail to somebody."""
    db.session.flush()
    return {"token": off.link(person, TOPICS["my_requests"]).rpartition("/")[2]}
