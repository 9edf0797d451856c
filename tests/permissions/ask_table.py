"""The table of rights on asking: the box, what is announced to everybody, and saying that it works."""

from .grid import Group

BOX = Group("What a request is taken as, while it is typed: who may file.", """
tickets.ticket_look_any  200
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        S        S      S      S      S      S     S      S       S       S
""")

ANNOUNCING = Group("Announcing the trouble of a ticket: who decides about it; of what is confidential nobody.", """
tickets.announcement_new     200
tickets.announcement_create  303 409
tickets.announcement_remove  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer         s        .        x      .      T      .      x     L      .       x       A
foreign         s        .        .      x      .      T      .     .      L       .       A
watched         s        .        .      x      T      x      .     L      .       x       A
own             s        .        .      .      x      .      .     L      .       x       A
quiet           s        .        x      .      .      x      .     .      x       .       .
sealed          s        .        .      .      .      .      x     .      .       .       .
""")

JOINING = Group("Me too: everybody to whom it is announced; this one was not meant for customers.", """
tickets.affected_create  303
tickets.affected_remove  303
""", """
             anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
known-issue      s        .        S      S      S      S      S     S      S       S       S
""")

CONFIRMING = Group("That it works: who asked for it, nobody else.", """
tickets.confirmation_create  303
""", """
            anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
ended           s        R        .      .      x      .      .     x      .       .       x
""")

GROUPS = (BOX, ANNOUNCING, JOINING, CONFIRMING)
FORMS = {"tickets.ticket_look_any": {"subject": "Printer", "body": "Words"},
         "tickets.announcement_create": {"titles_en": "Printers are slow", "texts_en": "We know."}}
