"""The table of rights on what is learnt from searches: words that mean the same, reports on knowledge."""

from .grid import Group

SYNONYMS = Group("Words that mean the same: the administration.", """
synonyms.group_list     200
synonyms.group_create   400
synonyms.group_edit     200  a-synonym
synonyms.group_save     400  a-synonym
synonyms.group_removal  200  a-synonym
synonyms.group_remove   302  a-synonym
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .       .       A
""")

GROUPS = (SYNONYMS,)
