"""The words of tickets, for searching them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015_ticket_texts'
down_revision = '0014_index'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
VECTOR = sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql')


def upgrade() -> None:
    op.create_table('ticket_texts',
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('public', VECTOR, nullable=True),
    sa.Column('internal', VECTOR, nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_texts_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_texts'))
    )
    if op.get_bind().dialect.name == 'sqlite':
        # The tokens are ours, parted by spaces: of the tokenizers only this one leaves letters beyond ASCII alone.
        op.execute("CREATE VIRTUAL TABLE fts_tickets USING fts5(public, internal, tokenize='ascii')")
        op.execute("CREATE TRIGGER ticket_texts_removed AFTER DELETE ON ticket_texts "
                   "BEGIN DELETE FROM fts_tickets WHERE rowid = OLD.ticket_id; END")
    op.create_index('ix_ticket_texts_public', 'ticket_texts', ['public'], postgresql_using='gin')
    op.create_index('ix_ticket_texts_internal', 'ticket_texts', ['internal'], postgresql_using='gin')
    op.create_index('ix_tickets_assigned', 'tickets', ['assignee_id', 'id'])
    op.create_index('ix_ticket_access_user_id', 'ticket_access', ['user_id'],
                    sqlite_where=sa.text('user_id IS NOT NULL'), postgresql_where=sa.text('user_id IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_ticket_access_user_id', 'ticket_access')
    op.drop_index('ix_tickets_assigned', 'tickets')
    op.drop_table('ticket_texts')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE fts_tickets')
