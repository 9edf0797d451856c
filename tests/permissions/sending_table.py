"""The table of rights on sending: the check of a reply, what is going out or came back, lists of what is good."""

from .grid import Group

CHECKING = Group("The check of a reply: who may reply; it tells nothing of tickets that the requester may not see.", """
tickets.reply_check  200
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        x      .      T      .      E     L      .       x       A
foreign         s        .        .      x      .      T      .     .      L       .       A
watched         s        .        .      x      T      x      .     L      .       x       A
own             s        .        .      .      x      .      .     L      .       x       A
ended           s        x        .      .      T      .      .     L      .       .       A
merged          s        .        .      x      T      .      .     L      .       .       A
quiet           s        .        x      .      .      T      .     .      L       .       .
sealed          s        .        .      .      .      .      N     .      .       .       .
""")

ONES_OWN = Group("A reply that is going out or came back: whose it is.", """
tickets.reply_undo    303
tickets.reply_remove  303
""", """
                 anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
outgoing-agent       s        .        .      .      O      .      .     .      .       .       .
""")

CHOOSING = Group("How one sends: everybody who works here.", """
tickets.sending_show    200
tickets.sending_change  303
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

LISTS = Group("What a team wants in a reply: who leads it.", """
tickets.checklist_edit  200
tickets.checklist_save  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
network         s        .        .      .      .      .      .     L      .       .       A
accounts        s        .        .      .      .      .      .     .      L       .       A
""")

GROUPS = (CHECKING, ONES_OWN, CHOOSING, LISTS)
FORMS = {
    "tickets.reply_check": {"body": "Hello {name}, see /tickets/1"},
    "tickets.sending_change": {"undo_seconds": "10", "wanted": "placeholder"},
    "tickets.checklist_save": {"points_en": "Words"},
}
