"""What was done to several tickets at once"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0028_bulk'
down_revision = '0031_sending'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'bulk_deeds',
        sa.Column('id', BIG, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('verb', sa.String(length=20), nullable=False),
        sa.Column('submission', sa.String(length=64), nullable=True),
        sa.Column('missing', sa.Integer(), nullable=False),
        sa.Column('done_at', MOMENT, nullable=False),
        sa.Column('undone_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_bulk_deeds_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_deeds')),
        sa.UniqueConstraint('submission', name=op.f('uq_bulk_deeds_submission')),
    )
    op.create_index(op.f('ix_bulk_deeds_by_id'), 'bulk_deeds', ['by_id'])
    op.create_index(op.f('ix_bulk_deeds_done_at'), 'bulk_deeds', ['done_at'])
    op.create_table(
        'bulk_items',
        sa.Column('deed_id', BIG, nullable=False),
        sa.Column('ticket_id', BIG, nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('why', sa.Text(), server_default='', nullable=False),
        sa.Column('before', JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column('event_id', BIG, nullable=True),
        sa.CheckConstraint("state IN ('done', 'same', 'refused', 'undone', 'kept')", name=op.f('ck_bulk_items_state')),
        sa.ForeignKeyConstraint(['deed_id'], ['bulk_deeds.id'], name=op.f('fk_bulk_items_deed_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_bulk_items_ticket_id'),
                                ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('deed_id', 'ticket_id', name=op.f('pk_bulk_items')),
    )
    op.create_index(op.f('ix_bulk_items_ticket_id'), 'bulk_items', ['ticket_id'])


def downgrade() -> None:
    op.drop_table('bulk_items')
    op.drop_table('bulk_deeds')
