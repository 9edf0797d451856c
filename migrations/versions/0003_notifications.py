"""Notifications and outgoing mail"""

import sqlalchemy as sa
from alembic import op

revision = '0003_notifications'
down_revision = '0002_clocks'
branch_labels = None
depends_on = None

UNREAD = sa.text("read_at IS NULL AND channel = 'app'")


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "notifications",
        sa.Column("id", big_id, nullable=False),
        sa.Column("event_id", big_id, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("ticket_id", big_id, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_notifications_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_notifications_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_notifications_ticket_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint("event_id", "user_id", "channel", name="uq_notifications_event_id_user_id_channel"),
        sa.CheckConstraint("channel IN ('app', 'mail')", name=op.f("ck_notifications_channel")),
    )
    op.create_index("ix_notifications_list", "notifications", ["user_id", "channel", "id"])
    op.create_index("ix_notifications_ticket_id", "notifications", ["ticket_id"])
    op.create_index("ix_notifications_unread", "notifications", ["user_id", "ticket_id"],
                    sqlite_where=UNREAD, postgresql_where=UNREAD)


def downgrade() -> None:
    op.drop_table("notifications")
