"""The table of rights on what is learnt from searches: words that mean the same, reports on knowledge."""

from .grid import Group

SYNONYMS = Group("Words that mean the same: the administration.", """
synonyms.group_list     200
synonyms.group_create   400
synonyms.new_try        200
synonyms.group_try      200  a-synonym
synonyms.group_edit     200  a-synonym
synonyms.group_save     400  a-synonym
synonyms.group_removal  200  a-synonym
synonyms.group_remove   302  a-synonym
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .       .       A
""")

REPORTS = Group("Reports on knowledge: who writes articles, and who reads the figures of the desk.", """
kpi.knowledge_show    200
kpi.knowledge_export  200
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     K      K       K       K
""")

GAPS = Group("One gap: there if anything of it is to be seen. Nobody sees one of confidential tickets.", """
kpi.gap_show  200
""", """
               anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
a-gap              s        .        .      .      G      G      G     K      K       K       K
ended-gap          s        .        .      .      T      .      .     L      .       .       A
sealed-gap         s        .        .      .      .      .      .     .      .       .       .
""")

DRAFTING = Group("Beginning the article of a gap: who writes articles.", """
kpi.gap_article_create  303
""", """
               anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
a-gap              s        .        .      .      G      G      G     K      K       x       K
ended-gap          s        .        .      .      T      .      .     L      .       .       A
sealed-gap         s        .        .      .      .      .      .     .      .       .       .
""")

GROUPS = (SYNONYMS, REPORTS, GAPS, DRAFTING)
