"""The reading of one mail, from its bytes to `Mail`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from app.channels.email import folding, forwarding, safe_html
from app.channels.email.mail import Forwarded, Mail
from app.core.markup import clean_line, clean_text

from . import Ours, attached, limits
from .about import about, loss
from .automatic import automatic
from .bodies import Bodies, Section, joined
from .bounces import bounce
from .entities import Entity, top
from .proof import proof

_Found = TypeVar("_Found")
_ATTACHED_MAILS = 3


def read(raw: bytes, scratch: Path, ours: Ours) -> Mail:
    """What is understood of a mail; its files are written to `scratch`."""
    mail = top(raw)
    defects = list(mail.headers.defects)
    known = about(mail.headers, defects)
    bodies = Bodies()
    words = joined(bodies.read(mail))
    report = _tried(defects, None, bounce, mail, known["sender"])
    losses = bodies.losses + attached.loss(bodies.files) + loss(mail.headers, len(known["to"]), len(known["cc"]))
    return Mail(
        **known, **_told(words, bodies.files, known["subject"], defects),
        parts=attached.kept(bodies.files, scratch, words.html), losses=losses,
        automatic=automatic(mail, known["sender"], known["subject"], report, ours), bounce=report,
        proof=proof(mail.headers, known["sender"], ours.trusted_hop), defects=defects,
    )


def _told(words: Section, files: list[Entity], subject: str, defects: list[str]) -> dict[str, Any]:
    """The words: what is new, what is quoted, and the first mail inside one that was forwarded."""
    folded = _tried(defects, None, folding.fold, words.text, words.html, subject)
    mails = attached.mails(files, _ATTACHED_MAILS, limits.TEXT_BYTES)
    forwarded = _clean(_tried(defects, None, forwarding.find, subject, words.text, words.html, mails))
    if folded is None:
        return {**_unfolded(words), "forwarded": forwarded}
    return {**folded._asdict(), "forwarded": forwarded}


def _clean(forwarded: Forwarded | None) -> Forwarded | None:
    """A mail that was attached comes with all that its sender put in it."""
    if forwarded is None:
        return None
    return replace(forwarded, subject=clean_line(forwarded.subject), text=clean_text(forwarded.text))


def _unfolded(words: Section) -> dict[str, str]:
    return {"text": words.text or safe_html.as_text(words.html), "html": safe_html.clean(words.html)}


def _tried(defects: list[str], otherwise: _Found, step: Callable[..., _Found], *given: Any) -> _Found:
    """What a step finds. One that trips over a mail costs only itself: the log says which, the raw mail is kept."""
    try:
        return step(*given)
    except MemoryError:
        raise
    except Exception as error:
        defects.append(f"{step.__name__}: {type(error).__name__}: {error}"[:300])
        return otherwise
