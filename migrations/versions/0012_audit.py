"""Findings of the pause auditor, and what the desk has learnt about the work that tickets take"""

import sqlalchemy as sa
from alembic import op

revision = '0012_audit'
down_revision = '0011_customers'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('pause_findings',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('clock_id', BIG_ID, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('since', MOMENT, nullable=False),
    sa.Column('until', MOMENT, nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('added_seconds', sa.Integer(), nullable=False),
    sa.Column('known_at', MOMENT, nullable=False),
    sa.Column('saved', sa.Boolean(), nullable=False),
    sa.Column('saved_together', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_pause_findings_by_id')),
    sa.ForeignKeyConstraint(['clock_id'], ['sla_clocks.id'], name=op.f('fk_pause_findings_clock_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_pause_findings_team_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_pause_findings_ticket_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause_findings'))
    )
    op.create_index(op.f('ix_pause_findings_clock_id'), 'pause_findings', ['clock_id'])
    op.create_index(op.f('ix_pause_findings_ticket_id'), 'pause_findings', ['ticket_id'])
    op.create_index('ix_pause_findings_since', 'pause_findings', ['since', 'id'])
    op.create_index('ix_pause_findings_team', 'pause_findings', ['team_id', 'since', 'id'])
    op.create_table('work_estimates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_type_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('computed_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['request_type_id'], ['request_types.id'],
                            name=op.f('fk_work_estimates_request_type_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_estimates'))
    )
    with op.batch_alter_table('kpi_cursor') as batch:
        batch.add_column(sa.Column('yardstick', sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('kpi_cursor') as batch:
        batch.drop_column('yardstick')
    op.drop_table('work_estimates')
    op.drop_table('pause_findings')
