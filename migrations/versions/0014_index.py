"""The index of articles in PostgreSQL"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0014_index'
down_revision = '0013_articles'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
BYTE_ORDER = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
VECTOR = sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql')


def upgrade() -> None:
    op.create_table('index_state',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('origin', sa.String(length=32), nullable=False),
    sa.Column('generation', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('version', sa.String(length=40), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_index_state'))
    )
    op.create_table('index_documents',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', BIG_ID, autoincrement=False, nullable=False),
    sa.Column('audiences', sa.Text(), nullable=False),
    sa.Column('vector', VECTOR, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('title_length', sa.Integer(), nullable=False),
    sa.Column('body_length', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('generation', 'id', name=op.f('pk_index_documents')),
    # Up to 8 kB a row stays in its page, uncompressed: ranking looks into hundreds of vectors a search.
    postgresql_with={'toast_tuple_target': 8160},
    )
    op.create_index('ix_index_documents_vector', 'index_documents', ['vector'], postgresql_using='gin',
                    postgresql_with={'fastupdate': 'off'})
    op.create_table('index_lexemes',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('lexeme', BYTE_ORDER, nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('generation', 'lexeme', name=op.f('pk_index_lexemes'))
    )
    op.create_table('index_words',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('word', BYTE_ORDER, nullable=False),
    sa.Column('audiences', sa.Text(), nullable=False),
    sa.Column('initial', sa.String(length=1), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('generation', 'word', 'audiences', name=op.f('pk_index_words'))
    )
    op.create_index('ix_index_words_alike', 'index_words', ['generation', 'initial', 'length'])


def downgrade() -> None:
    op.drop_table('index_words')
    op.drop_table('index_lexemes')
    op.drop_table('index_documents')
    op.drop_table('index_state')
