"""What went wrong with a mailbox, in words that its administrator understands."""

import errno
import imaplib
import socket
import ssl
from typing import Any

from flask_babel import lazy_gettext as _l
from imap_tools.errors import ImapToolsError

from app.channels.email.keep import TooLarge
from app.core.markup import clean_line

from . import imap
from .folder_round import NotThere
from .hosts import Forbidden
from .imap import FolderMissing, Refused, SignInRefused
from .oauth import Withdrawn
from .source import Source

MOST_FOLDERS = 30
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
NO_ROOM = _l("The desk's own disk takes nothing more: %(said)s.")
NO_LEAVE = _l("The desk may not change files in %(folder)s: %(said)s.")
NO_TLS = _l("What answers on port %(port)s of %(host)s speaks no TLS from the start. Is it the port for STARTTLS?")
REASONS: list[tuple[type[BaseException], Any]] = [
    (SignInRefused, _l("%(host)s refused the user name or the password: %(said)s.")),
    (Withdrawn, _l("%(provider)s does not let the desk in: %(said)s. Connect the mailbox again.")),
    (NotThere, _l("There is no folder %(folder)s on this machine, or the desk may not read and write it.")),
    (Refused, _l("%(host)s refused a command: %(said)s.")),
    (Forbidden, _l("%(host)s leads to an address at which no mail server can stand.")),
    (socket.gaierror, _l("The host %(host)s was not found. Is its name right?")),
    (UnicodeError, _l("%(host)s is no name of a host.")),
    (ConnectionRefusedError, _l("%(host)s is there, but nothing answers on port %(port)s.")),
    (TimeoutError, _l("%(host)s did not answer on port %(port)s in time. Is there a firewall, or does it want TLS from "
                      "the start?")),
    (ssl.SSLCertVerificationError, _l("The certificate of %(host)s cannot be trusted: %(said)s.")),
    (ssl.SSLError, _l("No TLS with %(host)s on port %(port)s: %(said)s. Is the port right for this security?")),
    (ConnectionError, _l("%(host)s closed the connection. Does it want TLS, or another port?")),
    (imaplib.IMAP4.abort, _l("%(host)s broke the connection off: %(said)s.")),
    (ImapToolsError, _l("%(host)s refused a command: %(said)s.")),
    (imaplib.IMAP4.error, _l("%(host)s refused a command: %(said)s.")),
    (OSError, _l("%(host)s cannot be reached: %(said)s.")),
]
NO_IMAP = _l("What answers on port %(port)s of %(host)s is no IMAP server.")
NO_START_TLS = _l("%(host)s offers no STARTTLS on port %(port)s. Choose TLS from the start, or another port.")
PROVIDERS = {"google": "Google", "microsoft": "Microsoft"}
NONSENSE = (ValueError, LookupError, TypeError, AttributeError)
"""What the libraries stumble with over answers that no IMAP server gives."""
NOT_UNDERSTOOD = _l("What %(host)s answers cannot be understood: %(said)s.")
TOO_LARGE = _l("A mail is larger than the desk keeps.")
EXPECTED = (*(kind for kind, _sentence in REASONS), FolderMissing, TooLarge, *NONSENSE)
"""What a round may raise that is the mailbox's affair, not the desk's."""


def explained(error: BaseException, source: Source) -> str:
    """One or two sentences. Takes what a round or a trial raises."""
    if isinstance(error, FolderMissing):
        return _missing(error)
    return str(_sentence(error, source) % {
        "host": source.host, "port": source.port, "folder": source.folder, "said": _said(error),
        "provider": PROVIDERS.get(source.sign_in, source.sign_in)})


def _sentence(error: BaseException, source: Source) -> Any:
    if isinstance(error, OSError) and error.errno in DISK:
        return NO_ROOM
    if isinstance(error, OSError) and source.way == "folder":
        return NO_LEAVE
    if isinstance(error, ssl.SSLError) and error.reason in ("WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING"):
        return NO_TLS
    if isinstance(error, imaplib.IMAP4.abort) and "unexpected response" in str(error):
        # What is said by what is no mail server is not passed on: the desk is no telescope into the network.
        return NO_IMAP
    if isinstance(error, imaplib.IMAP4.error) and source.security == "starttls" and "TLS not supported" in str(error):
        return NO_START_TLS
    if isinstance(error, TooLarge):
        return TOO_LARGE
    return next((sentence for kind, sentence in REASONS if isinstance(error, kind)), NOT_UNDERSTOOD)


def _missing(error: FolderMissing) -> str:
    names = ", ".join(clean_line(name) for name in error.folders[:MOST_FOLDERS])
    return str(_l("There is no folder “%(name)s” there. These exist: %(names)s.", name=error.name, names=names or "–"))


def _said(error: BaseException) -> str:
    """The other side's or the system's own words, on one line."""
    words = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or imap.said(error)
    return clean_line(str(words))[:300].rstrip(".") or type(error).__name__
