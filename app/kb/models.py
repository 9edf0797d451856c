"""Articles: each language is an article of its own, linked to the original; each save is a version."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Named, Team, User
from app.core.db import Base, BigId, UtcDateTime
from app.core.files import StoredFile


class Category(Named, Base):
    """Where articles are filed; at most one level of parents."""

    __tablename__ = "article_categories"
    event_subject = "article_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article_categories.id"))
    position: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))


class Article(Base):
    """One article in one language. Readers see `published`, writers go on from `latest`.

    `family_id` is the id of the original of which this is a translation (None for an original); `translated_id` the
    version of the original that the translation says the same as. `scheduled_id` goes public at `publish_at`.
    `search_text` is the published text folded for searching without an index: ' word word … ', '' while unpublished.
    """

    __tablename__ = "articles"
    __table_args__ = (
        sa.UniqueConstraint("family_id", "language"),
        sa.Index("ix_articles_state", "state", "updated_at", "id"),
        sa.Index("ix_articles_category_id", "category_id", "state"),
        sa.Index("ix_articles_owner_id", "owner_id", "review_on"),
        sa.Index("ix_articles_review_on", "review_on"),
        sa.Index("ix_articles_publish_at", "publish_at", sqlite_where=sa.text("publish_at IS NOT NULL"),
                 postgresql_where=sa.text("publish_at IS NOT NULL")),
        sa.Index("ix_articles_review_asked_at", "review_asked_at",
                 sqlite_where=sa.text("review_asked_at IS NOT NULL"),
                 postgresql_where=sa.text("review_asked_at IS NOT NULL")),
        sa.CheckConstraint("visibility IN ('public', 'staff', 'teams')", name="visibility"),
        sa.CheckConstraint("state IN ('draft', 'in_review', 'published', 'archived')", name="state"),
    )
    event_subject = "article"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    language: Mapped[str] = mapped_column(sa.String(2))
    family_id: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id"))
    translated_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article_versions.id", use_alter=True))
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article_categories.id"))
    visibility: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    review_on: Mapped[date | None] = mapped_column(sa.Date)
    reminded_on: Mapped[date | None] = mapped_column(sa.Date)
    latest_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article_versions.id", use_alter=True))
    published_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article_versions.id", use_alter=True))
    scheduled_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article_versions.id", use_alter=True))
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when its newest version waits for somebody who may publish it."""
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    search_text: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    origin: Mapped[str] = mapped_column(sa.String(60), default="live", server_default="live", index=True)
    """live, sample, or the name of the import it came from."""
    source_ref: Mapped[str | None] = mapped_column(sa.String(300))

    __mapper_args__ = {"version_id_col": version}

    category: Mapped[Category | None] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    latest: Mapped["ArticleVersion | None"] = relationship(foreign_keys=[latest_id], post_update=True)
    published: Mapped["ArticleVersion | None"] = relationship(foreign_keys=[published_id], post_update=True)
    versions: Mapped[list["ArticleVersion"]] = relationship(
        foreign_keys="ArticleVersion.article_id", order_by="ArticleVersion.number", cascade="all, delete-orphan",
        back_populates="article",
    )
    teams: Mapped[list["ArticleTeam"]] = relationship(cascade="all, delete-orphan")
    tags: Mapped[list["ArticleTag"]] = relationship(cascade="all, delete-orphan", order_by="ArticleTag.name")

    @property
    def is_published(self) -> bool:
        return self.state == "published"

    @property
    def has_unpublished_changes(self) -> bool:
        return self.published_id is not None and self.published_id != self.latest_id

    @property
    def title(self) -> str:
        """As readers know it; before it is published, as its writers do."""
        return (self.published or self.latest).title


class ArticleVersion(Base):
    """What an article said at one save. Never changed. `plain` is the text without its marks; `is_minor` says that
    translations need not follow."""

    __tablename__ = "article_versions"
    __table_args__ = (sa.UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    plain: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    is_minor: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    article: Mapped[Article] = relationship(foreign_keys=[article_id], back_populates="versions")
    author: Mapped[User | None] = relationship()


class ArticleTeam(Base):
    """A team that may read an article whose visibility is `teams`."""

    __tablename__ = "article_teams"

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True, index=True)

    team: Mapped[Team] = relationship()


class ArticleTag(Base):
    """A tag, in lower case."""

    __tablename__ = "article_tags"

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True, index=True)


class ArticleFile(Base):
    """A picture or document of an article; a text shows it by /kb/files/<id>."""

    __tablename__ = "article_files"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("files.id"), index=True)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    article: Mapped[Article] = relationship()
    file: Mapped[StoredFile] = relationship()


class ArticleUse(Base):
    """Which files a version shows: readers may open those of the published version, no others."""

    __tablename__ = "article_uses"

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("article_versions.id", ondelete="CASCADE"), primary_key=True)
    article_file_id: Mapped[int] = mapped_column(sa.ForeignKey("article_files.id", ondelete="CASCADE"),
                                                 primary_key=True, index=True)


class ArticleVote(Base):
    """Whether it helped: one word per reader and article, the last one counts. `voter` is a hash of the person's or
    the browser's mark."""

    __tablename__ = "article_votes"
    __table_args__ = (sa.UniqueConstraint("article_id", "voter"), sa.Index("ix_article_votes_at", "article_id", "at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("article_versions.id", ondelete="CASCADE"))
    voter: Mapped[str] = mapped_column(sa.String(64))
    is_helpful: Mapped[bool] = mapped_column()
    reason: Mapped[str | None] = mapped_column(sa.String(12))
    comment: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a writer has dealt with what was said."""


class ArticleRead(Base):
    """An article was opened: when, in which version, how the reader came (search, suggestion, link, browsing)."""

    __tablename__ = "article_reads"
    __table_args__ = (sa.Index("ix_article_reads_article", "article_id", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    way: Mapped[str] = mapped_column(sa.String(10))
    search_token: Mapped[str | None] = mapped_column(sa.String(32))
    is_staff: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


