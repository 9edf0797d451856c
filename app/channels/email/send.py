"""Handing a mail to the relay, and saying in plain words what went wrong."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import relay
from app.core.markup import clean_line
from app.core.outbox import PermanentFailure

from .envelope import Sealed

TIMEOUT_SECONDS = 20
SILENCE = timedelta(minutes=1)
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
    try:
        with connected(by) as server:
            server.send_message(mail.message, mail.sender, [mail.recipient])
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
def connected(by: Route) -> Iterator[smtplib.SMTP]:
    """A connection to the relay, secured and signed in as the settings say."""
    server = _dial(by)
    try:
        if by.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if by.user:
            server.login(by.user, by.password)
        yield server
        # The mail is taken: a relay that says goodbye badly must not make us send it again.
        with suppress(OSError):
            server.quit()
    finally:
        server.close()


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
    kind_of = TimeoutError() if timed_out(error) else error
    sentence = next(sentence for kind, sentence in REASONS if isinstance(kind_of, kind))
    return sentence % {"host": by.host, "port": by.port, "seconds": TIMEOUT_SECONDS, "said": said(error)}


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
