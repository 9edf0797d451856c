"""The index inside PostgreSQL. On SQLite these tables stay empty: Whoosh is the index there.

Rows belong to a generation: a rebuild writes the next one beside the one that answers, then `IndexState` points to it.
All of it is made from the articles, so no back-up holds it.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId

ByteOrder = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text whose beginnings are found by an ordinary index."""
MADE_ANEW = {"info": {"made_anew": True}}
Vector = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")


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
    """A document as words: `vector` holds its stems, `words` the folded words that the vocabulary counts, `audiences`
    who may read it, both parted by spaces."""

    __tablename__ = "index_documents"
    __table_args__ = (
        sa.Index("ix_index_documents_vector", "vector", postgresql_using="gin",
                 postgresql_with={"fastupdate": "off"}),
        {**MADE_ANEW, "postgresql_with": {"toast_tuple_target": 8160}},
    )

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    audiences: Mapped[str] = mapped_column(sa.Text)
    vector: Mapped[str] = mapped_column(Vector)
    words: Mapped[str] = mapped_column(sa.Text)
    title_length: Mapped[int] = mapped_column()
    body_length: Mapped[int] = mapped_column()


class IndexLexeme(Base):
    """In how many documents a stem of a field stands: what a match of it is worth. The empty one stands in all."""

    __tablename__ = "index_lexemes"
    __table_args__ = (MADE_ANEW,)

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lexeme: Mapped[str] = mapped_column(ByteOrder, primary_key=True)
    documents: Mapped[int] = mapped_column()


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
