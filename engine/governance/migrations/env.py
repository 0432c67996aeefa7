"""Called by alembic, with the connection that the ledger hands over; the ledger's own transaction holds it all."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
