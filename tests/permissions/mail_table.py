"""The table of rights on mail that came in: what it asks of agents on tickets, what is held, the log."""

from .grid import Group

OF_PRINTER = "            s        .        x      .      T      .      E     L      .       x       A"
HEAD = "\n                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin\n"

ASKED = Group("Whom a mail named, and a note that was not sent: those who read the notes.", """
tickets.cc_approve  303  printer-cc
tickets.cc_refuse   303  printer-cc
tickets.note_send   303  printer-unsent
tickets.proposal_dismiss  303  printer
""", HEAD + f"-  {OF_PRINTER}\n")

JOINING = Group("Joining two tickets: those who decide what becomes of it.", """
tickets.proposal_accept  303  printer
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        x      .      T      .      x     L      .       x       A
""")

RAW = Group("The mail as it came: those who read the notes; to others it does not exist.", """
tickets.message_mail       200  printer-mail
tickets.message_mail_show  200  printer-unsent
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      T      .      E     L      .       .       A
""")

HELD = Group("Held mail of the desk's own mailbox, about `printer`: its staff, level 1, the administrator.", """
tickets.held_mail_show    200  held-mail
tickets.held_mail_raw     200  held-mail
tickets.held_mail_file    303  held-mail
tickets.held_mail_join    303  held-mail
tickets.held_mail_refuse  303  held-mail
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      T      .      E     L      .       .       A
""")

LISTS = Group("The list of what is held: agents, each their own.", "tickets.held_mail_list  200", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

LOG = Group("The log of mail: the administrator; of a confidential ticket's mail not the mail itself.", """
admin.mail_list   200
admin.mail_raw    200  held-mail
admin.mail_retry  303  held-mail
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .       .       A
""")

SEALED = Group("Mail about a confidential ticket.", """
admin.mail_raw            200  sealed-mail
admin.mail_retry          303  sealed-mail
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .       .       .
""")

NAMED = Group("Held mail about a confidential ticket: who is named on it.", """
tickets.held_mail_show    200  sealed-mail
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      N     .      .       .       .
""")

GROUPS = (ASKED, JOINING, RAW, HELD, LISTS, LOG, SEALED, NAMED)
FORMS = {"tickets.held_mail_refuse": {"said": "Words"}}
