"""The index of articles in PostgreSQL as postings"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018_postings'
down_revision = '0017_gaps'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
BYTE_ORDER = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
VECTOR = sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql')


def upgrade() -> None:
    # Nothing is carried over: the index says another version now, so the desk builds it anew from the articles.
    op.drop_table('index_lexemes')
    op.drop_table('index_documents')
    op.execute('DELETE FROM index_words')
    op.create_table('index_documents', *documents(sa.Column('lexemes', sa.Text(), nullable=False)))
    op.create_table('index_postings',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('lexeme', BYTE_ORDER, nullable=False),
    sa.Column('block', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('ids', sa.LargeBinary(), nullable=False),
    sa.Column('impacts', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('generation', 'lexeme', 'block', name=op.f('pk_index_postings')),
    # Up to 8 kB a row stays in its page, uncompressed: a search reads hundreds of them.
    postgresql_with={'toast_tuple_target': 8160},
    )


def downgrade() -> None:
    op.drop_table('index_postings')
    op.drop_table('index_documents')
    op.execute('DELETE FROM index_words')
    op.create_table('index_documents', *documents(sa.Column('vector', VECTOR, nullable=False)),
                    postgresql_with={'toast_tuple_target': 8160})
    op.create_index('ix_index_documents_vector', 'index_documents', ['vector'], postgresql_using='gin',
                    postgresql_with={'fastupdate': 'off'})
    op.create_table('index_lexemes',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('lexeme', BYTE_ORDER, nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('generation', 'lexeme', name=op.f('pk_index_lexemes'))
    )


def documents(stems: sa.Column) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('id', BIG_ID, autoincrement=False, nullable=False),
        sa.Column('audiences', sa.Text(), nullable=False),
        stems,
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('title_length', sa.Integer(), nullable=False),
        sa.Column('body_length', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('generation', 'id', name=op.f('pk_index_documents')),
    ]
