"""What is compared with: Whoosh at its defaults, with OR, over titles and bodies cut into the same words."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh import analysis, fields, index
from whoosh.qparser import MultifieldParser, OrGroup

from app.search.library import Document
from app.search.stems import stem
from app.search.text import stop_words, words


class Words(analysis.Tokenizer):
    """Our words and stems, as Whoosh wants them."""

    def __call__(self, value: str, mode: str = "", **_options: Any) -> Iterator[analysis.Token]:
        token = analysis.Token(mode=mode)
        token.boost, token.stopped = 1.0, False
        for position, word in enumerate(words(value)):
            if word not in stop_words():
                token.text, token.pos = stem(word), position
                yield token


class PlainWhoosh:
    """An index of its own with one query per question."""

    def __init__(self, folder: Path, documents: Sequence[Document]) -> None:
        schema = fields.Schema(id=fields.STORED, title=fields.TEXT(analyzer=Words(), phrase=False),
                               body=fields.TEXT(analyzer=Words(), phrase=False))
        made = index.create_in(str(folder), schema)
        writer = made.writer(limitmb=256)
        for one in documents:
            writer.add_document(id=one.id, title=one.title, body=one.body)
        writer.commit()
        self.searcher = made.searcher()
        self.parser = MultifieldParser(["title", "body"], schema, group=OrGroup)

    def ask(self, text: str) -> list[int]:
        return [hit["id"] for hit in self.searcher.search(self.parser.parse(text), limit=10)]
