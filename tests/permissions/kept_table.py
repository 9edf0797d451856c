"""The table of rights on what keeps a text from being lost: who is signed in now, for a page that was drawn before."""

from .grid import Group

TOKEN = Group("A token for the forms of whoever asks, a stranger's too; what is kept stands in the page.", """
accounts.form_token_show  200
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        P        P        P      P      P      P      P     P      P       P       P
""")

GROUPS = (TOKEN,)
