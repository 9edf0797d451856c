"""One migration head, equal to the models, and the way down works."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.core import schema
from app.core.db import db


def test_one_head():
    assert len(ScriptDirectory(str(schema.FOLDER)).get_heads()) == 1


def test_the_migrations_make_what_the_models_say(desk):
    context = MigrationContext.configure(db.session.connection(), opts={"compare_type": True,
                                                                         "include_name": schema.is_modelled})
    assert compare_metadata(context, db.metadata) == []
