"""Calendars, policies, clocks, spans"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002_clocks'
down_revision = '0001_spine'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sla_policies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('names', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_policies')),
    sa.UniqueConstraint('slug', name=op.f('uq_sla_policies_slug'))
    )
    op.create_table('work_calendars',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('names', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_calendars')),
    sa.UniqueConstraint('slug', name=op.f('uq_work_calendars_slug'))
    )
    op.create_table('calendar_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('week', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('country', sa.String(length=10), nullable=True),
    sa.Column('overrides', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_calendar_versions_by_id')),
    sa.ForeignKeyConstraint(['calendar_id'], ['work_calendars.id'], name=op.f('fk_calendar_versions_calendar_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_versions')),
    sa.UniqueConstraint('calendar_id', 'valid_from', name=op.f('uq_calendar_versions_calendar_id_valid_from'))
    )
    op.create_table('sla_policy_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('targets', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('reopen_floor_percent', sa.Integer(), server_default=sa.text('25'), nullable=False),
    sa.Column('actions', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), server_default=sa.text("'[]'"), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_sla_policy_versions_by_id')),
    sa.ForeignKeyConstraint(['calendar_id'], ['work_calendars.id'], name=op.f('fk_sla_policy_versions_calendar_id')),
    sa.ForeignKeyConstraint(['policy_id'], ['sla_policies.id'], name=op.f('fk_sla_policy_versions_policy_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_policy_versions')),
    sa.UniqueConstraint('policy_id', 'valid_from', name=op.f('uq_sla_policy_versions_policy_id_valid_from'))
    )
    with op.batch_alter_table('sla_policy_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sla_policy_versions_calendar_id'), ['calendar_id'], unique=False)

    op.create_table('sla_rule_lists',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_sla_rule_lists_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_rule_lists')),
    sa.UniqueConstraint('valid_from', name=op.f('uq_sla_rule_lists_valid_from'))
    )
    op.create_table('sla_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('conditions', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('names', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['sla_rule_lists.id'], name=op.f('fk_sla_rules_list_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['policy_id'], ['sla_policies.id'], name=op.f('fk_sla_rules_policy_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_rules'))
    )
    with op.batch_alter_table('sla_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sla_rules_list_id'), ['list_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sla_rules_policy_id'), ['policy_id'], unique=False)

    op.create_table('spans',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('visit', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('pauses', sa.Boolean(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['assignee_id'], ['users.id'], name=op.f('fk_spans_assignee_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_spans_team_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_spans_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spans'))
    )
    with op.batch_alter_table('spans', schema=None) as batch_op:
        batch_op.create_index('ix_spans_ticket', ['ticket_id', 'id'], unique=False)

    op.create_table('sla_clocks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('policy_version_id', sa.Integer(), nullable=False),
    sa.Column('calendar_version_id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=True),
    sa.Column('allowed_seconds', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('terms_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_seconds', sa.Integer(), nullable=False),
    sa.Column('late_paused_seconds', sa.Integer(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_seconds', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=6), nullable=True),
    sa.Column('breached_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_silent', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('announced_share', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("outcome IN ('met', 'missed')", name=op.f('ck_sla_clocks_outcome')),
    sa.CheckConstraint("target IN ('first_response', 'resolution')", name=op.f('ck_sla_clocks_target')),
    sa.ForeignKeyConstraint(['calendar_version_id'], ['calendar_versions.id'], name=op.f('fk_sla_clocks_calendar_version_id')),
    sa.ForeignKeyConstraint(['policy_version_id'], ['sla_policy_versions.id'], name=op.f('fk_sla_clocks_policy_version_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['sla_rules.id'], name=op.f('fk_sla_clocks_rule_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_sla_clocks_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_clocks')),
    sa.UniqueConstraint('ticket_id', 'target', 'cycle', name=op.f('uq_sla_clocks_ticket_id_target_cycle'))
    )
    with op.batch_alter_table('sla_clocks', schema=None) as batch_op:
        batch_op.create_index('ix_sla_clocks_next', ['next_at', 'id'], unique=False, sqlite_where=sa.text('next_at IS NOT NULL'), postgresql_where=sa.text('next_at IS NOT NULL'))

    op.create_table('sla_firings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('clock_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fired_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_late', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.CheckConstraint("state IN ('fired', 'superseded')", name=op.f('ck_sla_firings_state')),
    sa.ForeignKeyConstraint(['clock_id'], ['sla_clocks.id'], name=op.f('fk_sla_firings_clock_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sla_firings')),
    sa.UniqueConstraint('clock_id', 'share', name=op.f('uq_sla_firings_clock_id_share'))
    )


def downgrade() -> None:
    op.drop_table('sla_firings')
    with op.batch_alter_table('sla_clocks', schema=None) as batch_op:
        batch_op.drop_index('ix_sla_clocks_next', sqlite_where=sa.text('next_at IS NOT NULL'), postgresql_where=sa.text('next_at IS NOT NULL'))

    op.drop_table('sla_clocks')
    with op.batch_alter_table('spans', schema=None) as batch_op:
        batch_op.drop_index('ix_spans_ticket')

    op.drop_table('spans')
    with op.batch_alter_table('sla_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sla_rules_policy_id'))
        batch_op.drop_index(batch_op.f('ix_sla_rules_list_id'))

    op.drop_table('sla_rules')
    op.drop_table('sla_rule_lists')
    with op.batch_alter_table('sla_policy_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sla_policy_versions_calendar_id'))

    op.drop_table('sla_policy_versions')
    op.drop_table('calendar_versions')
    op.drop_table('work_calendars')
    op.drop_table('sla_policies')
