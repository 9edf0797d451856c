"""The table of rights on ratings: the link of a mail, the page of who asked, the list of who answers for a team."""

from .grid import Group

BY_LINK = Group("A link that we signed rates this one closure, whoever follows it; the page tells a number only.", """
tickets.rating_show    200  ended-link
tickets.rating_create  200  ended-link
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        P        P        P      P      P      P      P     P      P       P       P
""")

ON_PAGE = Group("On the page of the ticket: who asked for it, nobody else.", """
tickets.rating_create_on_page  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
ended           s        R        .      .      x      .      .     x      .       .       x
""")

LISTS = Group("What requesters think: who answers for teams.", """
tickets.rating_list  200
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     K      K       K       K
""")

SEEING_TO = Group("A low score: who answers for the team that solved it.", """
tickets.rating_follow_up  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
ended-rating    s        .        .      .      .      .      .     L      .       .       A
""")

GROUPS = (BY_LINK, ON_PAGE, LISTS, SEEING_TO)
FORMS = {
    "tickets.rating_create": {"score": "4"}, "tickets.rating_create_on_page": {"score": "4"},
    "tickets.rating_follow_up": {"words": "Called"},
}
