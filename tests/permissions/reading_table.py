"""The table of rights on reading articles, decided from the brief: what is public is for everybody, what is for staff
for all of the house, what is for teams for these, their leads and the administrator; drafts and what is archived for
writers alone, on pages of their own."""

from typing import Any

from .grid import Group, rows
from .identities import AGENTS

FRONT = Group("Finding: a page for everybody; each finds what is theirs.", """
kb.portal           200
kb.search_list      200  asked
kb.suggestion_list  200  asked
kb.sitemap_show     200
home.start          200 302
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        P        P        P      P      P      P      P     P      P       P       P
""")

READERS = """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
article-public        P        P        P      P      P      P      P     P      P       P       P
article-staff         s        .        I      I      I      I      I     I      I       I       A
article-network       s        .        .      .      T      .      .     L      .       .       A
article-accounts      s        .        .      .      .      T      .     .      L       .       A
article-draft         s        .        .      .      .      .      .     .      .       .       .
article-archived      s        .        .      .      .      .      .     .      .       .       .
"""
ARTICLES = {article.removeprefix("article-"): {who: letter not in ".s" for who, letter in letters.items()}
            for article, letters in rows(READERS).items()}
"""article -> person -> whether they read it."""

READING = Group("An article, and saying whether it helped: its readers.", """
kb.article_show     200
kb.vote_create      303
kb.solution_create  303
""", READERS)

SHELVES = Group("A category: whoever reads something in it.", "kb.category_show  200",
                READERS.replace("article-public ", "shelf-public   ").replace("article-", "shelf-"))

FEEDBACK = Group("What readers said of an article: its writers.", "kb.feedback_list  200", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
writing-public        s        x        x      x      G      G      G     G      G       x       A
writing-staff         s        .        x      x      G      G      G     G      G       x       A
writing-network       s        .        .      .      T      .      .     L      .       .       A
writing-accounts      s        .        .      .      .      T      .     .      L       .       A
writing-draft         s        .        .      .      G      G      G     G      G       .       A
writing-archived      s        .        .      .      G      G      G     G      G       .       A
""")

SETTLING = Group("Having dealt with it: its writers.", "kb.settlement_create  303", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
said-public           s        x        x      x      G      G      G     G      G       x       A
said-staff            s        .        x      x      G      G      G     G      G       x       A
said-network          s        .        .      .      T      .      .     L      .       .       A
said-accounts         s        .        .      .      .      T      .     .      L       .       A
""")

GROUPS = (FRONT, READING, SHELVES, FEEDBACK, SETTLING)


def read_by(plants: Any, who: str) -> set[str]:
    """The secrets of articles that this person reads as a reader."""
    return {word for word, article in plants.articles.items() if ARTICLES[article][who]}


def written_by(plants: Any, who: str) -> set[str]:
    """What a writer comes upon beside: what is not out, and what readers said."""
    if who not in AGENTS:
        return set()
    unread = {word for word, article in plants.articles.items() if article in ("draft", "archived")}
    return unread | {word for word, article in plants.feedback.items() if ARTICLES[article][who]}
