"""Absences and deputies"""

import sqlalchemy as sa
from alembic import op

revision = '0007_absences'
down_revision = '0006_targets'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('absences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('order_number', sa.String(length=60), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('passes_tickets', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_absences_order')),
    sa.CheckConstraint("reason IN ('leave', 'illness', 'business_trip', 'other')", name=op.f('ck_absences_reason')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_absences_user_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_absences_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences'))
    )
    op.create_index('ix_absences_user', 'absences', ['user_id', 'starts_at'])
    op.create_index('ix_absences_ends_at', 'absences', ['ends_at'])
    op.create_table('deputies',
    sa.Column('absence_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('tickets', 'approvals', 'escalations')", name=op.f('ck_deputies_kind')),
    sa.ForeignKeyConstraint(['absence_id'], ['absences.id'], name=op.f('fk_deputies_absence_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deputy_id'], ['users.id'], name=op.f('fk_deputies_deputy_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('absence_id', 'kind', name=op.f('pk_deputies'))
    )
    op.create_index(op.f('ix_deputies_deputy_id'), 'deputies', ['deputy_id'])
    op.create_table('absence_tickets',
    sa.Column('absence_id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['absence_id'], ['absences.id'], name=op.f('fk_absence_tickets_absence_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_absence_tickets_ticket_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deputy_id'], ['users.id'], name=op.f('fk_absence_tickets_deputy_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('absence_id', 'ticket_id', name=op.f('pk_absence_tickets'))
    )
    op.create_index(op.f('ix_absence_tickets_ticket_id'), 'absence_tickets', ['ticket_id'])


def downgrade() -> None:
    op.drop_table('absence_tickets')
    op.drop_table('deputies')
    op.drop_table('absences')
