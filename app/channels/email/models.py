"""Mailboxes, and every mail that came in: kept as it came before anything is understood of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team
from app.core.db import Base, BigId, Json, UtcDateTime
from app.core.files import StoredFile

WAYS = ("imap", "folder", "pipe")
SECURITY = ("tls", "starttls", "none")
SIGN_INS = ("password", "google", "microsoft")
STATES = ("waiting", "taken", "held", "dropped")
"""What became of a mail: not yet understood; on a ticket; kept for an agent's word; understood and left out (a double,
a report of a bounce, our own mail come back). No state deletes anything."""


class Mailbox(Base):
    """An address at which the desk takes mail, and how the mail is fetched from there.

    `secrets` holds what is sealed with the key of the instance: the password, or client secret and refresh token.
    `trusted_hop` is the authserv-id (RFC 8601) of the server whose Authentication-Results count; none: nobody's do.
    `uid_validity` and `last_uid` say how far an IMAP folder was read. `retry_at` is when it is asked next.
    """

    __tablename__ = "mailboxes"
    __table_args__ = (
        sa.CheckConstraint("way IN ('imap', 'folder', 'pipe')", name="way"),
        sa.CheckConstraint("security IN ('tls', 'starttls', 'none')", name="security"),
        sa.CheckConstraint("sign_in IN ('password', 'google', 'microsoft')", name="sign_in"),
        sa.CheckConstraint("afterwards IN ('mark', 'move', 'delete')", name="afterwards"),
    )
    event_subject = "mailbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1, server_default=sa.text("1"))
    name: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(sa.String(254), unique=True)
    aliases: Mapped[list[str]] = mapped_column(Json, default=list, server_default=sa.text("'[]'"))
    way: Mapped[str] = mapped_column(sa.String(10))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    host: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    port: Mapped[int] = mapped_column(default=993, server_default=sa.text("993"))
    security: Mapped[str] = mapped_column(sa.String(10), default="tls", server_default="tls")
    sign_in: Mapped[str] = mapped_column(sa.String(10), default="password", server_default="password")
    user: Mapped[str] = mapped_column(sa.String(254), default="", server_default="")
    secrets: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    about: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    """What the sign-in of a provider needs and is no secret: client_id, tenant."""
    folder: Mapped[str] = mapped_column(sa.String(500), default="INBOX", server_default="INBOX")
    """The IMAP folder; for the way `folder`, a path on this machine (Maildir, or files that end in .eml)."""
    afterwards: Mapped[str] = mapped_column(sa.String(10), default="mark", server_default="mark")
    """What becomes of a mail there once it is kept here: marked as seen, moved, or deleted."""
    moved_to: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    """New tickets land in this team's queue; none: where the intake rules say."""
    request_type_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request_types.id"))
    trusted_hop: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    uid_validity: Mapped[int | None] = mapped_column(sa.BigInteger)
    last_uid: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default=sa.text("0"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    well_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(sa.Text, default="", server_default="")

    team: Mapped[Team | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class InboundMail(Base):
    """One mail that came in, once per mailbox. `key` is the SHA-256 of its Message-ID, or of all of it where it has
    none. The raw bytes are a stored file. `reason` is a word of `reasons.REASONS`; `said` adds what a person may want
    to know (an error, an address)."""

    __tablename__ = "inbound_mails"
    __table_args__ = (
        sa.UniqueConstraint("mailbox_id", "key"),
        sa.Index("ix_inbound_mails_waiting", "retry_at", "id", sqlite_where=sa.text("state = 'waiting'"),
                 postgresql_where=sa.text("state = 'waiting'")),
        sa.Index("ix_inbound_mails_state", "state", "id"),
        sa.Index("ix_inbound_mails_sender", "sender", "id"),
        sa.Index("ix_inbound_mails_message_id", "message_id"),
        sa.CheckConstraint("state IN ('waiting', 'taken', 'held', 'dropped')", name="state"),
    )
    event_subject = "inbound_mail"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(sa.ForeignKey("mailboxes.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("files.id"), index=True)
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting", server_default="waiting")
    attempts: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    retry_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it is tried (next); while a process understands it, until when that process holds it."""
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    said: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    message_id: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    """As it stands in the header, without its angle brackets; shortened where it is monstrous."""
    sender: Mapped[str] = mapped_column(sa.String(254), default="", server_default="")
    sender_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    subject: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    """The ticket it is on; of a held mail the one on which an agent is asked."""

    mailbox: Mapped[Mailbox] = relationship()
    file: Mapped[StoredFile] = relationship()
