"""Handing a mail to the relay, and saying in plain words what went wrong."""

import builtins
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import relay
from app.core.db import db, reading
from app.core.markup import clean_line
from app.core.outbox import PermanentFailure

from .envelope import Sealed, complete

TIMEOUT_SECONDS = 20
SILENCE = timedelta(minutes=1)
_kept = threading.local()
_silent_until: dict[tuple[str, int], datetime] = {}


@dataclass(frozen=True)
class Route:
    """Where mail leaves the desk, read from the settings before a connection is opened."""

    host: str
    port: int
    security: str
    user: str
    password: str


def route() -> Route:
    """The relay as it is set now."""
    told = relay.relay
    return Route(told.host, told.port, told.security, told.user, relay.password())


def write_and_send(write: Callable[..., tuple[Sealed, Route] | None], *about: Any, now: datetime) -> None:
    """Send what `write` makes of `about`, if it makes anything. It only reads, and no transaction is open any more when
    the relay is talked to."""
    with reading():
        written = write(*about, now)
        db.session.rollback()
    if written is not None:
        send(*written, now)


def send(mail: Sealed, by: Route, now: datetime) -> None:
    """`hand_over`, unless the relay kept others waiting in vain a moment ago.

    One that lets every caller wait would hold up everything else in the outbox, so it is asked once a minute.
    """
    if now < _silent_until.get((by.host, by.port), now):
        raise TimeoutError(f"{by.host} did not answer a moment ago")
    try:
        hand_over(mail, by)
    except OSError as error:
        if timed_out(error):
            _silent_until[by.host, by.port] = now + SILENCE
        raise


def timed_out(error: BaseException) -> bool:
    """Whether nobody answered in time; smtplib says so only in what it raised from."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def hand_over(mail: Sealed, by: Route) -> None:
    """Give one mail to the relay; returns when the relay has taken it. No transaction may be open meanwhile.

    OSError (all errors of smtplib are such) asks for another try later; PermanentFailure says that none will help.
    """
    message = complete(mail)
    try:
        with connected(by) as server:
            server.send_message(message, mail.sender, [mail.recipient])
    except smtplib.SMTPRecipientsRefused as error:
        _give_up_on(error, next(iter(error.recipients.values()))[0])
        raise
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        _give_up_on(error, error.smtp_code)
        raise
    except UnicodeError as error:
        raise OSError("its name, the user or the password holds letters that SMTP cannot carry") from error


def _give_up_on(error: smtplib.SMTPException, code: int) -> None:
    """5xx is for ever, but for 530: that asks for a sign-in, which the administrator can set right."""
    if code >= 500 and code != 530:
        raise PermanentFailure(said(error)) from error


@contextmanager
def kept_connection() -> Iterator[None]:
    """Within it one connection of this thread serves several mails: to a relay that is far away, opening and securing
    one takes longer than the mail."""
    _kept.servers = servers = {}
    try:
        yield
    finally:
        del _kept.servers
        for server in servers.values():
            _say_goodbye(server)


@contextmanager
def connected(by: Route) -> Iterator[smtplib.SMTP]:
    """A connection to the relay, secured and signed in as the settings say."""
    servers = getattr(_kept, "servers", {})
    server = servers.pop(by, None)
    if server is None or not _is_alive(server):
        server = _open(by)
    try:
        yield server
    except BaseException:
        server.close()
        raise
    if hasattr(_kept, "servers"):
        servers[by] = server
    else:
        _say_goodbye(server)


def _is_alive(server: smtplib.SMTP) -> bool:
    """Asked before a mail is begun: what breaks off later may have been taken, and is another try's."""
    with suppress(OSError):
        if server.noop()[0] == 250:
            return True
    server.close()
    return False


def _say_goodbye(server: smtplib.SMTP) -> None:
    """The mail is taken: a relay that says goodbye badly must not make us send it again."""
    with suppress(OSError):
        server.quit()
    server.close()


