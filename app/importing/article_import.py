"""Takes a folder of texts into the knowledge base: silent, in batches, safe to run again.

An article is known by where it came from (`source_ref`: path and headings). Text that differs becomes a new version,
text that does not is left alone, and so is what people of the desk have changed since. Who reads an article, its owner
and its place are set when it is made and belong to the desk from then on.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from app.accounts.models import User
from app.core import files
from app.core.db import db, reading
from app.core.events import record
from app.core.files import StoredFile
from app.kb import actions
from app.kb.models import Article, ArticleFile, ArticleVersion

from .article_folder import Gathered, Wanted, gather
from .article_links import Links
from .article_mapping import Mapping
from .article_shelves import Shelves

BATCH = 100
"""Articles between two commits, after which others on the desk may write."""
NOTE = "Imported"
"""The note of a version that an import has written."""
MISSING = "?"
"""Stands for an address that a dry run cannot know yet."""

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What became of the folder."""

    gathered: Gathered
    links: Links
    is_dry: bool
    made: list[Wanted] = field(default_factory=list)
    changed: list[Wanted] = field(default_factory=list)
    unchanged: list[Wanted] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    """Reference -> why the article on the desk stays as it is, though the folder says something else."""
    vanished: list[str] = field(default_factory=list)
    """Articles of this source that the folder does not hold any more."""
    on_desk: int = 0
    """Articles of the folder that stand on the desk in the end, counted there."""
    files_stored: int = 0

    @property
    def agrees(self) -> bool:
        wanted = len(self.gathered.wanted)
        told = len(self.made) + len(self.changed) + len(self.unchanged) + len(self.kept)
        return wanted == told and (self.is_dry or self.on_desk == wanted)


def import_articles(folder: Path, mapping: Mapping, by: User | None, now: datetime, *, dry_run: bool = False,
                    progress: Progress = lambda done, total: None, batch: int = BATCH) -> Outcome:
    """Read the whole folder, then take it in; commits each batch. Raises NotADirectoryError, MappingError before
    anything is stored."""
    gathered = gather(folder, mapping)
    with reading():
        work = _Work(mapping, by.id if by else None, now, Shelves.of(mapping, gathered.wanted),
                     Outcome(gathered, Links(gathered), dry_run))
        work.learn()
        if dry_run:
            work.foresee()
        db.session.rollback()
    if not dry_run:
        work.make(progress, batch)
        work.outcome.on_desk = _count(mapping.source, {wanted.ref for wanted in gathered.wanted})
        db.session.rollback()
    return work.outcome


@dataclass(frozen=True)
class Known:
    """An article of an earlier run."""

    id: int
    state: str
    latest: tuple[str, str]
    imported: tuple[str, str] | None
    """Title and text as the last import wrote them; None when people have written since."""
    waits: bool
    """It has never been published, nor planned to be."""


