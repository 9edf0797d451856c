"""What was imported, and what the sample made"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005_imports'
down_revision = '0004_figures'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', JSON, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_index(op.f('ix_imports_source'), 'imports', ['source'])
    op.create_table('imported_cases',
    sa.Column('ticket_id', BIG_ID, autoincrement=False, nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('case_ref', sa.String(length=120), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_imported_cases_import_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_imported_cases_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_imported_cases')),
    sa.UniqueConstraint('source', 'case_ref', name=op.f('uq_imported_cases_source_case_ref'))
    )
    op.create_index(op.f('ix_imported_cases_import_id'), 'imported_cases', ['import_id'])
    op.create_table('sample_rows',
    sa.Column('table_name', sa.String(length=60), nullable=False),
    sa.Column('row_key', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('table_name', 'row_key', name=op.f('pk_sample_rows'))
    )
    op.create_table('sample_loads',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_loads'))
    )


def downgrade() -> None:
    op.drop_table('sample_loads')
    op.drop_table('sample_rows')
    op.drop_index(op.f('ix_imported_cases_import_id'), table_name='imported_cases')
    op.drop_table('imported_cases')
    op.drop_index(op.f('ix_imports_source'), table_name='imports')
    op.drop_table('imports')
