"""Runs migrations: each in one transaction, on SQLite with foreign keys off while tables are rebuilt."""

from alembic import context
from flask import current_app

from app.core.db import db

settings = current_app.extensions["migrate"].configure_args


def run() -> None:
    """A batch rebuild of a parent table would cascade into its children, hence foreign keys off and checked after."""
    with db.engine.connect() as connection:
        raw = connection.connection.driver_connection
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        connection.rollback()
        context.configure(connection=connection, target_metadata=db.metadata, transaction_per_migration=True,
                          **settings)
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.rollback()
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            raw.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"rows without their parent after the migration: {broken[:5]}")


run()