@dataclass
class _Work:
    """One run: what was known before, and what is done."""

    mapping: Mapping
    by_id: int | None
    now: datetime
    shelves: Shelves
    outcome: Outcome
    known: dict[str, Known] = field(default_factory=dict)
    stored: dict[tuple[int, str], int] = field(default_factory=dict)
    """(article, sha256) -> number of its file."""
    new: set[str] = field(default_factory=set)

    @property
    def links(self) -> Links:
        return self.outcome.links

    @property
    def by(self) -> User | None:
        return db.session.get(User, self.by_id) if self.by_id else None

    def learn(self) -> None:
        """What earlier runs made, and what of it has vanished from the folder."""
        wanted = {each.ref for each in self.outcome.gathered.wanted}
        for ref, slug, title, known in _known(self.mapping.source):
            self.known[ref] = known
            self.links.slugs[ref] = slug
            left = any(ref == path or ref.startswith(f"{path}#") for path in self.outcome.gathered.left)
            if ref not in wanted and known.state != "archived" and not left:
                self.outcome.vanished.append(f"{ref}: /kb/{slug} ({title})")
        self.stored = _stored(self.mapping.source)

    def foresee(self) -> None:
        """Say what would be done, without doing any of it."""
        for wanted in self.outcome.gathered.wanted:
            known = self.known.get(wanted.ref)
            if known is None:
                self.links.rewritten(wanted, lambda place, file: None)
                self.outcome.made.append(wanted)
            else:
                body = self.links.rewritten(wanted, lambda place, file, number=known.id: self._foreseen(number, file))
                self._judge(wanted, known, body)

    def _foreseen(self, article_id: int, file: Path) -> str:
        number = self.stored.get((article_id, _digest(file)))
        return _address(number) if number else MISSING

    def make(self, progress: Progress, batch: int) -> None:
        """First every article gets its short name, then every text its links."""
        self.shelves.make(self.by, self.now)
        db.session.commit()
        wanted = self.outcome.gathered.wanted
        fresh = [each for each in wanted if each.ref not in self.known]
        for some in _batches(fresh, batch):
            for each in some:
                self._draft(each)
            db.session.commit()
        done = 0
        for some in _batches(wanted, batch):
            for each in some:
                self._finish(each)
            db.session.commit()
            done += len(some)
            progress(done, len(wanted))

    def _draft(self, wanted: Wanted) -> None:
        facts = self.shelves.facts(wanted)
        article = actions.draft(actions.Text(wanted.title, wanted.body, NOTE), facts, self.by, self.now,
                                origin=self.mapping.source, source_ref=wanted.ref)
        record("article.imported", article, self.by, self.now, path=wanted.path)
        said = (wanted.title, wanted.body)
        self.known[wanted.ref] = Known(article.id, "draft", said, said, waits=True)
        self.links.slugs[wanted.ref] = article.slug
        self.new.add(wanted.ref)

    def _finish(self, wanted: Wanted) -> None:
        known = self.known[wanted.ref]
        body = self.links.rewritten(wanted, lambda place, file: self._stored(known.id, file))
        verdict = self._judge(wanted, known, body)
        if verdict in ("unchanged", "kept"):
            return
        article = db.session.get_one(Article, known.id)
        actions.save(article, actions.Text(wanted.title, body, NOTE), self.by, self.now)
        was_public = article.is_published and article.published is not None
        if not wanted.is_draft and (was_public or known.waits):
            actions.publish(article, self.by, self.now)

    def _judge(self, wanted: Wanted, known: Known, body: str) -> str:
        """What is to be done with an article that is here, noted in the outcome."""
        said, publishes = (wanted.title, body), known.waits and not wanted.is_draft
        if wanted.ref in self.new:
            self.outcome.made.append(wanted)
            return "made"
        if known.imported is None and said != known.latest and not self._said_before(known.id, said):
            self.outcome.kept[wanted.ref] = "it was changed on the desk and in the folder; the desk's text stays"
        elif known.state == "archived" and known.imported not in (None, said):
            self.outcome.kept[wanted.ref] = "it is archived on the desk"
        elif known.imported in (None, said) and not (publishes and known.imported == said):
            self.outcome.unchanged.append(wanted)
            return "unchanged"
        else:
            self.outcome.changed.append(wanted)
            return "changed"
        return "kept"

    def _said_before(self, article_id: int, said: tuple[str, str]) -> bool:
        """Whether the folder still says what the last import took."""
        statement = sa.select(ArticleVersion.title, ArticleVersion.body).where(
            ArticleVersion.article_id == article_id, ArticleVersion.note == NOTE)
        row = db.session.execute(statement.order_by(ArticleVersion.number.desc()).limit(1)).first()
        return row is not None and tuple(row) == said

    def _stored(self, article_id: int, file: Path) -> str:
        """The address of a file beside the text; taken in once for each article that shows it."""
        key = article_id, _digest(file)
        if key not in self.stored:
            with file.open("rb") as stream:
                row = files.store(stream, file.name)
            article = db.session.get_one(Article, article_id)
            self.stored[key] = actions.attach(article, row, self.by, self.now).id
            self.outcome.files_stored += 1
        return _address(self.stored[key])


def _address(number: int) -> str:
    return f"/kb/files/{number}"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _batches(wanted: Sequence[Wanted], size: int) -> Iterator[Sequence[Wanted]]:
    for start in range(0, len(wanted), size):
        yield wanted[start:start + size]


def _known(source: str) -> Iterable[tuple[str, str, str, Known]]:
    """(reference, short name, title, what is known) of each article of this source."""
    statement = (
        sa.select(Article.source_ref, Article.slug, Article.id, Article.state, Article.published_at, Article.publish_at,
                  ArticleVersion.title, ArticleVersion.body, ArticleVersion.note)
        .join(ArticleVersion, ArticleVersion.id == Article.latest_id)
        .where(Article.origin == source, Article.source_ref.is_not(None)).order_by(Article.id)
    )
    for row in db.session.execute(statement):
        said = (row.title, row.body)
        waits = row.state == "draft" and row.published_at is None and row.publish_at is None
        known = Known(row.id, row.state, said, said if row.note == NOTE else None, waits)
        yield row.source_ref, row.slug, row.title, known


def _stored(source: str) -> dict[tuple[int, str], int]:
    statement = (sa.select(ArticleFile.article_id, StoredFile.sha256, ArticleFile.id).join(ArticleFile.file)
                 .join(Article, Article.id == ArticleFile.article_id).where(Article.origin == source)
                 .order_by(ArticleFile.id.desc()))
    return {(article_id, digest): number for article_id, digest, number in db.session.execute(statement)}


def _count(source: str, refs: set[str]) -> int:
    """Counted on the desk."""
    stand = db.session.scalars(sa.select(Article.source_ref).where(Article.origin == source))
    return sum(ref in refs for ref in stand)
