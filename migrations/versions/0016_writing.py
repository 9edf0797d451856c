"""Articles that wait for a review, published ones among them"""

import sqlalchemy as sa
from alembic import op

revision = '0016_writing'
down_revision = '0015_ticket_texts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('articles', sa.Column('review_asked_at', sa.DateTime(timezone=True)))
    op.create_index('ix_articles_review_asked_at', 'articles', ['review_asked_at'],
                    sqlite_where=sa.text('review_asked_at IS NOT NULL'),
                    postgresql_where=sa.text('review_asked_at IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_articles_review_asked_at', 'articles')
    op.drop_column('articles', 'review_asked_at')
