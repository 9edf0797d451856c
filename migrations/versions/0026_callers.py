"""A telephone number of a person, and what a request of the web form is about"""

import sqlalchemy as sa
from alembic import op

revision = '0026_callers'
down_revision = '0019_mail'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('users', sa.Column('phone', sa.String(length=40), server_default='', nullable=False))
    with op.batch_alter_table('form_requests') as batch:
        batch.add_column(sa.Column('request_type_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_form_requests_request_type_id'), 'request_types', ['request_type_id'], ['id'],
                                 ondelete='SET NULL')
        batch.create_index('ix_form_requests_created_at', ['created_at'])


def downgrade() -> None:
    with op.batch_alter_table('form_requests') as batch:
        batch.drop_index('ix_form_requests_created_at')
        batch.drop_constraint(op.f('fk_form_requests_request_type_id'), type_='foreignkey')
        batch.drop_column('request_type_id')
    op.drop_column('users', 'phone')
