"""The table of rights on lists of work: all of one's teams', saved views of one's own and of teams, exports."""

from .grid import Group

LISTS = Group("Lists of work, their layout and their files: agents, and the administrator.", """
tickets.queue_all     200
tickets.view_list     200
tickets.view_new      200
tickets.queue_export  200
tickets.view_create   303
tickets.layout_save   303
tickets.start_remove  303
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

OPENING = Group("Opening a view: whose it is, or whoever works in the team it is shared with.", """
tickets.view_show   200
tickets.view_start  303
""", """
              anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
view-agent        s        .        .      .      O      .      .     .      .       .       .
view-network      s        .        .      .      O      .      .     T      .       .       .
""")

CHANGING = Group("Changing a view: whoever made it, and who leads the team it is shared with.", """
tickets.view_edit      200
tickets.view_save      303
tickets.view_refilter  303
tickets.view_remove    303
""", """
              anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
view-agent        s        .        .      .      O      .      .     .      .       .       .
view-network      s        .        .      .      O      .      .     L      .       .       .
view-lead         s        .        .      .      x      .      .     O      .       .       .
""")

GROUPS = (LISTS, OPENING, CHANGING)
FORMS = {
    "tickets.view_create": {"name": "Words"}, "tickets.view_save": {"name": "Words"},
    "tickets.layout_save": {"columns": ["due", "tags"], "density": "compact"},
}
