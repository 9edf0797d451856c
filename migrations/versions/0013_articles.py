"""Articles, what the index has to take in, searches, articles on tickets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013_articles'
down_revision = '0012_audit'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('article_categories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('names', JSON, nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['article_categories.id'], name=op.f('fk_article_categories_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_categories')),
    sa.UniqueConstraint('slug', name=op.f('uq_article_categories_slug'))
    )
    op.create_table('index_changes',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('document_id', BIG_ID, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_index_changes'))
    )
    op.create_table('synonym_groups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('words', JSON, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_synonym_groups'))
    )
    op.create_table('articles',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('family_id', BIG_ID, nullable=True),
    sa.Column('translated_id', BIG_ID, nullable=True),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('visibility', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.Column('latest_id', BIG_ID, nullable=True),
    sa.Column('published_id', BIG_ID, nullable=True),
    sa.Column('scheduled_id', BIG_ID, nullable=True),
    sa.Column('publish_at', MOMENT, nullable=True),
    sa.Column('published_at', MOMENT, nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.Column('search_text', sa.Text(), server_default='', nullable=False),
    sa.Column('origin', sa.String(length=60), server_default='live', nullable=False),
    sa.Column('source_ref', sa.String(length=300), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'in_review', 'published', 'archived')", name=op.f('ck_articles_state')),
    sa.CheckConstraint("visibility IN ('public', 'staff', 'teams')", name=op.f('ck_articles_visibility')),
    sa.ForeignKeyConstraint(['category_id'], ['article_categories.id'], name=op.f('fk_articles_category_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_articles_created_by_id')),
    sa.ForeignKeyConstraint(['family_id'], ['articles.id'], name=op.f('fk_articles_family_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_articles_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_articles')),
    sa.UniqueConstraint('family_id', 'language', name=op.f('uq_articles_family_id_language')),
    sa.UniqueConstraint('slug', name=op.f('uq_articles_slug'))
    )
    op.create_index('ix_articles_category_id', 'articles', ['category_id', 'state'])
    op.create_index(op.f('ix_articles_origin'), 'articles', ['origin'])
    op.create_index('ix_articles_owner_id', 'articles', ['owner_id', 'review_on'])
    op.create_index('ix_articles_publish_at', 'articles', ['publish_at'],
                    sqlite_where=sa.text('publish_at IS NOT NULL'), postgresql_where=sa.text('publish_at IS NOT NULL'))
    op.create_index('ix_articles_review_on', 'articles', ['review_on'])
    op.create_index('ix_articles_state', 'articles', ['state', 'updated_at', 'id'])
    op.create_table('searches',
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('folded', sa.String(length=300), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('shown_for', sa.String(length=300), nullable=True),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('shown', JSON, nullable=False),
    sa.Column('visitor', sa.String(length=32), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('is_staff', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('follows', sa.String(length=32), nullable=True),
    sa.Column('clicked_id', BIG_ID, nullable=True),
    sa.Column('clicked_place', sa.Integer(), nullable=True),
    sa.Column('clicked_at', MOMENT, nullable=True),
    sa.Column('solved_at', MOMENT, nullable=True),
    sa.Column('ticket_id', BIG_ID, nullable=True),
    sa.CheckConstraint("place IN ('page', 'typing', 'filing', 'ticket')", name=op.f('ck_searches_place')),
    sa.ForeignKeyConstraint(['person_id'], ['users.id'], name=op.f('fk_searches_person_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_searches'))
    )
    op.create_index('ix_searches_at', 'searches', ['at'])
    op.create_index('ix_searches_clicked_id', 'searches', ['clicked_id', 'at'])
    op.create_index('ix_searches_person_id', 'searches', ['person_id', 'at'],
                    sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
    op.create_index('ix_searches_ticket_id', 'searches', ['ticket_id'])
    op.create_index('ix_searches_visitor', 'searches', ['visitor', 'at'],
                    sqlite_where=sa.text('visitor IS NOT NULL'), postgresql_where=sa.text('visitor IS NOT NULL'))
    op.create_table('article_files',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('file_id', BIG_ID, nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['users.id'], name=op.f('fk_article_files_added_by_id')),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_files_article_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_article_files_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_files'))
    )
    op.create_index(op.f('ix_article_files_article_id'), 'article_files', ['article_id'])
    op.create_index(op.f('ix_article_files_file_id'), 'article_files', ['file_id'])
    op.create_table('article_reads',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('search_token', sa.String(length=32), nullable=True),
    sa.Column('is_staff', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_reads_article_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_reads'))
    )
    op.create_index('ix_article_reads_article', 'article_reads', ['article_id', 'at'])
    op.create_table('article_tags',
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_tags_article_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('article_id', 'name', name=op.f('pk_article_tags'))
    )
    op.create_index(op.f('ix_article_tags_name'), 'article_tags', ['name'])
    op.create_table('article_teams',
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_teams_article_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_article_teams_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('article_id', 'team_id', name=op.f('pk_article_teams'))
    )
    op.create_index(op.f('ix_article_teams_team_id'), 'article_teams', ['team_id'])
    op.create_table('article_versions',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('plain', sa.Text(), nullable=False),
    sa.Column('note', sa.String(length=200), server_default='', nullable=False),
    sa.Column('is_minor', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_versions_article_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_article_versions_author_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_versions')),
    sa.UniqueConstraint('article_id', 'number', name=op.f('uq_article_versions_article_id_number'))
    )
    with op.batch_alter_table('articles') as batch:
        batch.create_foreign_key(op.f('fk_articles_latest_id'), 'article_versions', ['latest_id'], ['id'])
        batch.create_foreign_key(op.f('fk_articles_published_id'), 'article_versions', ['published_id'], ['id'])
        batch.create_foreign_key(op.f('fk_articles_scheduled_id'), 'article_versions', ['scheduled_id'], ['id'])
        batch.create_foreign_key(op.f('fk_articles_translated_id'), 'article_versions', ['translated_id'], ['id'])
    op.create_table('article_uses',
    sa.Column('version_id', BIG_ID, nullable=False),
    sa.Column('article_file_id', BIG_ID, nullable=False),
    sa.ForeignKeyConstraint(['article_file_id'], ['article_files.id'], name=op.f('fk_article_uses_article_file_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['article_versions.id'], name=op.f('fk_article_uses_version_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('version_id', 'article_file_id', name=op.f('pk_article_uses'))
    )
    op.create_index(op.f('ix_article_uses_article_file_id'), 'article_uses', ['article_file_id'])
    op.create_table('article_votes',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('version_id', BIG_ID, nullable=False),
    sa.Column('voter', sa.String(length=64), nullable=False),
    sa.Column('is_helpful', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=True),
    sa.Column('comment', sa.Text(), server_default='', nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_votes_article_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['article_versions.id'], name=op.f('fk_article_votes_version_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_votes')),
    sa.UniqueConstraint('article_id', 'voter', name=op.f('uq_article_votes_article_id_voter'))
    )
    op.create_index('ix_article_votes_at', 'article_votes', ['article_id', 'at'])
    op.create_table('ticket_articles',
    sa.Column('ticket_id', BIG_ID, nullable=False),
    sa.Column('article_id', BIG_ID, nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.CheckConstraint("way IN ('linked', 'sent', 'written', 'solved')", name=op.f('ck_ticket_articles_way')),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_ticket_articles_article_id'),
                            ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_ticket_articles_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_articles_ticket_id'),
                            ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', 'article_id', 'way', name=op.f('pk_ticket_articles'))
    )
    op.create_index(op.f('ix_ticket_articles_article_id'), 'ticket_articles', ['article_id'])


def downgrade() -> None:
    with op.batch_alter_table('articles') as batch:
        batch.drop_constraint(op.f('fk_articles_latest_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_articles_published_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_articles_scheduled_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_articles_translated_id'), type_='foreignkey')
    op.drop_table('ticket_articles')
    op.drop_table('article_votes')
    op.drop_table('article_uses')
    op.drop_table('article_versions')
    op.drop_table('article_teams')
    op.drop_table('article_tags')
    op.drop_table('article_reads')
    op.drop_table('article_files')
    op.drop_table('searches')
    op.drop_table('articles')
    op.drop_table('synonym_groups')
    op.drop_table('index_changes')
    op.drop_table('article_categories')
