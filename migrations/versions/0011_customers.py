"""Whether a ticket was filed for a customer, so that a rule of the promises can ask"""

import sqlalchemy as sa
from alembic import op

revision = '0011_customers'
down_revision = '0010_turns'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('tickets', sa.Column('is_from_customer', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('tickets', 'is_from_customer')