def _open(by: Route) -> smtplib.SMTP:
    server = _dial(by)
    try:
        if by.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if by.user:
            server.login(by.user, by.password)
    except BaseException:
        server.close()
        raise
    return server


def _dial(by: Route) -> smtplib.SMTP:
    about = {"host": by.host, "port": by.port, "timeout": TIMEOUT_SECONDS, "local_hostname": socket.gethostname()}
    if by.security == "tls":
        return smtplib.SMTP_SSL(**about, context=ssl.create_default_context())
    return smtplib.SMTP(**about)


REASONS: list[tuple[type[Exception], Any]] = [
    (PermanentFailure, _l("The relay refused the mail for good: %(said)s.")),
    (socket.gaierror, _l("The host %(host)s was not found. Is its name right?")),
    (ConnectionRefusedError, _l("%(host)s is there, but nothing answers on port %(port)s.")),
    (TimeoutError, _l("%(host)s did not answer on port %(port)s within %(seconds)s seconds. Is there a firewall?")),
    (ssl.SSLCertVerificationError, _l("The certificate of %(host)s cannot be trusted: %(said)s.")),
    (ssl.SSLError, _l("No TLS with %(host)s on port %(port)s: %(said)s. Is the port right for this security?")),
    (smtplib.SMTPNotSupportedError, _l("%(host)s cannot do what the settings ask for: %(said)s.")),
    (smtplib.SMTPAuthenticationError, _l("%(host)s refused the user name or the password: %(said)s.")),
    (smtplib.SMTPSenderRefused, _l("%(host)s refused the address of the sender: %(said)s.")),
    (smtplib.SMTPRecipientsRefused, _l("%(host)s refused the address of the recipient: %(said)s.")),
    (smtplib.SMTPServerDisconnected, _l("%(host)s closed the connection. Does it want TLS, or another port?")),
    (smtplib.SMTPResponseException, _l("%(host)s refused: %(said)s.")),
    (OSError, _l("%(host)s cannot be reached: %(said)s.")),
]


def explained(error: Exception, by: Route) -> str:
    """What went wrong, for the administrator who sees to it. Takes what `send` raises."""
    if isinstance(error.__cause__, smtplib.SMTPException):
        error = error.__cause__
    return _sentence(TimeoutError if timed_out(error) else type(error), by, said(error))


def remembered(written: str, by: Route) -> str:
    """The same of what was written down of an error, `TimeoutError: timed out`; '' where it says nothing to anybody."""
    name, _colon, words = written.partition(": ")
    kind = next((getattr(module, name) for module in (builtins, smtplib, socket, ssl) if hasattr(module, name)),
                PermanentFailure if name == "PermanentFailure" else None)
    if kind is PermanentFailure and not words[:3].isdecimal():
        return words
    if not isinstance(kind, type) or not issubclass(kind, (OSError, PermanentFailure)):
        return ""
    if not by.host:
        return str(_l("No relay is set."))
    return _sentence(kind, by, _reply_in(words))


def _reply_in(words: str) -> str:
    """What the relay answered, out of how Python writes it: (451, b'later')."""
    found = re.search(r"\((\d{3}), b?['\"](.*)['\"]\)", words, re.S)
    return _one_line(int(found[1]), found[2]) if found else clean_line(words)[:300].rstrip(".")


def _sentence(kind: type, by: Route, words: str) -> str:
    sentence = next(sentence for known, sentence in REASONS if issubclass(kind, known))
    return sentence % {"host": by.host, "port": by.port, "seconds": TIMEOUT_SECONDS, "said": words}


def said(error: Exception) -> str:
    """The relay's or the system's own words, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        address, (code, text) = next(iter(error.recipients.items()))
        return _one_line(code, text) + f" ({address})"
    if isinstance(error, smtplib.SMTPResponseException):
        return _one_line(error.smtp_code, error.smtp_error)
    words = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or getattr(error, "reason", "")
    return clean_line(str(words or error))[:300].rstrip(".")


def _one_line(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return clean_line(f"{code} {words}")[:300].rstrip(".")
