"""Talking to a real relay: what is tried again, what is given up, and what is said about it."""

import smtplib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.channels.email import send as mail
from app.channels.email.envelope import Letter, envelope
from app.core.outbox import PermanentFailure
from app.core.relay import relay, seal

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def letter():
    return envelope(Letter("Hello", "Hello\n", "<p>Hello</p>"), ("Aigul", "aigul@jardam.example"), "7", NOON)


def refusal(postbox, error=OSError):
    with pytest.raises(error) as caught:
        mail.hand_over(letter(), mail.route())
    return caught.value, mail.explained(caught.value, mail.route())


def test_a_mail_reaches_the_relay_in_one_envelope(postbox):
    mail.hand_over(letter(), mail.route())
    assert postbox.envelopes == [("help@jardam.example", ["aigul@jardam.example"])]


def test_a_bad_goodbye_does_not_undo_what_was_taken(postbox):
    postbox.goodbye = "421 too busy to be polite"
    mail.hand_over(letter(), mail.route())
    assert len(postbox.letters) == 1


@pytest.mark.parametrize("answer", ["451 later", "452 full", "530 sign in first"])
def test_a_refusal_for_now_is_tried_again(postbox, answer):
    postbox.on_data = [answer]
    error, _words = refusal(postbox, smtplib.SMTPDataError)
    assert isinstance(error, OSError)


def test_a_refusal_for_good_is_given_up(postbox):
    postbox.on_data = ["554 we know you"]
    error, words = refusal(postbox, PermanentFailure)
    assert "554 we know you" in words
    postbox.on_rcpt = ["550 no such user"]
    error, words = refusal(postbox, PermanentFailure)
    assert "refused the address of the recipient" in words
    assert "550 no such user" in words


def test_a_recipient_refused_for_now_is_tried_again(postbox):
    postbox.on_rcpt = ["450 greylisted"]
    refusal(postbox, smtplib.SMTPRecipientsRefused)


def test_nobody_listens(postbox):
    postbox.close()
    error, words = refusal(postbox, ConnectionRefusedError)
    assert words == f"127.0.0.1 is there, but nothing answers on port {postbox.port}."


def test_a_host_that_is_not_there(postbox):
    relay.change(host="no-such-host.invalid")
    error, words = refusal(postbox)
    assert "was not found" in words
    relay.change(host="жардам..invalid")
    refusal(postbox)


def test_a_relay_without_tls(postbox):
    relay.change(security="starttls")
    error, words = refusal(postbox, smtplib.SMTPNotSupportedError)
    assert "cannot do what the settings ask for" in words
    relay.change(security="tls")
    error, words = refusal(postbox, ssl.SSLError)
    assert "No TLS with 127.0.0.1" in words


def test_a_relay_that_knows_no_sign_in(postbox):
    relay.change(user="desk", password=seal("secret"))
    error, words = refusal(postbox, smtplib.SMTPNotSupportedError)
    assert "cannot do" in words
    assert "secret" not in words


def test_a_wrong_password_is_said_and_kept_secret(postbox):
    postbox.close()
    postbox.open(auth_require_tls=False, authenticator=lambda *asked: AuthResult(success=False, handled=False))
    relay.change(user="desk", password=seal("secret"))
    error, words = refusal(postbox, smtplib.SMTPAuthenticationError)
    assert "refused the user name or the password" in words
    assert "secret" not in words
    relay.change(password=seal("жашыруун"))
    refusal(postbox)


def test_a_certificate_that_nobody_vouches_for(postbox, tmp_path):
    postbox.close()
    postbox.open(tls_context=self_signed(tmp_path))
    relay.change(security="starttls")
    error, words = refusal(postbox, ssl.SSLCertVerificationError)
    assert "cannot be trusted" in words
    assert "self-signed" in words


def self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(1).not_valid_before(NOON - timedelta(days=3650))
                   .not_valid_after(NOON + timedelta(days=3650)).sign(key, hashes.SHA256()))
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem) + key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem")
    return context


@pytest.fixture
def silent():
    """A server that takes the connection and says nothing; counts who came."""
    calls, held = [], []
    server = socket.create_server(("127.0.0.1", 0))

    def wait():
        while True:
            try:
                caller, _from = server.accept()
            except OSError:
                return
            calls.append(_from)
            held.append(caller)

    threading.Thread(target=wait, daemon=True).start()
    yield server.getsockname()[1], calls
    server.close()
    for caller in held:
        caller.close()


def test_a_silent_relay_is_asked_once_a_minute(postbox, silent, monkeypatch):
    port, calls = silent
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    relay.change(port=port)
    for second in (0, 1, 59):
        with pytest.raises(OSError) as caught:
            mail.send(letter(), mail.route(), NOON + timedelta(seconds=second))
    assert len(calls) == 1
    assert "did not answer" in mail.explained(caught.value, mail.route())
    with pytest.raises(OSError):
        mail.send(letter(), mail.route(), NOON + timedelta(seconds=60))
    assert len(calls) == 2


class Counting:
    """Counts how often somebody has said hello."""

    def __init__(self, box):
        self.box, self.calls = box, 0
        box.handle_EHLO = self.hello

    async def hello(self, server, session, envelope, hostname, responses):
        self.calls += 1
        session.host_name = hostname
        return responses


def test_several_mails_go_through_one_connection(postbox):
    counting = Counting(postbox)
    with mail.kept_connection():
        for _time in range(5):
            mail.hand_over(letter(), mail.route())
        assert counting.calls == 1
        relay.change(user="", host="localhost")
        mail.hand_over(letter(), mail.route())
        assert counting.calls == 2
    mail.hand_over(letter(), mail.route())
    assert counting.calls == 3
    assert len(postbox.letters) == 7


def test_a_kept_connection_that_broke_is_opened_again_and_a_refusal_spoils_no_other_mail(postbox):
    with mail.kept_connection():
        mail.hand_over(letter(), mail.route())
        mail._kept.servers[mail.route()].sock.close()
        mail.hand_over(letter(), mail.route())
        postbox.on_data = ["451 later", "554 never", ""]
        for error in (OSError, PermanentFailure):
            with pytest.raises(error):
                mail.hand_over(letter(), mail.route())
        mail.hand_over(letter(), mail.route())
        postbox.on_data = ["cut"]
        with pytest.raises(OSError):
            mail.hand_over(letter(), mail.route())
        mail.hand_over(letter(), mail.route())
    assert len(postbox.letters) == 4
    assert len(postbox.cut) == 1
