"""Reply templates and macros"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0029_words'
down_revision = '0030_presences'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
REACHES = (('own', 'owner_id IS NOT NULL', ['owner_id']), ('team', 'team_id IS NOT NULL', ['team_id']),
           ('desk', 'owner_id IS NULL AND team_id IS NULL', []))


def upgrade() -> None:
    _kept('reply_templates', sa.Column('keyword', sa.String(length=30), nullable=False))
    for name, condition, columns in REACHES:
        where = sa.text(f'is_active AND {condition}')
        op.create_index(f'ix_reply_templates_{name}', 'reply_templates', [*columns, 'keyword'], unique=True,
                        sqlite_where=where, postgresql_where=where)
    _kept(
        'macros',
        sa.Column('says', sa.String(length=5), server_default='', nullable=False),
        sa.Column('template_id', sa.Integer(), nullable=True),
        sa.Column('steps', JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column('goes_on', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(['template_id'], ['reply_templates.id'], name=op.f('fk_macros_template_id'),
                                ondelete='SET NULL'),
        sa.CheckConstraint("says IN ('', 'reply', 'note')", name=op.f('ck_macros_says')),
    )
    op.create_index(op.f('ix_macros_template_id'), 'macros', ['template_id'])


def _kept(table, *more) -> None:
    """What both tables have."""
    op.create_table(
        table,
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('owner_id', sa.Integer(), nullable=True),
        sa.Column('team_id', sa.Integer(), nullable=True),
        sa.Column('names', JSON, nullable=False),
        sa.Column('bodies', JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column('request_types', JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column('position', sa.Integer(), server_default=sa.text('100'), nullable=False),
        sa.Column('is_active', sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column('used_count', sa.Integer(), server_default=sa.text('0'), nullable=False),
        sa.Column('last_used_at', MOMENT, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        *more,
        sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f(f'fk_{table}_owner_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f(f'fk_{table}_team_id'), ondelete='CASCADE'),
        sa.CheckConstraint('owner_id IS NULL OR team_id IS NULL', name=op.f(f'ck_{table}_one_reach')),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    )
    op.create_index(op.f(f'ix_{table}_owner_id'), table, ['owner_id'])
    op.create_index(op.f(f'ix_{table}_team_id'), table, ['team_id'])


def downgrade() -> None:
    op.drop_table('macros')
    op.drop_table('reply_templates')
