"""Who has which page open now: on PostgreSQL a table that is not logged; on SQLite that is a file of its own"""

import sqlalchemy as sa
from alembic import op

revision = '0030_presences'
down_revision = '0033_asking'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.create_table(
            'presences',
            sa.Column('token', sa.Text(), nullable=False),
            sa.Column('place', sa.BigInteger(), nullable=False),
            sa.Column('side', sa.Text(), nullable=False),
            sa.Column('user_id', sa.BigInteger(), nullable=False),
            sa.Column('name', sa.Text(), nullable=False),
            sa.Column('doing', sa.Text(), nullable=False),
            sa.Column('process', sa.Text(), nullable=False),
            sa.Column('until', sa.Double(), nullable=False),
            sa.PrimaryKeyConstraint('token', 'place', 'side', name=op.f('pk_presences')),
            prefixes=['UNLOGGED'],
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_table('presences')
