"""Which parts of a mail are its words and which are files beside them. Every part is one or the other."""

from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from app.core.markup import clean_text

from . import limits
from .charsets import decode
from .entities import Entity
from .plain import unenriched, unflowed

WORDS = {"text/plain", "text/html", "text/enriched", "text/richtext"}
SEALED = {
    "enveloped-data": "The mail is encrypted (S/MIME); the desk cannot read it. It is attached as it came.",
    "signed-data": "The words of the mail are packed in an S/MIME signature; they are attached as they came.",
}
_ENCRYPTED = "The mail is encrypted (PGP); the desk cannot read it. Its parts are attached as they came."
_TNEF = "Outlook packed a part of the mail as winmail.dat; it is attached as it came."
_DEEP = "Some parts are nested too deep to be read; they are attached as they came."


class Section(NamedTuple):
    """Words in a mail: as plain text, as HTML, or as both."""

    text: str
    html: str


@dataclass
class Bodies:
    """A walk through the tree. What is gathered: words in their order, files, and sentences about what was left out."""

    files: list[Entity] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    _seen: int = 0
    _beyond: int = 0
    _leaves: int = 0
    _room: dict[str, int] = field(default_factory=lambda: {"text": limits.TEXT_BYTES, "html": limits.TEXT_BYTES})

    def read(self, mail: Entity) -> list[Section]:
        """The words of a whole mail."""
        sections = self._words_of(mail, 0)
        if self._beyond:
            self.lose(f"The mail has more than {limits.PARTS} parts; {self._beyond} were not read.")
        return sections

    def lose(self, sentence: str) -> None:
        """Say once what could not be taken."""
        if sentence not in self.losses:
            self.losses.append(sentence)

    def _words_of(self, entity: Entity, depth: int) -> list[Section]:
        if not entity.type.startswith("multipart/"):
            self._leaves += 1
            return self._leaf(entity)
        if depth >= limits.DEPTH:
            self.lose(_DEEP)
            return self._keep(entity)
        pieces, beyond = entity.pieces(max(0, limits.PARTS - self._seen))
        self._seen += len(pieces)
        self._beyond += beyond
        if not pieces and not beyond:
            # What is said to have parts and has none is text: nothing may be lost.
            return self._text(entity, "text/plain")
        return _MIXTURES.get(entity.type, Bodies._mixed)(self, entity, pieces, depth)

    def _mixed(self, entity: Entity, pieces: list[Entity], depth: int) -> list[Section]:
        return [section for piece in pieces for section in self._words_of(piece, depth + 1)]

    def _alternatives(self, entity: Entity, pieces: list[Entity], depth: int) -> list[Section]:
        """The same words several times: one plain version and the richest. A further version that differs is kept."""
        versions = [found for piece in pieces if (found := self._words_of(piece, depth + 1))]
        rich = next((found for found in reversed(versions) if any(section.html for section in found)), None)
        plain = next((found for found in versions if found is not rich and texts(found).strip()), None)
        if rich is None or plain is None:
            return rich or plain or []
        both = Section(texts(plain), joined(rich).html)
        others = [section for found in versions if found is not rich and found is not plain for section in found]
        return [both, *(section for section in others if section.text.strip() not in ("", both.text.strip()))]

    def _sealed(self, entity: Entity, pieces: list[Entity], depth: int) -> list[Section]:
        self.lose(_ENCRYPTED)
        for piece in pieces:
            self._keep(piece)
        return []

    def _leaf(self, entity: Entity) -> list[Section]:
        if entity.type in WORDS and entity.disposition != "attachment" and not self._is_file(entity):
            return self._text(entity, entity.type)
        if entity.type in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            self.lose(SEALED.get(entity.parameters.get("smime-type", ""), SEALED["enveloped-data"]))
        if entity.type in ("application/ms-tnef", "application/vnd.ms-tnef"):
            self.lose(_TNEF)
        return self._keep(entity)

    def _is_file(self, entity: Entity) -> bool:
        """By its name; some programs give one to the words too, which come first and say nothing of being a file."""
        return bool(entity.name) and not (self._leaves == 1 and not entity.disposition)

    def _keep(self, entity: Entity) -> list[Section]:
        self.files.append(entity)
        return []

    def _text(self, entity: Entity, kind: str) -> list[Section]:
        room = "html" if kind == "text/html" else "text"
        raw = entity.content(self._room[room])
        if len(raw) > self._room[room]:
            self.lose(f"The text is longer than {limits.TEXT_BYTES >> 20} MB; the rest is only in the raw mail.")
        raw = raw[: self._room[room]]
        self._room[room] -= len(raw)
        text = _cleaned(decode(raw, entity.parameters.get("charset", ""), entity.headers.hint))
        if kind == "text/html":
            return [Section("", text)]
        return [Section(_READERS.get(kind, _flowed)(text, entity.parameters), "")]


def _cleaned(text: str) -> str:
    """As clean_text does it, but for the space at the end of a line, which means something."""
    return clean_text(text.lstrip("\ufeff"))


def _flowed(text: str, about: dict[str, str]) -> str:
    if about.get("format", "").lower() != "flowed":
        return text
    return unflowed(text, about.get("delsp", "").lower() == "yes")


def _enriched(text: str, about: dict[str, str]) -> str:
    return unenriched(text)


_READERS = {"text/enriched": _enriched, "text/richtext": _enriched}
_MIXTURES = {"multipart/alternative": Bodies._alternatives, "multipart/encrypted": Bodies._sealed}


def joined(sections: list[Section]) -> Section:
    """Words that stand one after another, as one."""
    told = [section for section in sections if section.text.strip() or section.html.strip()]
    if not any(section.html for section in told):
        return Section(texts(told), "")
    text = texts(told) if len(told) > 1 or told[0].text.strip() else ""
    return Section(text, "\n".join(section.html or _as_html(section.text) for section in told))


def texts(sections: list[Section]) -> str:
    """Their words as plain text."""
    return "\n\n".join(filter(None, (section.text or _as_text(section.html) for section in sections)))


def _as_text(html: str) -> str:
    from app.channels.email.safe_html import as_text

    return as_text(html) if html else ""


def _as_html(text: str) -> str:
    return "<div>" + escape(text).replace("\n", "<br>\n") + "</div>"
