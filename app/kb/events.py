"""What happens to articles. Kinds whose event changes what readers find also put the article into `index_changes`."""

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue

catalogue({
    "article.drafted": Kind(_l("%(actor)s began the article")),
    "article.edited": Kind(_l("%(actor)s saved version %(number)s")),
    "article.restored": Kind(_l("%(actor)s restored version %(old)s as version %(number)s")),
    "article.review_asked": Kind(_l("%(actor)s asked for a review")),
    "article.sent_back": Kind(_l("%(actor)s sent the article back: %(reason)s")),
    "article.scheduled": Kind(_l("%(actor)s set the moment of publishing")),
    "article.unscheduled": Kind(_l("%(actor)s took the moment of publishing back")),
    "article.published": Kind(_l("%(actor)s published version %(number)s")),
    "article.archived": Kind(_l("%(actor)s archived the article")),
    "article.revived": Kind(_l("%(actor)s brought the article back as a draft")),
    "article.facts_changed": Kind(_l("%(actor)s changed who reads the article, its place or its owner")),
    "article.reviewed": Kind(_l("%(actor)s confirmed that the article is still right")),
    "article.matched": Kind(_l("%(actor)s marked the translation as up to date")),
    "article.review_due": Kind(_l("The article is due for a review"), audience="article_owner"),
    "article.vote_settled": Kind(_l("%(actor)s dealt with what a reader said")),
    "article.imported": Kind(_l("The article was imported")),
    "article_category.changed": Kind(_l("%(actor)s changed the categories")),
})

FINDABLE = ("article.published", "article.archived", "article.facts_changed", "article.imported")
"""After these the index is brought up to date."""
