"""Whose turn it is in a team, and which tickets are watched for being begun"""

import sqlalchemy as sa
from alembic import op

revision = '0010_turns'
down_revision = '0009_backtests'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
WATCHED = sa.text('unown_at IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('memberships') as batch:
        batch.add_column(sa.Column('place', BIG_ID, server_default=sa.text('0'), nullable=False))
    op.create_table('trusts',
    sa.Column('ticket_id', BIG_ID, autoincrement=False, nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('unown_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_trusts_team_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_trusts_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_trusts_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_trusts'))
    )
    op.create_index(op.f('ix_trusts_team_id'), 'trusts', ['team_id'])
    op.create_index('ix_trusts_unown_at', 'trusts', ['unown_at'], sqlite_where=WATCHED, postgresql_where=WATCHED)
    op.create_index(op.f('ix_trusts_user_id'), 'trusts', ['user_id'])


def downgrade() -> None:
    op.drop_table('trusts')
    with op.batch_alter_table('memberships') as batch:
        batch.drop_column('place')
