"""One round with an IMAP folder: what is new is kept, committed, and only then marked there, moved or deleted."""

from contextlib import suppress

from imap_tools import BaseMailBox

from app.channels.email.head import key_of
from app.channels.email.keep import TooLarge, keep, known_keys
from app.channels.email.models import Mailbox
from app.core.db import claim, db, reading

from . import imap
from .imap import Gone, Pieces, Refused, Seen
from .source import Moments, Source, Tally

CUT = "Larger than the desk keeps: this is its beginning. The whole mail is still in the mailbox."


def take(source: Source, moments: Moments) -> Tally:
    """Everything after the last UID that was taken. A mail that the server will not give up stays for the next round,
    and those behind it come all the same."""
    tally = Tally()
    with imap.connected(source) as box:
        place = _place(box, source)
        if source.afterwards == "move":
            imap.ensure_folder(box, source.moved_to)
            imap.choose(box, source.folder)
        for uids in imap.chunks(imap.uids_after(box, place.last_uid)):
            if moments.are_over:
                tally.is_done = False
                break
            _take_some(box, source, place, _looked(box, uids, tally), moments, tally)
            place.pass_over(uids[-1], tally)
        place.save()
    return tally


class Place:
    """How far a folder was read. It is written down with the next mail, so a kill costs a second look at one."""

    def __init__(self, mailbox_id: int, uid_validity: int, last_uid: int) -> None:
        self._mailbox_id, self._uid_validity = mailbox_id, uid_validity
        self.last_uid = last_uid

    def pass_over(self, uid: int, tally: Tally) -> None:
        """Up to this mail everything is taken, unless one was left behind: then the next round begins there."""
        if not tally.left:
            self.last_uid = max(self.last_uid, uid)

    def note(self) -> None:
        """Into the transaction that is open. Two that read the same folder never put each other back."""
        claim(Mailbox, Mailbox.id == self._mailbox_id, Mailbox.uid_validity == self._uid_validity,
              Mailbox.last_uid < self.last_uid, last_uid=self.last_uid)

    def save(self) -> None:
        self.note()
        db.session.commit()


def _place(box: BaseMailBox, source: Source) -> Place:
    """Where to begin. When the server numbers the folder anew, all of it is looked at again: doubles are known by
    their key."""
    uid_validity = imap.choose(box, source.folder)
    if source.uid_validity == uid_validity:
        return Place(source.id, uid_validity, source.last_uid)
    last_uid = imap.start(box, source.since)
    claim(Mailbox, Mailbox.id == source.id, uid_validity=uid_validity, last_uid=last_uid)
    db.session.commit()
    return Place(source.id, uid_validity, last_uid)


def _looked(box: BaseMailBox, uids: list[int], tally: Tally) -> list[Seen]:
    """Of several that are asked about together a server may refuse all for the sake of one, or leave one out: what is
    missing is asked about by itself."""
    seen: dict[int, Seen] = {}
    with suppress(Refused):
        seen = {mail.uid: mail for mail in imap.look(box, uids)}
    for uid in [uid for uid in uids if uid not in seen]:
        try:
            seen |= {mail.uid: mail for mail in imap.look(box, [uid])}
        except Refused as error:
            tally.leave(error)
    return [seen[uid] for uid in uids if uid in seen]


def _take_some(box: BaseMailBox, source: Source, place: Place, seen: list[Seen], moments: Moments,
               tally: Tally) -> None:
    known = _known(source, seen)
    for mail in seen:
        try:
            tally.count(_take_one(box, source, place, mail, mail.uid in known, moments))
        except Gone:
            pass
        except (Refused, TooLarge) as error:
            tally.leave(error)
        place.pass_over(mail.uid, tally)


def _known(source: Source, seen: list[Seen]) -> set[int]:
    """Those that are kept already and only have to be marked."""
    keys = {key_of(mail.message_id, ""): mail.uid for mail in seen if mail.message_id}
    with reading():
        found = known_keys(source.id, list(keys))
        db.session.rollback()
    return {mail.uid for mail in seen if mail.message_id and key_of(mail.message_id, "") in found}


def _take_one(box: BaseMailBox, source: Source, place: Place, mail: Seen, is_known: bool, moments: Moments) -> bool:
    """Whether it was new. A mail of which only the beginning is here is never taken away from there. What is marked
    already is not marked again: behind a mail that is refused for long there may be thousands in each round."""
    pieces = Pieces(box, mail)
    is_new = not is_known and _keep(pieces, source, place, moments)
    if source.afterwards == "mark" or pieces.is_cut:
        if not mail.is_marked:
            imap.mark(box, mail.uid)
    elif source.afterwards == "move":
        imap.move(box, mail.uid, source.moved_to)
    else:
        imap.delete(box, mail.uid)
    return is_new


def _keep(pieces: Pieces, source: Source, place: Place, moments: Moments) -> bool:
    """Committed when this returns."""
    kept = keep(pieces, source.id, moments.now(), CUT if pieces.is_cut else "")
    place.note()
    db.session.commit()
    return kept.is_new
