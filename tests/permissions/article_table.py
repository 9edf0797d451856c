"""The table of rights on articles where the work is: while filing, beside the reply, written from a ticket."""

from .grid import Group
from .reading_table import READERS

SUGGESTED = Group("What may answer a request not yet filed: everybody who is signed in; each finds what is theirs.", """
tickets.suggestion_list  200  asked
tickets.ticket_look      200  a-type
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        S        S      S      S      S      S     S      S       S       S
""")

IN_PLACE = Group("Reading what was suggested, and that it solved the matter: readers of the article, signed in.", """
tickets.suggestion_show   200
tickets.suggestion_solve  200
""", READERS.replace("article-public        P        P ", "article-public        s        S "))

STAFF = """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer               s        .        x      .      T      .      E     L      .       x       A
foreign               s        .        .      x      .      T      .     .      L       .       A
watched               s        .        .      x      T      x      .     L      .       x       A
own                   s        .        .      .      x      .      .     L      .       x       A
quiet                 s        .        x      .      .      T      .     .      L       .       .
sealed                s        .        .      .      .      .      N     .      .       .       .
"""
BESIDE = Group("What stands beside the reply: those who read the notes.", """
tickets.article_list  200
tickets.article_link  303
""", STAFF)

ASKED = Group("Searching there.", "tickets.article_list  200", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-asked         s        .        x      .      T      .      E     L      .       x       A
quiet-asked           s        .        x      .      .      T      .     .      L       .       .
sealed-asked          s        .        .      .      .      .      N     .      .       .       .
""")

HERE = Group("What goes into a reply, and taking off what is linked.", """
tickets.article_as_link  200
tickets.article_as_text  200
tickets.article_unlink   303
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-public        s        .        x      .      T      .      E     L      .       x       A
sealed-public         s        .        .      .      .      .      N     .      .       .       .
""")

CLOSED = Group("What the requester may not read goes into no reply.", """
tickets.article_as_link  200
tickets.article_as_text  200
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-network       s        .        x      .      x      .      .     x      .       x       x
""")

WRITTEN = Group("An article from a ticket: those who read its notes; from no confidential one.", """
tickets.article_write  303
""", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer               s        .        x      .      T      .      E     L      .       x       A
own                   s        .        .      .      x      .      .     L      .       x       A
quiet                 s        .        x      .      .      x      .     .      x       .       .
sealed                s        .        .      .      .      .      x     .      .       .       .
""")

GROUPS = (SUGGESTED, IN_PLACE, BESIDE, ASKED, HERE, CLOSED, WRITTEN)
