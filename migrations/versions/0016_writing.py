"""What writing articles needs beside 0013"""

revision = '0016_writing'
down_revision = '0015_ticket_texts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
