"""More targets, floors set by law, and how teams escalate and share their work"""

import sqlalchemy as sa
from alembic import op

revision = '0006_targets'
down_revision = '0005_imports'
branch_labels = None
depends_on = None

TARGETS = "target IN ('first_response', 'next_response', 'resolution', 'pickup', 'handover')"


def upgrade() -> None:
    with op.batch_alter_table('teams') as batch:
        batch.add_column(sa.Column('department_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('escalates_to_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('calendar_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('assignment', sa.String(length=20), server_default='manual', nullable=False))
        batch.add_column(sa.Column('unown_after_seconds', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_teams_department_id'), 'departments', ['department_id'], ['id'])
        batch.create_foreign_key(op.f('fk_teams_escalates_to_id'), 'teams', ['escalates_to_id'], ['id'])
        batch.create_foreign_key(op.f('fk_teams_calendar_id'), 'work_calendars', ['calendar_id'], ['id'])
        batch.create_check_constraint(op.f('ck_teams_assignment'),
                                      "assignment IN ('manual', 'round_robin', 'least_loaded')")
    with op.batch_alter_table('memberships') as batch:
        batch.add_column(sa.Column('weight', sa.Integer(), server_default=sa.text('100'), nullable=False))
        batch.add_column(sa.Column('capacity', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('sla_rules') as batch:
        batch.add_column(sa.Column('is_floor', sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table('sla_clocks') as batch:
        batch.add_column(sa.Column('level', sa.Integer(), nullable=True))
        batch.drop_constraint(op.f('ck_sla_clocks_target'), type_='check')
        batch.create_check_constraint(op.f('ck_sla_clocks_target'), TARGETS)


def downgrade() -> None:
    op.execute("DELETE FROM sla_clocks WHERE target NOT IN ('first_response', 'resolution')")
    with op.batch_alter_table('sla_clocks') as batch:
        batch.drop_constraint(op.f('ck_sla_clocks_target'), type_='check')
        batch.create_check_constraint(op.f('ck_sla_clocks_target'), "target IN ('first_response', 'resolution')")
        batch.drop_column('level')
    with op.batch_alter_table('sla_rules') as batch:
        batch.drop_column('is_floor')
    with op.batch_alter_table('memberships') as batch:
        for name in ('assigned_at', 'capacity', 'weight'):
            batch.drop_column(name)
    with op.batch_alter_table('teams') as batch:
        batch.drop_constraint(op.f('ck_teams_assignment'), type_='check')
        for name in ('calendar_id', 'escalates_to_id', 'department_id'):
            batch.drop_constraint(op.f(f'fk_teams_{name}'), type_='foreignkey')
        for name in ('unown_after_seconds', 'assignment', 'calendar_id', 'escalates_to_id', 'department_id'):
            batch.drop_column(name)
