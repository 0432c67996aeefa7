"""Brings an older ledger up to date, by alembic."""
