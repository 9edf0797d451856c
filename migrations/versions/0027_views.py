"""Whose turn it is to speak on a ticket; saved views of lists, and how each person likes them laid out"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0027_views'
down_revision = '0026_callers'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
ACTIVE = "status IN ('new', 'open', 'pending')"
LAST_REPLY = """SELECT max(events.occurred_at) FROM events
    WHERE subject_type = 'ticket' AND subject_id = tickets.id AND kind = 'ticket.replied'"""
ANSWER_SINCE = """SELECT min(events.occurred_at) FROM events
    WHERE subject_type = 'ticket' AND subject_id = tickets.id AND kind = 'ticket.answered'
    AND events.occurred_at > tickets.awaits_since"""


def upgrade() -> None:
    op.add_column('tickets', sa.Column('awaits', sa.String(length=10), nullable=True))
    op.add_column('tickets', sa.Column('awaits_since', MOMENT, nullable=True))
    _say_whose_turn()
    under_way = sa.text("status NOT IN ('resolved', 'closed', 'cancelled')")
    op.create_index('ix_tickets_queues', 'tickets', ['queue_at', 'id', 'team_id'], sqlite_where=under_way,
                    postgresql_where=under_way)
    _make_views()
    op.create_table(
        'list_layouts',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('columns', JSON, nullable=False),
        sa.Column('density', sa.String(length=12), nullable=False),
        sa.Column('view_id', sa.Integer(), nullable=True),
        sa.CheckConstraint("density IN ('comfortable', 'compact')", name=op.f('ck_list_layouts_density')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_list_layouts_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['view_id'], ['saved_views.id'], name=op.f('fk_list_layouts_view_id'),
                                ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_list_layouts')),
    )
    op.create_index(op.f('ix_list_layouts_view_id'), 'list_layouts', ['view_id'])


def _make_views() -> None:
    op.create_table(
        'saved_views',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('owner_id', sa.Integer(), nullable=False),
        sa.Column('team_id', sa.Integer(), nullable=True),
        sa.Column('scope', sa.String(length=12), nullable=False),
        sa.Column('args', JSON, nullable=False),
        sa.Column('columns', JSON, nullable=False),
        sa.Column('density', sa.String(length=12), nullable=False),
        sa.Column('made_at', MOMENT, nullable=False),
        sa.CheckConstraint("scope IN ('all', 'mine', 'escalated')", name=op.f('ck_saved_views_scope')),
        sa.CheckConstraint("density IN ('comfortable', 'compact')", name=op.f('ck_saved_views_density')),
        sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_saved_views_owner_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_saved_views_team_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views')),
    )
    op.create_index(op.f('ix_saved_views_owner_id'), 'saved_views', ['owner_id'])
    op.create_index(op.f('ix_saved_views_team_id'), 'saved_views', ['team_id'])


def _say_whose_turn() -> None:
    """Of what is under way: since the last reply the requester is waited for, unless an answer came after it."""
    op.execute(f"UPDATE tickets SET awaits = 'requester', awaits_since = ({LAST_REPLY}) WHERE {ACTIVE}")  # noqa: S608
    op.execute(f"UPDATE tickets SET awaits = 'us', awaits_since = ({ANSWER_SINCE})"  # noqa: S608
               f" WHERE {ACTIVE} AND EXISTS ({ANSWER_SINCE.replace('min(events.occurred_at)', '1')})")
    op.execute(f"UPDATE tickets SET awaits = 'us', awaits_since = filed_at WHERE {ACTIVE} AND awaits_since IS NULL")  # noqa: S608


def downgrade() -> None:
    op.drop_table('list_layouts')
    op.drop_table('saved_views')
    op.drop_index('ix_tickets_queues', table_name='tickets')
    op.drop_column('tickets', 'awaits_since')
    op.drop_column('tickets', 'awaits')
