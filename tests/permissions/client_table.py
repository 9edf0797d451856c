"""The table of rights on the pages of clients: agents read them, each with the tickets they see; leads change them."""

from .grid import Group

READING = Group("Pages of clients: agents. Of tickets they tell what the reader sees anyway.", """
accounts.client_list    200
accounts.client_show    200  a-client
accounts.client_person  200  a-customer
accounts.client_reachable  303  a-customer
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

MAKING = Group("A new client: leads and administrators.", """
accounts.client_new     200
accounts.client_create  409
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     K      K       .       A
""")

CHANGING = Group("Changing one: leads and administrators; other agents see it.", """
accounts.client_edit    200  a-client
accounts.client_save    409  a-client
accounts.client_belong  303  a-customer
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      x      x      x     K      K       .       A
""")

GROUPS = (READING, MAKING, CHANGING)
FORMS = {"accounts.client_create": {"name": "Another"}, "accounts.client_save": {"name": "Another"},
         "accounts.client_belong": {"organisation": ""}}
