"""Mail that is gathered"""

import sqlalchemy as sa
from alembic import op

revision = '0008_bundles'
down_revision = '0007_absences'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
GATHERED = sa.text('bundle_id IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('notifications') as batch:
        batch.add_column(sa.Column('bundle_id', BIG_ID, nullable=True))
        batch.create_foreign_key(op.f('fk_notifications_bundle_id'), 'outbox', ['bundle_id'], ['id'],
                                 ondelete='SET NULL')
    op.create_index('ix_notifications_bundle', 'notifications', ['bundle_id'],
                    sqlite_where=GATHERED, postgresql_where=GATHERED)


def downgrade() -> None:
    op.drop_index('ix_notifications_bundle', table_name='notifications')
    with op.batch_alter_table('notifications') as batch:
        batch.drop_constraint(op.f('fk_notifications_bundle_id'), type_='foreignkey')
        batch.drop_column('bundle_id')
