"""What the reports on knowledge keep"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017_gaps'
down_revision = '0016_writing'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('knowledge_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('handling_seconds', sa.BigInteger(), nullable=True),
    sa.Column('is_cut', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_state'))
    )
    op.create_table('gaps',
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('leader', sa.String(length=300), nullable=False),
    sa.Column('handling_seconds', sa.BigInteger(), nullable=True),
    sa.Column('handled', sa.Integer(), nullable=False),
    sa.Column('article_id', BIG_ID, nullable=True),
    sa.Column('drafted_at', MOMENT, nullable=True),
    sa.Column('drafted_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', MOMENT, nullable=True),
    sa.Column('before_count', sa.Integer(), nullable=True),
    sa.Column('before_days', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_gaps_article_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['users.id'], name=op.f('fk_gaps_drafted_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_gaps'))
    )
    op.create_index(op.f('ix_gaps_article_id'), 'gaps', ['article_id'])
    op.create_table('gap_items',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('gap_key', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=10), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('asker', sa.String(length=40), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=True),
    sa.Column('ticket_id', BIG_ID, nullable=True),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('shown', JSON, nullable=False),
    sa.ForeignKeyConstraint(['gap_key'], ['gaps.key'], name=op.f('fk_gap_items_gap_key'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_gap_items_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap_items'))
    )
    op.create_index('ix_gap_items_reason', 'gap_items', ['reason', 'at', 'gap_key'])
    op.create_index('ix_gap_items_gap', 'gap_items', ['gap_key', 'reason', 'at'])
    op.create_index(op.f('ix_gap_items_ticket_id'), 'gap_items', ['ticket_id'])
    op.create_table('article_outcomes',
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('opened', sa.Integer(), nullable=False),
    sa.Column('solved', sa.Integer(), nullable=False),
    sa.Column('filed', sa.Integer(), nullable=False),
    sa.Column('unhelpful', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_outcomes_article_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('article_id', 'days', name=op.f('pk_article_outcomes'))
    )


def downgrade() -> None:
    op.drop_table('article_outcomes')
    op.drop_table('gap_items')
    op.drop_table('gaps')
    op.drop_table('knowledge_state')
