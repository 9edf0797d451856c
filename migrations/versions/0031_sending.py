"""Replies that can still be taken back, what a team wants in a reply, and how each person likes to send"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0031_sending'
down_revision = '0029_words'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.add_column('users', sa.Column('undo_seconds', sa.Integer(), server_default=sa.text('10'), nullable=False))
    op.add_column('users', sa.Column('checks_off', JSON, server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        'reply_checklist_items',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('team_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('texts', JSON, nullable=False),
        sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_reply_checklist_items_team_id'),
                                ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_checklist_items')),
    )
    op.create_index('ix_reply_checklist_items_team', 'reply_checklist_items', ['team_id', 'position'])
    _outgoing()


def _outgoing() -> None:
    op.create_table(
        'outgoing_replies',
        sa.Column('id', BIG_ID, nullable=False),
        sa.Column('ticket_id', BIG_ID, nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('then', sa.String(length=10), nullable=False),
        sa.Column('reason', sa.String(length=40), nullable=True),
        sa.Column('until', MOMENT, nullable=True),
        sa.Column('submission', sa.String(length=64), nullable=True),
        sa.Column('seen_message_id', BIG_ID, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('send_at', MOMENT, nullable=False),
        sa.Column('state', sa.String(length=10), server_default='waiting', nullable=False),
        sa.Column('why', sa.Text(), server_default='', nullable=False),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'back', 'done')", name=op.f('ck_outgoing_replies_state')),
        sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_outgoing_replies_author_id')),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_outgoing_replies_ticket_id'),
                                ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_replies')),
        sa.UniqueConstraint('submission', name=op.f('uq_outgoing_replies_submission')),
    )
    op.create_index(op.f('ix_outgoing_replies_author_id'), 'outgoing_replies', ['author_id'])
    op.create_index(op.f('ix_outgoing_replies_ticket_id'), 'outgoing_replies', ['ticket_id'])
    op.create_index('ix_outgoing_replies_due', 'outgoing_replies', ['send_at'],
                    sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table(
        'outgoing_files',
        sa.Column('reply_id', BIG_ID, nullable=False),
        sa.Column('file_id', BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(['reply_id'], ['outgoing_replies.id'], name=op.f('fk_outgoing_files_reply_id'),
                                ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_outgoing_files_file_id')),
        sa.PrimaryKeyConstraint('reply_id', 'file_id', name=op.f('pk_outgoing_files')),
    )
    op.create_index(op.f('ix_outgoing_files_file_id'), 'outgoing_files', ['file_id'])


def downgrade() -> None:
    for table in ('outgoing_files', 'outgoing_replies', 'reply_checklist_items'):
        op.drop_table(table)
    op.drop_column('users', 'checks_off')
    op.drop_column('users', 'undo_seconds')
