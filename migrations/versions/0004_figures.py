"""Facts behind the page of figures"""

import sqlalchemy as sa
from alembic import op

revision = "0004_figures"
down_revision = "0003_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpi_facts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure", sa.String(24), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("until_month", sa.String(7), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_kpi_facts_ticket_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_kpi_facts_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_facts"),
    )
    op.create_index("ix_kpi_facts_ticket_id", "kpi_facts", ["ticket_id"])
    op.create_index("ix_kpi_facts_number", "kpi_facts", ["measure", "month", "team_id", "value"])
    op.create_index("ix_kpi_facts_stay", "kpi_facts", ["measure", "until_month", "month", "team_id"])
    op.create_table(
        "kpi_months",
        sa.Column("measure", sa.String(24), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("team_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("median", sa.BigInteger(), nullable=False),
        sa.Column("p90", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "month", "team_id", name="pk_kpi_months"),
    )
    op.create_table(
        "kpi_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_cursor"),
    )


def downgrade() -> None:
    for table in ("kpi_cursor", "kpi_months", "kpi_facts"):
        op.drop_table(table)
