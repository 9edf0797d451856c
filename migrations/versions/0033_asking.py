"""The words by which request types are known; troubles announced to everybody, and whom they affect"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0033_asking'
down_revision = '0027_views'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
STANDING = sa.text('ended_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'type_words',
        sa.Column('term', sa.String(length=48), nullable=False),
        sa.Column('request_type_id', sa.Integer(), nullable=False),
        sa.Column('tickets', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['request_type_id'], ['request_types.id'],
                                name=op.f('fk_type_words_request_type_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('term', 'request_type_id', name=op.f('pk_type_words')),
    )
    op.create_index(op.f('ix_type_words_request_type_id'), 'type_words', ['request_type_id'])
    op.create_table(
        'known_issues',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('titles', JSON, nullable=False),
        sa.Column('texts', JSON, nullable=False),
        sa.Column('is_for_customers', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('since', MOMENT, nullable=False),
        sa.Column('expected_at', MOMENT, nullable=True),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_known_issues_by_id')),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_known_issues_ticket_id'),
                                ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_known_issues')),
    )
    op.create_index(op.f('ix_known_issues_ticket_id'), 'known_issues', ['ticket_id'])
    op.create_index(op.f('ix_known_issues_ended_at'), 'known_issues', ['ended_at'])
    op.create_index('ix_known_issues_standing', 'known_issues', ['ticket_id'], unique=True, sqlite_where=STANDING,
                    postgresql_where=STANDING)
    op.create_table(
        'affected',
        sa.Column('known_issue_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('since', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['known_issue_id'], ['known_issues.id'], name=op.f('fk_affected_known_issue_id'),
                                ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_affected_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('known_issue_id', 'user_id', name=op.f('pk_affected')),
    )
    op.create_index(op.f('ix_affected_user_id'), 'affected', ['user_id'])


def downgrade() -> None:
    for table in ('affected', 'known_issues', 'type_words'):
        op.drop_table(table)
