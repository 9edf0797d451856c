"""The index of articles in PostgreSQL"""

revision = '0014_index'
down_revision = '0013_articles'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
