"""The index inside PostgreSQL. On SQLite these tables stay empty: Whoosh is the index there.

Rows belong to a generation: a rebuild writes the next one beside the one that answers, then `IndexState` points to it.
All of it is made from the articles, so no back-up holds it.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId

ByteOrder = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text whose beginnings are found by an ordinary index."""
MADE_ANEW = {"info": {"made_anew": True}}


class IndexState(Base):
    """One row: which generation answers, of which version its analysis is. `origin` is random and stays with this
    database's content: an index outside the database that names another one was made of other content."""

    __tablename__ = "index_state"
    __table_args__ = (MADE_ANEW,)

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(sa.String(32))
    generation: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    version: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")


class IndexDocument(Base):
    """What the index holds of a document, so that it can be taken out again: `lexemes` are the stems that list it,
    `words` the folded words that the vocabulary counts, `audiences` who may read it, all parted by spaces."""

    __tablename__ = "index_documents"
    __table_args__ = (MADE_ANEW,)

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    audiences: Mapped[str] = mapped_column(sa.Text)
    lexemes: Mapped[str] = mapped_column(sa.Text)
    words: Mapped[str] = mapped_column(sa.Text)
    title_length: Mapped[int] = mapped_column()
    body_length: Mapped[int] = mapped_column()


class IndexPostings(Base):
    """Of a stem of a field the documents of a block that hold it, ascending, and how much each says by it; packed.
    An audience has only documents."""

    __tablename__ = "index_postings"
    __table_args__ = ({**MADE_ANEW, "postgresql_with": {"toast_tuple_target": 8160}},)

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lexeme: Mapped[str] = mapped_column(ByteOrder, primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ids: Mapped[bytes] = mapped_column(sa.LargeBinary)
    impacts: Mapped[bytes | None] = mapped_column(sa.LargeBinary)


class IndexWord(Base):
    """In how many documents of just these audiences a word stands."""

    __tablename__ = "index_words"
    __table_args__ = (sa.Index("ix_index_words_alike", "generation", "initial", "length"), MADE_ANEW)

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(ByteOrder, primary_key=True)
    audiences: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    initial: Mapped[str] = mapped_column(sa.String(1))
    length: Mapped[int] = mapped_column()
    documents: Mapped[int] = mapped_column()
