"""A real IMAP server: Dovecot, unprivileged, on ports and in a folder of its own, with a certificate made for it."""

import datetime
import imaplib
import ipaddress
import os
import pwd
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.experiments.desk import free_port

PASSWORD = "correct-horse-battery"
START_SECONDS = 15
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 100
first_valid_uid = 1
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


class Dovecot:
    """Everybody's password is PASSWORD; an address has its mail the moment it is named."""

    def __init__(self) -> None:
        self.port, self.tls_port, self.judge_port = free_port(), free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # noqa: S108 - its sockets need a short path
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._set_up()
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
                                        start_new_session=True, stderr=subprocess.DEVNULL, **self._as_nobody())
        self._await()

    def _set_up(self) -> None:
        group = subprocess.run(["id", "-gn", self.account.pw_name], text=True, capture_output=True, check=True)
        make_certificate(self.folder)
        about = {"folder": self.folder, "user": self.account.pw_name, "group": group.stdout.strip(),
                 "uid": self.account.pw_uid, "gid": self.account.pw_gid, "port": self.port, "tls_port": self.tls_port,
                 "password": PASSWORD}
        (self.folder / "dovecot.conf").write_text(CONFIG.format(**about))
        (self.folder / "oauth2.conf").write_text(
            f"introspection_mode = auth\nintrospection_url = http://127.0.0.1:{self.judge_port}/who\n"
            "username_attribute = email\n")
        for name in ("run", "state", "home"):
            (self.folder / name).mkdir()
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _as_nobody(self) -> dict:
        if os.geteuid() != 0:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _await(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.client("nobody@jardam.example").logout()
                return
            except (OSError, imaplib.IMAP4.error):
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.05)

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def client(self, user: str, folder: str | None = None) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(user, PASSWORD)
        if folder:
            assert client.select(folder)[0] == "OK"
        return client

    def put(self, user: str, *mails: bytes, folder: str = "INBOX", at: float | None = None) -> None:
        client = self.client(user)
        client.create(folder)
        moment = imaplib.Time2Internaldate(at if at is not None else time.time())
        for raw in mails:
            assert client.append(folder, None, moment, raw)[0] == "OK"
        client.logout()

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, str]:
        """UID -> its flags, in one string."""
        client = self.client(user, folder)
        answer = client.uid("FETCH", "1:*", "(UID FLAGS)")[1]
        client.logout()
        return {int(re.search(rb"UID (\d+)", item)[1]): re.search(rb"FLAGS \(([^)]*)", item)[1].decode()
                for item in answer if item}

    def renumber(self, user: str) -> None:
        """Give the inbox another UIDVALIDITY, as a server that was restored does."""
        folder = self.folder / "home" / user / "Maildir"
        for path in folder.glob("dovecot*"):
            path.unlink()
        time.sleep(1.1)

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def make_certificate(folder: Path) -> None:
    """Signed by itself, for 127.0.0.1 and localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(begin)
            .not_valid_after(begin + datetime.timedelta(days=20_000)).add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


@pytest.fixture(scope="session")
def dovecot():
    if shutil.which("dovecot") is None:
        pytest.skip("no Dovecot here (Debian, Ubuntu: apt install dovecot-imapd)")
    server = Dovecot()
    yield server
    server.stop()


@pytest.fixture
def trusted(dovecot, monkeypatch):
    """The server's certificate is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    assert ssl.create_default_context().cert_store_stats()["x509_ca"]
