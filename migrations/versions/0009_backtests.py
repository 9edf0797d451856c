"""Drafts and backtests"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009_backtests'
down_revision = '0008_bundles'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('backtests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('names', JSON, server_default=sa.text("'{}'"), nullable=False),
    sa.Column('content', JSON, nullable=False),
    sa.Column('seen', sa.String(length=32), server_default='', nullable=False),
    sa.Column('state', sa.String(length=10), server_default='draft', nullable=False),
    sa.Column('from_at', MOMENT, nullable=True),
    sa.Column('to_at', MOMENT, nullable=True),
    sa.Column('done', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('total', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('result', JSON, nullable=True),
    sa.Column('problem', sa.String(length=200), nullable=True),
    sa.Column('runner', sa.String(length=80), nullable=True),
    sa.Column('beat_at', MOMENT, nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.CheckConstraint("kind IN ('policy', 'calendar', 'rules', 'team')", name=op.f('ck_backtests_kind')),
    sa.CheckConstraint("state IN ('draft', 'waiting', 'running', 'done', 'cancelled', 'failed', 'activated')",
                       name=op.f('ck_backtests_state')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_backtests_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backtests'))
    )
    op.create_index('ix_backtests_state', 'backtests', ['state', 'id'])
    op.create_table('backtest_flips',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('backtest_id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('is_worse', sa.Boolean(), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('before', sa.String(length=10), nullable=False),
    sa.Column('after', sa.String(length=10), nullable=False),
    sa.Column('due_before', MOMENT, nullable=True),
    sa.Column('due_after', MOMENT, nullable=True),
    sa.Column('before_id', sa.Integer(), nullable=True),
    sa.Column('after_id', sa.Integer(), nullable=True),
    sa.Column('at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['after_id'], ['users.id'], name=op.f('fk_backtest_flips_after_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['backtest_id'], ['backtests.id'], name=op.f('fk_backtest_flips_backtest_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['before_id'], ['users.id'], name=op.f('fk_backtest_flips_before_id'),
                            ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_backtest_flips_ticket_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backtest_flips'))
    )
    op.create_index('ix_backtest_flips_backtest', 'backtest_flips', ['backtest_id', 'is_worse', 'id'])
    op.create_index(op.f('ix_backtest_flips_ticket_id'), 'backtest_flips', ['ticket_id'])


def downgrade() -> None:
    op.drop_table('backtest_flips')
    op.drop_table('backtests')
