"""Parts that are files: their bytes under random names in a folder of this mail, each with a name that can be shown."""

import secrets
from mimetypes import MimeTypes
from pathlib import Path
from urllib.parse import quote

from app.channels.email.mail import Part
from app.core.names import clean_name

from . import limits, transfer
from .entities import Entity, inner

_ENDINGS = MimeTypes()
_NAMES = {
    "text/calendar": "invitation.ics", "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
    "application/pkcs7-signature": "smime.p7s", "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat", "application/vnd.ms-tnef": "winmail.dat",
    "message/delivery-status": "delivery-status.txt", "text/rfc822-headers": "headers.txt", "text/plain": "text.txt",
    "text/html": "text.html", "message/disposition-notification": "notification.txt",
}
_MAILS = ("message/rfc822", "message/global")
_LOOKED_AT = 64 * 1024


def kept(files: list[Entity], scratch: Path, html: str) -> list[Part]:
    """Write the files of a mail; at most as many as one may bring."""
    return [_part(entity, scratch, html) for entity in files[: limits.FILES]]


def loss(files: list[Entity]) -> list[str]:
    """What to say about those that are too many."""
    beyond = len(files) - limits.FILES
    return [f"The mail brings more than {limits.FILES} files; {beyond} are only in the raw mail."] if beyond > 0 else []


def _part(entity: Entity, scratch: Path, html: str) -> Part:
    path = scratch / secrets.token_hex(16)
    size = _write(entity, path)
    cid = entity.content_id
    return Part(str(path), clean_name(entity.name or _name(entity)), entity.type[:100], size, cid, _is_shown(cid, html))


def _write(entity: Entity, path: Path) -> int:
    with open(path, "xb") as file:
        for piece in transfer.decoded(entity.payload, entity.encoding):
            file.write(piece)
        return file.tell()


def _name(entity: Entity) -> str:
    """A name for a file that has none."""
    if entity.type in _MAILS:
        subject = inner(entity.content(_LOOKED_AT), entity.headers.hint).headers.line("subject")
        return f"{subject.replace('/', ' ')[:100].strip(' .') or 'mail'}.eml"
    return _NAMES.get(entity.type) or f"file{_ENDINGS.guess_extension(entity.type) or ''}"


def _is_shown(cid: str, html: str) -> bool:
    return bool(cid) and (f"cid:{cid}" in html or f"cid:{quote(cid)}" in html)


def mails(files: list[Entity], most: int, most_bytes: int) -> list[bytes]:
    """The mails that this one has attached, as they are; not those that are monstrous."""
    found = [entity for entity in files if entity.type in _MAILS][:most]
    return [raw for entity in found if len(raw := entity.content(most_bytes)) <= most_bytes]
