"""What the reports on knowledge keep"""

revision = '0017_gaps'
down_revision = '0016_writing'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
