"""The table of rights on the ways in: calls that agents write down, the web form, the page that switches them."""

from typing import Any

from app.accounts.models import User
from app.core.db import db
from app.tickets.models import Ticket

from .grid import Group

WRITING_DOWN = Group("Writing down what others say: who files for others.", """
tickets.call_new     200  by-phone
tickets.call_new     200  in-person
tickets.call_create  303  by-phone
tickets.caller_list  200
tickets.caller_show  200  a-caller
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G      .       A
""")

NO_WAY = Group("A way that is none has no page.", """
tickets.call_new     200  by-drum
tickets.call_create  303  by-drum
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .      .       .
""")

ON_A_TICKET = Group("A call about a ticket: the staff to it; for who is no agent there is no such page.", """
tickets.ticket_call_new     200
tickets.ticket_call_create  303
""", """
                anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
printer-call        s        .        .      .      T      .      E     L      .       .       A
foreign-call        s        .        .      .      .      T      .     .      L       .       A
watched-call        s        .        .      .      T      x      .     L      .       .       A
own-call            s        .        .      .      x      .      .     L      .       .       A
quiet-call          s        .        .      .      .      T      .     .      L       .       .
sealed-call         s        .        .      .      .      .      N     .      .       .       .
""")

FORM = Group("The web form: everybody. It says the same to all, and works where mail can leave the desk.", """
channels.form_new                  200 503
channels.form_create               400 429 503
channels.form_confirmation_new     200  form-link
channels.form_confirmation_create  200  form-link
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        P        P        P      P      P      P      P     P      P       P       P
""")

NO_LINK = Group("A link that was never given.", """
channels.form_confirmation_new     200  no-form-link
channels.form_confirmation_create  200  no-form-link
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        .        .        .      .      .      .      .     .      .       .       .
""")

SWITCHES = Group("Which ways are open, and how the web form works: the administrator.", """
admin.way_list   200
admin.way_save   409
admin.form_edit  200
admin.form_save  400
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .      .       A
""")

GROUPS = (WRITING_DOWN, NO_WAY, ON_A_TICKET, FORM, NO_LINK, SWITCHES)


def _call(_plants: Any, _thing: str) -> dict[str, Any]:
    dastan = db.session.scalar(db.select(User.id).where(User.email == "dastan@jardam.example"))
    return {"person_id": dastan, "person": "Dastan", "body": "Words", "request_type": "printer"}


def _call_on(plants: Any, thing: str) -> dict[str, Any]:
    ticket = db.session.get(Ticket, plants.tickets[thing.removesuffix("-call")])
    return {"who": ticket.requester_id, "body": "Words"}


FORMS = {"tickets.call_create": _call, "tickets.ticket_call_create": _call_on}
