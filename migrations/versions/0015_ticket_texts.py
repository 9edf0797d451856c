"""The words of tickets, for searching them"""

revision = '0015_ticket_texts'
down_revision = '0014_index'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
