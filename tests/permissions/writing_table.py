"""The table of rights on writing articles, decided from the brief: drafts, old versions, changes that are not out and
their files are there for writers alone: agents what is not kept to other teams, the administrator all of it."""

from typing import Any

from .grid import Group
from .identities import AGENTS
from .reading_table import READERS

WRITERS = """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
writing-public        s        .        .      .      G      G      G     G      G       .       A
writing-staff         s        .        .      .      G      G      G     G      G       .       A
writing-network       s        .        .      .      T      .      .     L      .       .       A
writing-accounts      s        .        .      .      .      T      .     .      L       .       A
writing-draft         s        .        .      .      G      G      G     G      G       .       A
writing-archived      s        .        .      .      G      G      G     G      G       .       A
"""
WRITING = Group("Writing an article, its facts, its files, its other languages.", """
kb.article_edit         200
kb.version_create       303 409
kb.article_preview      200
kb.facts_edit           200
kb.facts_save           400
kb.version_list         200
kb.file_create          400
kb.translation_create   400
kb.translation_check    303
kb.review_create        303 409
kb.confirmation_new     200
kb.confirmation_create  303
kb.revival_create       303
""", WRITERS)

PUBLISHING = Group("Deciding what readers see: every writer, unless the desk has said otherwise.", """
kb.publication_create   303 409
kb.return_new           200
kb.return_create        409
kb.schedule_new         200
kb.schedule_create      303 409
kb.schedule_remove      303
kb.archiving_create     303
""", WRITERS)

OF_THOSE = WRITERS.rpartition("writing-draft")[0]
VERSIONS = Group("What it once said.", """
kb.version_show     200
kb.version_compare  200
kb.version_restore  303
""", OF_THOSE.replace("writing-", "version-"))

BESIDE = Group("A translation beside its original.", "kb.translation_compare  200", """
                  anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
translated            s        .        .      .      G      G      G     G      G       .       A
""")

FILES = Group("A file of a published text: its readers.", "kb.file_show  200",
              READERS.rpartition("article-draft")[0].replace("article-", "file-"))

NEW_FILES = Group("A file of a text that is not out: its writers.", "kb.file_show  200",
                  OF_THOSE.replace("writing-", "newfile-"))

LISTS = Group("Lists of writers, and beginning an article.", """
kb.article_manage  200
kb.article_new     200
kb.article_create  400
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      G      G      G     G      G       .       A
""")

CATEGORIES = Group("The categories: the administration.", """
kb.category_list    200
kb.category_new     200
kb.category_create  400
kb.category_edit    200  shelf-public
kb.category_save    400  shelf-public
kb.category_remove  409  shelf-public
""", """
     anonymous customer  aigul  bakyt  agent  rival  first  lead  chief  manager  admin
-        s        .        .      .      .      .      .     .      .       .       A
""")

GROUPS = (WRITING, PUBLISHING, VERSIONS, BESIDE, FILES, NEW_FILES, LISTS, CATEGORIES)

FORMS: dict[str, Any] = {
    "kb.version_create": {"title": "Words", "body": "Words"}, "kb.article_preview": {"title": "Words", "body": "Words"},
    "kb.confirmation_create": {"next_on": "2099-01-01"}, "kb.return_create": {"reason": "Words"},
    "kb.schedule_create": {"day": "2099-01-01", "time": "10:00"},
}


def may_come_upon(plants: Any, who: str) -> set[str]:
    """Writers choose among all categories, whatever stands in them."""
    return {word for word in plants.articles if "-shelf-" in word} if who in AGENTS else set()
