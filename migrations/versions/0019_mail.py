"""Mailboxes and what came in by mail, clients, ratings, mentions, how people want to be told, own wordings"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0019_mail'
down_revision = '0018_postings'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
TABLES = ('ticket_ccs', 'ratings', 'mentions', 'mailed_messages', 'ticket_proposals', 'notification_mutes',
          'inbound_mails', 'form_requests', 'mailboxes', 'notification_rhythms', 'notification_choices', 'wordings',
          'organisations')


def upgrade() -> None:
    op.create_table('organisations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('domains', JSON, server_default=sa.text("'[]'"), nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.Column('is_active', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisations_slug'))
    )
    op.create_table('wordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wordings')),
    sa.UniqueConstraint('name', 'language', name=op.f('uq_wordings_name_language'))
    )
    op.create_table('notification_choices',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=30), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.CheckConstraint("channel IN ('app', 'mail')", name=op.f('ck_notification_choices_channel')),
    sa.CheckConstraint("way IN ('now', 'digest', 'never')", name=op.f('ck_notification_choices_way')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notification_choices_user_id'),
        ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'topic', 'channel', name=op.f('pk_notification_choices'))
    )
    op.create_table('notification_rhythms',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('digest_at', JSON, server_default=sa.text("'[]'"), nullable=False),
    sa.Column('days', JSON, server_default=sa.text("'[]'"), nullable=False),
    sa.Column('quiet_from', sa.Time(), nullable=True),
    sa.Column('quiet_to', sa.Time(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notification_rhythms_user_id'),
        ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_notification_rhythms'))
    )
    op.create_table('mailboxes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('aliases', JSON, server_default=sa.text("'[]'"), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('is_active', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('host', sa.String(length=255), server_default='', nullable=False),
    sa.Column('port', sa.Integer(), server_default=sa.text('993'), nullable=False),
    sa.Column('security', sa.String(length=10), server_default='tls', nullable=False),
    sa.Column('sign_in', sa.String(length=10), server_default='password', nullable=False),
    sa.Column('user', sa.String(length=254), server_default='', nullable=False),
    sa.Column('secrets', sa.Text(), server_default='', nullable=False),
    sa.Column('about', JSON, server_default=sa.text("'{}'"), nullable=False),
    sa.Column('folder', sa.String(length=500), server_default='INBOX', nullable=False),
    sa.Column('afterwards', sa.String(length=10), server_default='mark', nullable=False),
    sa.Column('moved_to', sa.String(length=255), server_default='', nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('request_type_id', sa.Integer(), nullable=True),
    sa.Column('trusted_hop', sa.String(length=255), server_default='', nullable=False),
    sa.Column('uid_validity', sa.BigInteger(), nullable=True),
    sa.Column('last_uid', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=True),
    sa.Column('well_at', MOMENT, nullable=True),
    sa.Column('failures', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('retry_at', MOMENT, nullable=True),
    sa.Column('last_error', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("afterwards IN ('mark', 'move', 'delete')", name=op.f('ck_mailboxes_afterwards')),
    sa.CheckConstraint("security IN ('tls', 'starttls', 'none')", name=op.f('ck_mailboxes_security')),
    sa.CheckConstraint("sign_in IN ('password', 'google', 'microsoft')", name=op.f('ck_mailboxes_sign_in')),
    sa.CheckConstraint("way IN ('imap', 'folder', 'pipe')", name=op.f('ck_mailboxes_way')),
    sa.ForeignKeyConstraint(['request_type_id'], ['request_types.id'], name=op.f('fk_mailboxes_request_type_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_mailboxes_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailboxes')),
    sa.UniqueConstraint('address', name=op.f('uq_mailboxes_address'))
    )
    op.create_table('form_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=5), server_default='', nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('confirmed_at', MOMENT, nullable=True),
    sa.Column('ticket_id', BIG_ID, nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_form_requests_ticket_id'),
        ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_requests')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_form_requests_token_hash'))
    )
    op.create_index(op.f('ix_form_requests_email'), 'form_requests', ['email'])
    op.create_index(op.f('ix_form_requests_expires_at'), 'form_requests', ['expires_at'])
    op.create_table('inbound_mails',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('mailbox_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('file_id', BIG_ID, nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('came_at', MOMENT, nullable=False),
    sa.Column('state', sa.String(length=10), server_default='waiting', nullable=False),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('retry_at', MOMENT, nullable=False),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=40), server_default='', nullable=False),
    sa.Column('said', sa.Text(), server_default='', nullable=False),
    sa.Column('message_id', sa.String(length=500), server_default='', nullable=False),
    sa.Column('sender', sa.String(length=254), server_default='', nullable=False),
    sa.Column('sender_name', sa.String(length=200), server_default='', nullable=False),
    sa.Column('subject', sa.String(length=300), server_default='', nullable=False),
    sa.Column('ticket_id', BIG_ID, nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'taken', 'held', 'dropped')", name=op.f('ck_inbound_mails_state')),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_inbound_mails_file_id')),
    sa.ForeignKeyConstraint(['mailbox_id'], ['mailboxes.id'], name=op.f('fk_inbound_mails_mailbox_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['users.id'], name=op.f('fk_inbound_mails_settled_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_inbound_mails_ticket_id'),
        ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_mails')),
    sa.UniqueConstraint('mailbox_id', 'key', name=op.f('uq_inbound_mails_mailbox_id_key'))
    )
    op.create_index(op.f('ix_inbound_mails_file_id'), 'inbound_mails', ['file_id'])
    op.create_index('ix_inbound_mails_message_id', 'inbound_mails', ['message_id'])
    op.create_index('ix_inbound_mails_sender', 'inbound_mails', ['sender', 'id'])
    op.create_index('ix_inbound_mails_state', 'inbound_mails', ['state', 'id'])
    op.create_index(op.f('ix_inbound_mails_ticket_id'), 'inbound_mails', ['ticket_id'])
    op.create_index('ix_inbound_mails_waiting', 'inbound_mails', ['retry_at', 'id'],
        sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('notification_mutes',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('since', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_notification_mutes_ticket_id'),
        ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notification_mutes_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'ticket_id', name=op.f('pk_notification_mutes'))
    )
    op.create_index(op.f('ix_notification_mutes_ticket_id'), 'notification_mutes', ['ticket_id'])
    op.create_table('ticket_proposals',
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('other_id', BIG_ID, nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_ticket_proposals_decided_by_id')),
    sa.ForeignKeyConstraint(['other_id'], ['tickets.id'], name=op.f('fk_ticket_proposals_other_id'),
        ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_proposals_ticket_id'),
        ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_proposals'))
    )
    op.create_index(op.f('ix_ticket_proposals_other_id'), 'ticket_proposals', ['other_id'])
    op.create_table('mailed_messages',
    sa.Column('message_id', BIG_ID, nullable=False),
    sa.Column('mail_id', BIG_ID, nullable=False),
    sa.Column('html', sa.Text(), server_default='', nullable=False),
    sa.Column('folded', sa.Text(), server_default='', nullable=False),
    sa.Column('folded_html', sa.Text(), server_default='', nullable=False),
    sa.Column('automatic', sa.String(length=20), server_default='', nullable=False),
    sa.Column('proof', sa.String(length=10), server_default='', nullable=False),
    sa.Column('is_unsent', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.CheckConstraint("proof IN ('', 'proven', 'failed')", name=op.f('ck_mailed_messages_proof')),
    sa.ForeignKeyConstraint(['mail_id'], ['inbound_mails.id'], name=op.f('fk_mailed_messages_mail_id')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_mailed_messages_message_id'),
        ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_mailed_messages'))
    )
    op.create_index(op.f('ix_mailed_messages_mail_id'), 'mailed_messages', ['mail_id'])
    op.create_table('mentions',
    sa.Column('message_id', BIG_ID, nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_mentions_message_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mentions_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('message_id', 'user_id', name=op.f('pk_mentions'))
    )
    op.create_index(op.f('ix_mentions_user_id'), 'mentions', ['user_id'])
    op.create_table('ratings',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('resolution_id', BIG_ID, nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('agent_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('answered_at', MOMENT, nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('comment', sa.Text(), server_default='', nullable=False),
    sa.Column('given_by', sa.String(length=10), server_default='', nullable=False),
    sa.Column('is_low', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('followed_up_at', MOMENT, nullable=True),
    sa.Column('followed_up_by_id', sa.Integer(), nullable=True),
    sa.Column('follow_up', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("given_by IN ('', 'mail', 'portal')", name=op.f('ck_ratings_given_by')),
    sa.CheckConstraint('score IS NULL OR score BETWEEN 1 AND 5', name=op.f('ck_ratings_score')),
    sa.ForeignKeyConstraint(['agent_id'], ['users.id'], name=op.f('fk_ratings_agent_id')),
    sa.ForeignKeyConstraint(['followed_up_by_id'], ['users.id'], name=op.f('fk_ratings_followed_up_by_id')),
    sa.ForeignKeyConstraint(['resolution_id'], ['resolutions.id'], name=op.f('fk_ratings_resolution_id'),
        ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_ratings_team_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ratings_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ratings')),
    sa.UniqueConstraint('resolution_id', name=op.f('uq_ratings_resolution_id'))
    )
    op.create_index(op.f('ix_ratings_agent_id'), 'ratings', ['agent_id'])
    op.create_index('ix_ratings_answered', 'ratings', ['answered_at'])
    op.create_index('ix_ratings_asked', 'ratings', ['asked_at'])
    op.create_index('ix_ratings_open', 'ratings', ['team_id', 'answered_at'],
                    sqlite_where=sa.text('is_low AND followed_up_at IS NULL'),
                    postgresql_where=sa.text('is_low AND followed_up_at IS NULL'))
    op.create_index(op.f('ix_ratings_team_id'), 'ratings', ['team_id'])
    op.create_index(op.f('ix_ratings_ticket_id'), 'ratings', ['ticket_id'])
    op.create_table('ticket_ccs',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), server_default='', nullable=False),
    sa.Column('mail_id', BIG_ID, nullable=True),
    sa.Column('state', sa.String(length=10), server_default='waiting', nullable=False),
    sa.Column('named_at', MOMENT, nullable=False),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'approved', 'refused')", name=op.f('ck_ticket_ccs_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_ticket_ccs_decided_by_id')),
    sa.ForeignKeyConstraint(['mail_id'], ['inbound_mails.id'], name=op.f('fk_ticket_ccs_mail_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_ccs_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_ccs')),
    sa.UniqueConstraint('ticket_id', 'address', name=op.f('uq_ticket_ccs_ticket_id_address'))
    )
    op.create_index('ix_resolutions_at', 'resolutions', ['at'])
    op.add_column('attachments', sa.Column('content_id', sa.String(length=255), server_default='', nullable=False))
    op.add_column('messages', sa.Column('format', sa.String(length=10), server_default='markdown', nullable=False))
    with op.batch_alter_table('users') as batch:
        batch.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('bounced_at', MOMENT, nullable=True))
        batch.add_column(sa.Column('bounce_reason', sa.String(length=300), server_default='', nullable=False))
        batch.add_column(sa.Column('focus_until', MOMENT, nullable=True))
        batch.create_foreign_key(op.f('fk_users_organisation_id'), 'organisations', ['organisation_id'], ['id'])
    op.create_index(op.f('ix_users_organisation_id'), 'users', ['organisation_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_users_organisation_id'), table_name='users')
    with op.batch_alter_table('users') as batch:
        batch.drop_constraint(op.f('fk_users_organisation_id'), type_='foreignkey')
        for column in ('focus_until', 'bounce_reason', 'bounced_at', 'organisation_id'):
            batch.drop_column(column)
    op.drop_column('messages', 'format')
    op.drop_column('attachments', 'content_id')
    op.drop_index('ix_resolutions_at', table_name='resolutions')
    for table in TABLES:
        op.drop_table(table)
